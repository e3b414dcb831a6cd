// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/strategy.hpp"

namespace weir::harness {

// Reads a `strategy` (SEMANTICS.md, section 3) into a node's extras. `key` is where the word
// stands.
void read_strategy(context&, yaml::value key, yaml::value, plan::node_index);

// What every loop may have: `when`, `onFailure`, `slotWhileWaiting`.
void read_loop_policies(context&, yaml::value when, yaml::value on_failure, yaml::value slots,
                        plan::strategy&);

}  // namespace weir::harness
