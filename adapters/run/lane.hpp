// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// Walks a node and all that follows one another below it, on the calling lane, and ends the
// activation. No recursion: however deep the plan, a parked lane keeps to one page. [lane]
outcome walk(activation& base) noexcept;

// The child's activation, with its path and its members. [worker]
activation& begin_child(activation& parent, const plan::node& child);

}  // namespace weir::runs
