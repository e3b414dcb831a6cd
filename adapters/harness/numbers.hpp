// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/strategy.hpp"

#include <cstdint>
#include <string_view>

namespace weir::harness {

// A whole number between `least` and `most`, quoted or not; tells and gives `least` when it is
// none.
[[nodiscard]] std::int64_t read_count(context&, std::string_view what, yaml::value,
                                      std::int64_t least, std::int64_t most);

// A number given outright or by an expression. Not given: no value.
[[nodiscard]] plan::amount read_amount(context&, std::string_view what, yaml::value,
                                       std::int64_t least);

}  // namespace weir::harness
