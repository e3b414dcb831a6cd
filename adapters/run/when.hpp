// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// none: the node's turn has come. Otherwise how it ends without running: skipped because its `when`
// does not hold, failed when the condition cannot be evaluated, cancelled when its lane was
// interrupted. A loop's status is looked at once, its condition in each turn. [lane]
[[nodiscard]] outcome may_run(activation&);

// The same for a loop's `strategy.when`.
[[nodiscard]] outcome may_loop(activation&);

}  // namespace weir::runs
