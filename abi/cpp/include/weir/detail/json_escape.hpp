// SPDX-License-Identifier: BSL-1.0
// What a backslash means in JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::detail {

inline std::uint32_t hexadecimal(std::string_view digits) noexcept {
    std::uint32_t read = 0;
    for (const char c : digits) {
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        read = read << 4 | (static_cast<std::uint32_t>(digit) & 0xf);
    }
    return read;
}

inline void utf8(std::uint32_t code, std::string& into) {
    const auto tail = [&](unsigned shift) {
        into += static_cast<char>(0x80 | (code >> shift & 0x3f));
    };
    if (code < 0x80) {
        into += static_cast<char>(code);
    } else if (code < 0x800) {
        into += static_cast<char>(0xc0 | code >> 6);
        tail(0);
    } else if (code < 0x10000) {
        into += static_cast<char>(0xe0 | code >> 12);
        tail(6), tail(0);
    } else {
        into += static_cast<char>(0xf0 | (code >> 18 & 0x7));
        tail(12), tail(6), tail(0);
    }
}

/// Decodes what follows a backslash, and gives the place of its last character.
inline std::size_t unescape(std::string_view text, std::size_t at, std::string& into) {
    constexpr std::string_view written = "bfnrt", meant = "\b\f\n\r\t";
    if (text[at] == 'u') {
        std::uint32_t unit = hexadecimal(text.substr(at + 1, 4));
        at += 4;
        if (unit >= 0xd800 && unit < 0xdc00 && text.substr(at + 1, 2) == "\\u") {
            unit =
                0x10000 + ((unit - 0xd800) << 10) + (hexadecimal(text.substr(at + 3, 4)) - 0xdc00);
            at += 6;
        }
        utf8(unit, into);
        return at;
    }
    const std::size_t known = written.find(text[at]);
    into += known == std::string_view::npos ? text[at] : meant[known];
    return at;
}

}  // namespace weir::detail
