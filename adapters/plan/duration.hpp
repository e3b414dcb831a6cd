// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::plan {

// [any, never blocks] Reads a duration as people write it: numbers with the units w, d, h, m, s,
// ms, each at most once and the larger first, blanks between them allowed ("1w 2d", "1h0m0s").
// Milliseconds; nothing, and why, when it is none.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text, std::string& why);

}  // namespace weir::plan
