// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/json_fwd.hpp"

#include <string_view>

namespace weir::harness {

// Reads a list of variables (name, type, value, default) into an object from names to values:
// texts, and numbers for type Number; expressions and inputs that nobody gave stay text.
[[nodiscard]] json read_variables(context&, std::string_view whose, yaml::value);

}  // namespace weir::harness
