// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/loops.hpp"

#include <unordered_map>

namespace weir::harness {

// What the plan's loops come to, by node; nodes without a loop are not in it.
using loop_table = std::unordered_map<plan::node_index, plan::planned_loop>;

// What can be told only once the whole tree stands. Adds findings.
void check_structure(context&);

// The parts of it. Strategies that come to nothing, or to nothing sensible:
[[nodiscard]] loop_table check_loops(context&);
// No two nodes of one level have the same path, loop instances included.
void check_identifiers(context&, const loop_table&);
// Lanes, normal and rollback flow, uses, conditions.
void check_barriers(context&, const loop_table&);

}  // namespace weir::harness
