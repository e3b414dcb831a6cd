// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

// [any] Replaces `value` by its member `name`: of an object, of a list by number, of a text that
// holds JSON. False, and what was there instead in `error`; `value` is then spoilt.
[[nodiscard]] bool step_into(json& value, std::string_view name, std::string& error);

// [any] "`a.b`": the first `count` parts as one would write them.
[[nodiscard]] std::string written(const std::vector<std::string_view>& path, std::size_t count);

// [any] "; it has `x`, `y`" for an object with members, else nothing.
[[nodiscard]] std::string members_of(const json& value);

}  // namespace weir::expressions
