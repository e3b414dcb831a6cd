// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::harness {

// What `<+input>` and the modifiers behind it say.
struct input_text {
    std::optional<std::string> fallback;  // .default(x)
    std::vector<std::string> allowed;     // empty: anything
    bool many = false;                    // several of the allowed, separated by commas
    std::string pattern;                  // .regex(x); "": any text
    bool while_running = false;           // .executionInput()
    std::string fault;                    // not empty: a modifier that cannot be understood
    std::vector<std::pair<std::string, std::string>> modifiers;  // names, and as they are written
};

[[nodiscard]] input_text parse_input(std::string_view text);

// Is a given value one of those allowed?
[[nodiscard]] bool allows(const input_text&, std::string_view value);

// Does a given value fit the pattern as a whole? Values with expressions do, and so does everything
// where the pattern is longer than 1 KiB, the value longer than 4 KiB, or the pattern in a notation
// that ECMAScript does not have: the host checks that. Takes time in proportion to both.
[[nodiscard]] bool fits_pattern(const input_text&, std::string_view value);

// What is asked for where a template asks with `asked` and its user with `given`: the user's
// modifiers, and those of the template that the user's lack. A template's default stands, unless it
// has `.executionInput()`.
[[nodiscard]] std::string merged_input(std::string_view asked, std::string_view given);

}  // namespace weir::harness
