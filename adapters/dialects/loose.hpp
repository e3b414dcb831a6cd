// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <string_view>

namespace weir::dialects {

// [any] GitHub's `==`: texts ignore case; values of different types compare as numbers, where null
// is 0, true 1, "" 0, and what spells no number equals nothing.
[[nodiscard]] bool loosely_equal(const json&, const json&);

// [any] Do all scalars within `filter` equal those at their places in `value`? What is not there is
// null.
[[nodiscard]] bool matches(const json& filter, const json& value);

// [any] Equal but for the case of ASCII letters.
[[nodiscard]] bool same_letters(std::string_view, std::string_view) noexcept;

}  // namespace weir::dialects
