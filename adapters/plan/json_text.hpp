// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::plan {

// [own stack, any] A value as text: a text as it stands, a number, true, false, null, and lists and
// objects as compact JSON.
[[nodiscard]] std::string text_of(const json& value);

struct json_limits {
    std::size_t bytes = std::size_t{16} << 20;
    std::size_t depth = 64;          // nlohmann writes and copies by recursion
    std::size_t members = 16'384;    // of one object: insertion is linear in them
};

// [own stack, any] Reads JSON that may come from anybody. False, and `error`, when it is not JSON
// or beyond the limits; never throws.
[[nodiscard]] bool parse_json(std::string_view text, json& value, std::string& error,
                              const json_limits& limits = {});

}  // namespace weir::plan
