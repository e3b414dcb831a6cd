// SPDX-License-Identifier: BSL-1.0
// Documents by name, from the files of a folder.
#pragma once

#include <weir/resolve.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

namespace weir {

/// A resolver of NAME.yaml, NAME.yml or NAME.json by identifier, and of a template with a version
/// of NAME-VERSION.yaml and so on before. It reads nothing outside of the folder, and knows no
/// values.
///
///     weir::plan::load_with(document, {}, weir::folder("pipelines"));
class folder {
public:
    explicit folder(std::filesystem::path place) : place_(std::move(place)) {}

    resolution operator()(const reference& wanted) const {
        if (wanted.kind() > reference_kind::input_set)
            return std::nullopt;
        const std::string name(wanted.identifier());
        if (!wanted.version().empty()) {
            std::optional<document> found = named(name + "-" + std::string(wanted.version()));
            if (found)
                return found;
        }
        return named(name);
    }

private:
    std::optional<document> named(const std::string& name) const {
        if (name.find('/') != std::string::npos)
            return std::nullopt;
        for (const char* ending : {".yaml", ".yml", ".json"}) {
            const std::filesystem::path file = place_ / (name + ending);
            std::error_code none;
            if (!std::filesystem::is_regular_file(file, none))
                continue;
            std::ifstream in(file, std::ios::binary);
            std::string text{std::istreambuf_iterator<char>(in), {}};
            if (in.bad() || !in.is_open())
                return std::nullopt;
            return document{std::move(text), file.string()};
        }
        return std::nullopt;
    }

    std::filesystem::path place_;
};

}  // namespace weir
