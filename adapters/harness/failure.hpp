// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Reads `failureStrategies` into a node's extras, by the rules of SEMANTICS.md, section 5: an error
// kind once in a list, AllErrors alone in its strategy, no Retry in what follows a Retry.
void read_failure_strategies(context&, yaml::value, plan::node_index);

}  // namespace weir::harness
