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

}  // namespace weir::runs
