// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Reads the pipeline that a stage of type Pipeline runs, as it was assembled, into a node below the
// stage's.
void read_child(context&, yaml::value stage, plan::node_index at);

}  // namespace weir::harness
