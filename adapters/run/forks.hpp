// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <vector>

namespace weir::runs {

// A parallel: a lane for each entry, and waits for all of them. [lane]
[[nodiscard]] outcome run_parallel(activation&);

// The same for lanes that have been made. [lane]
[[nodiscard]] outcome run_lanes(activation&, const std::vector<activation*>& bases);

// A looped node: a lane for each turn, at most `maxConcurrency` at a time, and waits for all of
// them. [lane]
[[nodiscard]] outcome run_loop(activation&);

// A loop that waits for a slot for its next turn does so no more: that turn does not begin.
// [worker]
void end_wait_for_slot(activation& loop) noexcept;

// Whether the turns of a loop with a cap give their slots back while they wait. Those that bring
// their lane to a cyclic barrier, one by one, do not: the next would overtake.
[[nodiscard]] bool gives_slots_back(const run&, const plan::node& loop, std::uint64_t cap);

// Parts of these two, for other nodes that have lanes of their own. [lane]
//
// Starts a lane that walks `base`; `lanes` waits for its end. A lane for which there is no memory
// fails at once.
void start_lane(activation& base, fork& lanes) noexcept;
// Waits until all of them have ended.
void await(activation& a, fork& lanes) noexcept;
// How a node ends all of whose lanes have ended.
[[nodiscard]] outcome ended_fork(const activation& a);

}  // namespace weir::runs
