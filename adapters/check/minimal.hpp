// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace weir::check {

// With every lock for the asking.
[[nodiscard]] bool is_stuck(const occurrences&, const scenario&);

// Unknowns of which nobody can say that they are at their worst when they hold: a party of a
// barrier with a quorum may be needed to reach it; and who waits at a barrier is not at a lock.
[[nodiscard]] std::vector<std::uint32_t> two_sided(const occurrences&, const scenario& worst);

// What is to be looked at: all that the two-sided unknowns may be together, the others at their
// worst. When that is more than `most`, some of it, and `all` says so. The first one is `worst`.
struct sides {
    std::vector<scenario> tried;
    bool all = true;
};
[[nodiscard]] sides sides_of(const scenario& worst, const std::vector<std::uint32_t>& two_sided,
                             std::uint64_t most);

// Of a scenario that gets stuck: as few of its unknowns as will do, none of which can be left out,
// with the least sizes. Those that are `fixed` stay.
[[nodiscard]] scenario minimal(const occurrences&, const scenario& stuck,
                               const std::vector<std::uint32_t>& fixed,
                               const std::function<bool(const scenario&)>& is_stuck);

// The least number of slots of a node's loops with which a scenario completes; 0: none does.
[[nodiscard]] std::uint64_t least_that_completes(occurrences&, const scenario&,
                                                 plan::node_index loop);

}  // namespace weir::check
