// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/roster.hpp"

namespace weir::runs {

// The next node of the tree below `top` that is not below `at`; null after the last.
[[nodiscard]] inline roster_node* next_beside(roster_node* at, const roster_node* top) noexcept {
    while (at != top) {
        if (at->next)
            return at->next;
        at = const_cast<roster_node*>(static_cast<const roster_node*>(at->parent));
    }
    return nullptr;
}

// The next node at or below `top`, parents first.
[[nodiscard]] inline roster_node* next_below(roster_node* at, const roster_node* top) noexcept {
    return at->first ? at->first : next_beside(at, top);
}

// Is it a turn of a loop that runs one after another: a round of a lane around it?
[[nodiscard]] bool is_round(const roster_node& turn) noexcept;

}  // namespace weir::runs
