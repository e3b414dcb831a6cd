// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Reads `flowControl`: the barriers that the pipeline declares, into the plan.
void read_flow_control(context&, yaml::value);

// Reads the spec of a Barrier step: its reference goes to context::barriers, its position becomes
// the node's.
void read_barrier_step(context&, yaml::value step, yaml::value spec, plan::node_index);

// Once everything is read: gives every Barrier node its index, or tells that nothing declares it.
void resolve_barriers(context&);

}  // namespace weir::harness
