// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::harness {

// What `<+input>` and the modifiers behind it say.
struct input_text {
    std::optional<std::string> fallback;  // .default(x)
    std::vector<std::string> allowed;     // empty: anything
    bool many = false;                    // several of the allowed, separated by commas
    bool while_running = false;           // .executionInput()
    std::string fault;                    // not empty: a modifier that cannot be understood
};

[[nodiscard]] input_text parse_input(std::string_view text);

// Is a given value one of those allowed?
[[nodiscard]] bool allows(const input_text&, std::string_view value);

}  // namespace weir::harness
