// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::harness {

// [any] Reads Harness's notation of durations: numbers with the units w, d, h, m, s, ms, each at
// most once and the larger first, blanks between them allowed ("1w 2d", "1h0m0s"). Milliseconds;
// nothing, and why, when it is none.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text, std::string& why);

// A timeout: 0 for none given, "" included. What cannot be read is told.
[[nodiscard]] std::int64_t read_timeout(context&, yaml::value);

// A duration that must stand there, as in retryIntervals; 0s is allowed.
[[nodiscard]] std::int64_t read_duration(context&, std::string_view what, yaml::value);

}  // namespace weir::harness
