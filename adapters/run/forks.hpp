// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// A parallel: a lane for each entry, and waits for all of them. [lane]
[[nodiscard]] outcome run_parallel(activation&);

// A looped node: a lane for each turn, at most `maxConcurrency` at a time, and waits for all of
// them. [lane]
[[nodiscard]] outcome run_loop(activation&);

}  // namespace weir::runs
