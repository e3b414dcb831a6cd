// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::runner {

struct code_point {
    char32_t value = 0;  // U+FFFD when not valid
    std::size_t bytes = 1;
    bool valid = false;
};

// The first code point of `text`, which is not empty. An invalid byte counts as one.
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

void append_utf8(std::string& to, char32_t value);

// Terminal cells: 0 for combining marks, 2 for wide scripts and emoji, else 1.
[[nodiscard]] std::size_t cells_of(char32_t value) noexcept;
[[nodiscard]] std::size_t cells(std::string_view text) noexcept;

// `text`, cut to `width` cells; what was cut ends in an ellipsis.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t width);

// What may go to a terminal: escape sequences and control characters dropped, a tab as a space,
// invalid bytes as U+FFFD.
[[nodiscard]] std::string printable(std::string_view bytes);

}  // namespace weir::runner
