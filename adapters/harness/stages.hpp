// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Reads the list of stages of a pipeline into nodes below `pipeline`.
void read_stages(context&, yaml::value, plan::node_index pipeline);

}  // namespace weir::harness
