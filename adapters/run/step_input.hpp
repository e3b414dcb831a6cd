// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <cstdint>
#include <string>

namespace weir::runs {

// What the host needs to carry out a step, as JSON (docs/steps.md), with every expression resolved.
// False and `error` when one cannot be. [own stack]
[[nodiscard]] bool step_input(const activation&, std::uint32_t attempt, std::string& input,
                              std::string& error);

}  // namespace weir::runs
