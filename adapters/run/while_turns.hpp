// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// The turns of a `while`, one after another, for as long as its condition holds and at most so
// many as `turns` has. The condition sees the loop's names, the index of the turn that it asks
// for, and what the turn before it left: `<+step.output...>` is that turn's. [lane]
[[nodiscard]] outcome run_while(activation& loop, const plan::expansion& turns, fork& lanes);

}  // namespace weir::runs
