// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Tells of what a stage's spec has beside `execution` that multiplies the stage or adds steps to
// it, which this version does not run: several services or environments, environment groups,
// provisioner steps.
void refuse_fan_out(context&, yaml::value spec);

}  // namespace weir::harness
