// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// What a failure strategy says about a failure at `a`: the step's own, then the groups' around it,
// then the stage's. Null: nothing.
[[nodiscard]] const plan::failure_action* action_for(const activation& a, const failure&) noexcept;

// Ends a step's, or another node's, failure when no retry is left: asks the failure strategies and
// says how the node ends. When it stays a failure, every barrier that will now not be reached
// breaks at once. What is not a try of a step is not tried again: what follows the Retry decides.
// [worker]
[[nodiscard]] outcome fail(activation& a, failure why);
[[nodiscard]] outcome fail(activation& a, failure why, const plan::failure_action* action);

// A group that was to be tried again is not: what was lost in it is lost for good. [lane]
void lose_after_tries(activation& group) noexcept;

// How a step ends of which the host says that it was cancelled: no strategy is asked. [lane]
[[nodiscard]] outcome cancelled_by_host(activation& step);

// How a stage or group ends whose own clock ran out. [lane]
[[nodiscard]] outcome after_own_clock(activation& a);

// Puts into a node's finish what its kind and its failure have to tell.
void describe_end(const activation& a, event& e);

// Does what follows go on as if nothing had failed?
[[nodiscard]] bool forgives(plan::action_kind) noexcept;

}  // namespace weir::runs
