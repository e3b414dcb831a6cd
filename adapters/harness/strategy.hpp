// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Reads a `strategy` (SEMANTICS.md, section 3) into a node's extras. `key` is where the word
// stands.
void read_strategy(context&, yaml::value key, yaml::value, plan::node_index);

}  // namespace weir::harness
