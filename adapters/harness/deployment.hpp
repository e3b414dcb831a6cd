// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// A Deployment stage's services, environments and infrastructures: where it lists several, the
// stage becomes a loop over them (SEMANTICS.md, section 4), of which each turn is one service in
// one infrastructure. `strategy_key` is the stage's own `strategy`, which cannot stand beside that.
void read_deployment(context&, yaml::value spec, yaml::value strategy_key, plan::node_index stage);

}  // namespace weir::harness
