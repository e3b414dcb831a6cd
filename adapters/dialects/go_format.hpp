// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::dialects {

// [any] What Go's fmt.Sprintf makes of a format and one whole number: its verbs, flags, width and
// precision for numbers, and its marks where a format is wrong ("%!s(int=5)", "%!(EXTRA int=5)").
// Widths beyond 1,000,000 are such a mistake to Go as well.
[[nodiscard]] std::string go_format(std::string_view format, std::int64_t number);

}  // namespace weir::dialects
