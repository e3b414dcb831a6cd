// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <string>

namespace weir::runs {

// What is under way in a run and what it waits for, as one JSON object: docs/events.md. No root:
// nothing is any more. [own stack]
[[nodiscard]] std::string snapshot_of(run&, activation* root);

}  // namespace weir::runs
