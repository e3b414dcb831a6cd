// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <cstdint>

namespace weir::runs {

inline constexpr std::int64_t nanoseconds_a_millisecond = 1'000'000;

// A node's timeout as the document gives it, else ten hours (SEMANTICS.md, "Timers").
[[nodiscard]] std::int64_t timeout_ns(const activation&) noexcept;

// Evaluates a timeout that is known only now. Where it gives no duration the node fails, and this
// is how; else none. [lane]
[[nodiscard]] outcome take_timeout(activation&);

// The clock of a stage, group, loop turn or pipeline, and of a wait for a lock. Steps and Barrier
// steps watch their own time.
// [worker]
void start_clock(activation&) noexcept;
void stop_clock(activation&) noexcept;

// All clocks at and below `top`, and of all barriers, stand still, and go on later as if no time
// had passed: the run is paused. [worker]
void hold_clocks(activation& top) noexcept;
void release_clocks(activation& top, std::int64_t stood_ns) noexcept;

// The same for a turn that waits for a slot: those of its stages and groups. [worker]
void hold_clocks_for_slot(activation& turn) noexcept;
void release_clocks_for_slot(activation& turn) noexcept;

}  // namespace weir::runs
