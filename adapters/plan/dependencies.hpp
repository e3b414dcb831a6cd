// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <string>
#include <vector>

namespace weir::plan {

// [any, never blocks] Children of a graph each of which waits for the next, and the last for the
// first; empty when there are none such. Takes time by the number of children and dependencies.
[[nodiscard]] std::vector<node_index> dependency_cycle(const plan&, node_index graph);

// "`a` waits for `b` waits for `a`", shortened where it is long.
[[nodiscard]] std::string chain_of(const plan&, const std::vector<node_index>& cycle);

}  // namespace weir::plan
