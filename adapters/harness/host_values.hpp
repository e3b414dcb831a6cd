// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Asks the resolver for what the document's expressions name that only the host knows, each name
// once, the whole name before its parts (`infra.a.b`, `infra.a`, `infra`), and keeps the answers in
// the plan. What it does not give, and what the document itself does not say (`pipeline.tags`,
// `org.identifier`, `inputSet` ...), is missing in the run.
void ask_for_values(context&, const yaml::document&, yaml::value pipeline);

}  // namespace weir::harness
