// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/methods.hpp"
#include "adapters/plan/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

// [any] What stands at `path`: `$.a.b[0]["c-d"]`, with or without `$.`; `*` takes every member.
// False and `error` for anything beyond that (filters, slices, `..`). Nothing there: true, and
// nothing found.
[[nodiscard]] bool select(const json& document, std::string_view path, budget& work,
                          std::vector<json>& found, std::string& error);

}  // namespace weir::expressions
