// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/library.hpp"

namespace weir::harness {

// Reads `flowControl`: the barriers that the pipeline declares, into the plan.
void read_flow_control(context&, yaml::value);

// Reads the spec of a Barrier step: its reference goes to context::barriers, its position becomes
// the node's.
void read_barrier_step(context&, yaml::value step, yaml::value spec, plan::node_index);

// Once everything is read: gives every Barrier node its index, or tells that nothing declares it. A
// reference is looked up in the pipeline where it stands, then in its parents; with `parent.`
// before it, from the parent on. Where the document is only looked at
// (load_options::inputs_may_be_missing), the resolver is asked for pipelines that run `pipeline`,
// which may declare it instead.
void resolve_barriers(context&, library&, yaml::value pipeline);

}  // namespace weir::harness
