// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/strategy.hpp"

#include <string_view>

namespace weir::harness {

// A value as a loop hands it out: scalars as the text that stands there, maps and lists as JSON.
// Null, with a finding, when there is nothing.
[[nodiscard]] json read_loop_value(context&, std::string_view what, yaml::value);

// A list of such values: a YAML list, a text that holds a JSON list, or an expression that will
// give one.
[[nodiscard]] plan::value_list read_value_list(context&, std::string_view what, yaml::value);

}  // namespace weir::harness
