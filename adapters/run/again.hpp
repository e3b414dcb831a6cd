// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// Waits the interval before the nth retry, from 0; its slot goes round meanwhile. False: it is not
// to be tried again, since something ended it. [lane]
[[nodiscard]] bool pause_before_retry(activation&, const plan::failure_action& retry,
                                      std::uint32_t nth);

// RetryStepGroup: the group around a failure ends its present try, and begins another. False: there
// is no group, no try left, or a barrier in it is broken, which the failure's message then says.
// [worker]
[[nodiscard]] bool try_group_again(activation& failed, const plan::failure_action& how);

// Whether what goes on at `a` belongs to a try that is given up.
[[nodiscard]] bool is_given_up(const activation& a) noexcept;

// A group whose try is over begins the next one. False: it ended for good meanwhile, and so has
// failed. [lane]
[[nodiscard]] bool begin_again(activation& group);

}  // namespace weir::runs
