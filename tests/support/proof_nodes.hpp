// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/support/proof_record.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace weir::test {

// Nodes, the tries of steps, and slots: what starts ends, once, inside what is around it.
class node_rules {
public:
    void node_started(const record& event);
    void node_finished(const record& event);
    void step_started(const record& event);
    void step_finished(const record& event);
    void slot(std::string_view type, const record& event);
    void end(proof& into) const;

    // Whether a step group around it was tried again later: "a/g/x", then "a/g/#2/x".
    [[nodiscard]] bool tried_again(std::string_view path) const;

    // Line of a node's start; 0 when it did not start.
    [[nodiscard]] std::size_t started_at(const std::string& path) const;

private:
    struct node {
        std::size_t started = 0;
        std::size_t finished = 0;
        std::size_t open_children = 0;
        std::int64_t attempts = 0;
        bool trying = false;
        std::string kind;
    };
    struct slot_state {
        std::size_t line = 0;
        bool waiting = false, held = false;
    };

    node* nearest_above(std::string_view path);
    void check_slots(const std::string& path, const record& event) const;

    std::unordered_map<std::string, node> nodes_;
    std::unordered_set<std::string> above_;  // paths that something below has started
    std::unordered_map<std::string, slot_state> slots_;
};

}  // namespace weir::test
