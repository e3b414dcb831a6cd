// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <cstdint>

namespace weir::runs {

inline constexpr std::int64_t nanoseconds_a_millisecond = 1'000'000;

// A node's timeout as the document gives it, else ten hours (SEMANTICS.md, "Timers").
[[nodiscard]] std::int64_t timeout_ns(const plan::node&) noexcept;

// The clock of a stage, group, loop turn or pipeline, and of a wait for a lock. Steps and Barrier
// steps watch their own time.
// [worker]
void start_clock(activation&) noexcept;
void stop_clock(activation&) noexcept;

// All clocks at and below `top` stand still, and go on later as if no time had passed. [worker]
void hold_clocks(activation& top) noexcept;
void release_clocks(activation& top, std::int64_t stood_ns) noexcept;

}  // namespace weir::runs
