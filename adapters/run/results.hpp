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

    // A child's, as JSON: by the path of the stage that runs it.
    void record_inputs(std::string_view path, std::string inputs) {
        inputs_[path] = std::move(inputs);
    }
    [[nodiscard]] const std::string* inputs_of(std::string_view path) const {
        const auto found = inputs_.find(path);
        return found == inputs_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] const result* find(std::string_view path) const {
        const auto found = by_path_.find(path);
        return found == by_path_.end() ? nullptr : &found->second;
    }

private:
    std::unordered_map<std::string_view, result> by_path_;
    std::unordered_map<std::string_view, std::string> inputs_;
};

}  // namespace weir::runs
