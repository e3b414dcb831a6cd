// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// The mapping that holds a pipeline's keys: the value of `pipeline:`, or the root where they stand
// there (told as a warning). No value, with a finding that says what the document is instead, when
// there is none.
[[nodiscard]] yaml::value find_pipeline(context&, yaml::value root);

// Reads a pipeline's keys into a node of that kind; context::scope is that node.
void read_pipeline(context&, yaml::value, plan::node_index);

}  // namespace weir::harness
