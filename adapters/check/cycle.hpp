// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// What holds somebody up: a barrier that does not open, or a lock that others hold.
struct obstacle {
    bool lock = false;
    std::uint32_t which = none;  // meeting or key

    auto operator<=>(const obstacle&) const = default;
};

// Why an obstacle stays: `owed` is what would move it, a party of the barrier or the lock's holder,
// and `waiter`, which waits at the next obstacle, keeps that from happening.
struct edge {
    enum class because : std::uint8_t {
        comes_after,  // the party comes after the waiter in a sequence, or graph
        no_slot,      // the party is in a turn that gets no slot; the waiter keeps one
        undecided,    // whether its rollback section will run is known once the waiter is through
        holds_lock,   // the waiter is in the holder, which gives the lock back at its end
    };
    obstacle from, to;
    because why = because::comes_after;
    occurrence_index owed = none;
    occurrence_index waiter = none;
    occurrence_index around = none;  // where both are: the sequence, loop, section, holder
};

// The shortest cycle of obstacles that keep each other up, beginning with the one that stands first
// in the plan: each edge's `to` is the next one's `from`. Empty when nothing is stuck, or somebody
// asks for more of a lock than there is.
[[nodiscard]] std::vector<edge> find_cycle(const occurrences&, const symbolic_run& stuck);

}  // namespace weir::check
