// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// Arrives at the barrier and waits for its decision: released and voided barriers let it pass, a
// broken one fails it with the kind BarrierBroken and the reason, culprit and missing parties.
// [lane]
[[nodiscard]] outcome run_barrier_step(activation&);

// Tells a decision, before anyone is woken by it. [worker]
void tell_decision(fibers::barrier_core&, const fibers::decision&) noexcept;

// A party of a barrier with a quorum has fallen out, by its own deadline. [worker]
void tell_lost(fibers::barrier_core&, fibers::party&, fibers::reason) noexcept;

// Runs the barrier's onRelease steps, in a lane of their own, before anyone goes on. [worker]
void begin_release(fibers::barrier_core&) noexcept;

// Such steps have ended: why they failed, if they did. [lane]
void note_release(const activation& steps) noexcept;

// Those that are under way below a pipeline have ended. [lane]
void await_releases(activation& pipeline) noexcept;

}  // namespace weir::runs
