// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::runs {

// How the nodes that have ended did, by path, for expressions that ask later.
class results {
public:
    struct result {
        outcome how = outcome::none;  // none: it goes on
        bool turn_failed = false;     // of a loop: one of its turns did
        // Of a stage or a pipeline, the worst of what is in it so far: without and with loops.
        outcome current = outcome::none, live = outcome::none;
        std::uint32_t retries = 0;  // of a step
        std::string outputs;        // a JSON object, or empty
    };

    // `path` must outlive this. A later entry of the same path replaces.
    void record(std::string_view path, outcome how) { by_path_[path].how = how; }
    void record_outputs(std::string_view path, std::string outputs) {
        by_path_[path].outputs = std::move(outputs);
    }

    void record_retries(std::string_view path, std::uint32_t count) {
        by_path_[path].retries = count;
    }
    void record_loop(std::string_view path) { by_path_[path] = {}; }
    void record_failed_turn(std::string_view loop) { by_path_[loop].turn_failed = true; }
    // What was no success, below a stage or a pipeline.
    void record_below(std::string_view path, outcome how, bool in_loop) {
        auto& of = by_path_[path];
        of.live = worse(of.live, how);
        if (!in_loop)
            of.current = worse(of.current, how);
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
