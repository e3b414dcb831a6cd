// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Puts the values of load_options::variables where the pipeline has `<+input>`, and over the values
// of its variables. An input is named by its variable's name or by its path of identifiers, with or
// without the leading `pipeline.`: `stages.deploy.spec.execution.steps.sync.spec.barrierRef`. Where
// nothing is given,
// `.default(x)` or the variable's `default` counts. Values are held against `.allowedValues(...)`,
// `.selectOneFrom(...)` and `.selectManyFrom(...)`; a `.regex(...)` is the host's to check.
//
// False when inputs are missing that may not be: told in one finding that lists them all.
[[nodiscard]] bool apply_inputs(context&, yaml::document&, yaml::value pipeline);

}  // namespace weir::harness
