// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace weir::runner {

code_point first_code_point(std::string_view text) noexcept {
    constexpr code_point invalid{U'\uFFFD', 1, false};
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
        return invalid;
    char32_t value = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0) != 0x80)
            return invalid;
        value = (value << 6) | (at(i) & 0x3F);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return invalid;
    return {value, length, true};
}

void append_utf8(std::string& to, char32_t value) {
    const auto put = [&to](char32_t byte) { to.push_back(static_cast<char>(byte)); };
    if (value < 0x80)
        return put(value);
    if (value < 0x800) {
        put(0xC0 | value >> 6);
    } else {
        if (value < 0x10000) {
            put(0xE0 | value >> 12);
        } else {
            put(0xF0 | value >> 18);
            put(0x80 | (value >> 12 & 0x3F));
        }
        put(0x80 | (value >> 6 & 0x3F));
    }
    put(0x80 | (value & 0x3F));
}

namespace {

struct range {
    char32_t first, last;
};

// Of the Unicode tables, what people write in names and logs.
constexpr std::array<range, 8> combining{{{0x300, 0x36F},
                                          {0x483, 0x489},
                                          {0x591, 0x5BD},
                                          {0x610, 0x61A},
                                          {0x64B, 0x65F},
                                          {0x200B, 0x200F},
                                          {0x20D0, 0x20F0},
                                          {0xFE00, 0xFE0F}}};
constexpr std::array<range, 11> wide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0x33FF},
                                      {0x3400, 0x4DBF},
                                      {0x4E00, 0x9FFF},
                                      {0xA000, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF}}};

template <std::size_t N>
bool in(const std::array<range, N>& ranges, char32_t value) noexcept {
    return std::ranges::any_of(ranges,
                               [value](range r) { return r.first <= value && value <= r.last; });
}

// The length of the escape sequence that starts `text`.
std::size_t escape_length(std::string_view text) noexcept {
    if (text.size() < 2)
        return text.size();
    std::size_t i = 2;
    if (text[1] == '[') {
        while (i < text.size() && (text[i] < '@' || text[i] > '~'))
            ++i;
        return std::min(i + 1, text.size());
    }
    if (text[1] == ']') {
        while (i < text.size() && text[i] != '\a' && text[i] != '\x1b')
            ++i;
        const std::size_t end = i < text.size() && text[i] == '\x1b' ? 2 : 1;
        return std::min(i + end, text.size());
    }
    return i;
}

}  // namespace

std::size_t cells_of(char32_t value) noexcept {
    if (value < 0x300)
        return 1;
    if (in(combining, value))
        return 0;
    return in(wide, value) || (value >= 0x20000 && value <= 0x3FFFD) ? 2 : 1;
}

std::size_t cells(std::string_view text) noexcept {
    std::size_t sum = 0;
    while (!text.empty()) {
        const code_point c = first_code_point(text);
        sum += cells_of(c.value);
        text.remove_prefix(c.bytes);
    }
    return sum;
}

std::string clipped(std::string_view text, std::size_t width) {
    if (text.size() <= width || cells(text) <= width)
        return std::string{text};
    if (width == 0)
        return {};
    std::size_t used = 0, end = 0;
    while (end < text.size()) {
        const code_point c = first_code_point(text.substr(end));
        if (used + cells_of(c.value) > width - 1)
            break;
        used += cells_of(c.value);
        end += c.bytes;
    }
    return std::string{text.substr(0, end)} + "…";
}

std::string printable(std::string_view bytes) {
    std::string clean;
    clean.reserve(bytes.size());
    while (!bytes.empty()) {
        const code_point c = first_code_point(bytes);
        std::size_t used = c.bytes;
        if (c.value == 0x1B) {
            used = escape_length(bytes);
        } else if (c.value == '\t') {
            clean.push_back(' ');
        } else if (c.value >= 0x20 && (c.value < 0x7F || c.value >= 0xA0)) {
            append_utf8(clean, c.value);
        }
        bytes.remove_prefix(used);
    }
    return clean;
}

}  // namespace weir::runner
