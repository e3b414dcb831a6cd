// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/plan.hpp"

namespace weir::check {

// Warns of barriers in rollback steps that no failure strategy ever starts. [own stack]
void remark_on_rollbacks(const plan::plan&, plan::diagnostics&);

}  // namespace weir::check
