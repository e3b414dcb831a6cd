// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// A parallel: a lane for each entry, and waits for all of them. [lane]
[[nodiscard]] outcome run_parallel(activation&);

// A looped node: a lane for each turn, at most `maxConcurrency` at a time, and waits for all of
// them. [lane]
[[nodiscard]] outcome run_loop(activation&);

// Parts of these two, for other nodes that have lanes of their own. [lane]
//
// Starts a lane that walks `base`; `lanes` waits for its end. A lane for which there is no memory
// fails at once.
void start_lane(activation& base, fork& lanes);
// Waits until all of them have ended.
void await(activation& a, fork& lanes) noexcept;
// How a node ends all of whose lanes have ended.
[[nodiscard]] outcome ended_fork(const activation& a);

}  // namespace weir::runs
