// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::runs {

// How the nodes that have ended did, by path, for expressions that ask later.
class results {
public:
    struct result {
        outcome how = outcome::none;
        std::string outputs;  // a JSON object, or empty
    };

    // `path` must outlive this. A later entry of the same path replaces.
    void record(std::string_view path, outcome how) { by_path_[path].how = how; }
    void record_outputs(std::string_view path, std::string outputs) {
        by_path_[path].outputs = std::move(outputs);
    }

    [[nodiscard]] const result* find(std::string_view path) const {
        const auto found = by_path_.find(path);
        return found == by_path_.end() ? nullptr : &found->second;
    }

private:
    std::unordered_map<std::string_view, result> by_path_;
};

}  // namespace weir::runs
