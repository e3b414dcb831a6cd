// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/library.hpp"

namespace weir::harness {

// Makes one whole of a pipeline and what it refers to, before it is read: templates are put in
// where they are used, input files and named values where inputs are asked for, and the pipelines
// that stages of type Pipeline run are found, with their own templates and inputs, at any depth
// (context::children). What cannot be found, comes back to itself or goes too deep is told. Gives
// the pipeline as it is then.
[[nodiscard]] yaml::value assemble(context&, library&, yaml::document&, yaml::value pipeline);

}  // namespace weir::harness
