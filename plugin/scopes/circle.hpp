// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "plugin/scopes/wait_point.hpp"

namespace weir::plugin {

// Ends the waits of a circle: from each wait_point to the next, through the lane for which it
// waits. Its barriers break in the order of their declaration; without any, the youngest wait ends.
// When there is no memory, they break one after the other along the circle, and say less.
void break_circle(wait_point& first) noexcept;

}  // namespace weir::plugin
