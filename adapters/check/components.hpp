// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/occurrences.hpp"

#include <vector>

namespace weir::check {

// Barrier and lock steps that have to do with each other, each set by itself. A set is what lies
// between a group of siblings that share barriers, locks or slots with nobody outside: whether it
// gets stuck has nothing to do with the rest of the plan, which for its part sees it as a step that
// comes to an end. The plan gets stuck when one of the sets does. Ordered by the first step.
[[nodiscard]] std::vector<std::vector<occurrence_index>> components(const occurrences&);

}  // namespace weir::check
