// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// One who is missing at the barrier, or who holds places at it, may still come as far as can be
// seen at once: something at or around its place goes on.
[[nodiscard]] bool is_awaited(meeting& at) noexcept;

// Its lane waits for other lanes, and nothing has ended that wait yet.
[[nodiscard]] bool waits_for_others(const activation& a) noexcept;

// Searches the run for waits that nothing can end but a timeout, a cancel or a hand, and ends them:
// the barriers of a ring break, in the order in which they were declared; a ring of locks alone is
// ended by fibers::locks. [worker]
void end_stalls(run& of, activation& root);

}  // namespace weir::runs
