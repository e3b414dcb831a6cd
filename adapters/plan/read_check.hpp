// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/read_context.hpp"

namespace weir::plan {

// What no single node shows, of a plan whose nodes stand right: paths that are not unique, a
// barrier twice in one lane, or in both flows of one stage.
void check_paths(read_context&);
void check_lanes(read_context&);

}  // namespace weir::plan
