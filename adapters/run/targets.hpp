// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/plan/json_fwd.hpp"
#include "adapters/run/frame.hpp"

#include <string_view>
#include <vector>

namespace weir::runs {

// `<+service.identifier>`, `<+env.identifier>` and `<+infra.identifier>` (also
// `infra.infraIdentifier`) of the Deployment stage around a place: of the turn where the stage has
// several, else what it names. Anything else of them only the host knows. [own stack]
[[nodiscard]] expressions::found target_of(const frame& at,
                                           const std::vector<std::string_view>& path, json& value,
                                           std::size_t& used);

}  // namespace weir::runs
