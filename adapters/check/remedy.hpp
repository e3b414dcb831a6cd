// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/cycle.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace weir::check {

// What would give a barrier the slots that its parties are short of.
struct remedy {
    // Loops that hold some of them up, and how many slots would do; 0: one for each turn.
    std::vector<std::pair<plan::node_index, std::uint64_t>> raise;
    bool release = true;  // giving slots away while waiting helps, too
    // The loop is the party of another, cyclic barrier: its turns must come one by one.
    plan::node_index by_turns = plan::no_node;
};

// Of a cycle in which turns of a loop get no slot. Leaves the loops as they are.
[[nodiscard]] remedy remedy_for(occurrences&, const scenario&, const std::vector<edge>& cycle);

}  // namespace weir::check
