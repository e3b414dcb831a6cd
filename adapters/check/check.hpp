// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/plan.hpp"

namespace weir::check {

// Will the plan, run alone, get stuck at its barriers? Adds an error with the cycle and the place of each of its
// edges; nothing is added when every order of events completes. Who may pass only ever grows in a run, so one
// symbolic run decides. Conditions that are not constant are taken as true, and a loop of unknown size as one turn; a
// deadlock that hangs on such a condition says so. [own stack]
void check(const plan::plan&, plan::diagnostics&);

}  // namespace weir::check
