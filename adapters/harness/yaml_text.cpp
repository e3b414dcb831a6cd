// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_text.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace weir::harness::yaml {

namespace {

// The length of the UTF-8 sequence at `p`, or 0: overlong forms, surrogates and what lies beyond
// U+10FFFF are none.
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < left && p[i] >= low && p[i] <= high;
    };
    const unsigned c = p[0];
    if (c < 0x80) {
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF) {
        return follows(1) ? 2 : 0;
    }
    if (c >= 0xE0 && c <= 0xEF) {
        const unsigned low = c == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = c == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        const unsigned low = c == 0xF0 ? 0x90 : 0x80;
        const unsigned high = c == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

bool forbidden_control(unsigned char c) noexcept {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

bool eight_plain_bytes(const char* p) noexcept {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = ones * 0x80;
    const std::uint64_t below_space = (word - ones * 0x20) & ~word & tops;
    const std::uint64_t delete_bytes = word ^ (ones * 0x7F);
    return ((word & tops) | below_space | ((delete_bytes - ones) & ~delete_bytes & tops)) == 0;
}

std::string hex(unsigned char c) {
    char out[8];
    std::snprintf(out, sizeof out, "0x%02X", c);
    return out;
}

std::string encoding_help(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return "this looks like UTF-16: save the document as UTF-8";
    }
    return "save the document as UTF-8";
}

}  // namespace

plan::span position_of(std::string_view text, std::size_t offset) noexcept {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
        const unsigned char c = static_cast<unsigned char>(text[i]);
        if (c == '\n' || (c == '\r' && !text.substr(i + 1).starts_with('\n'))) {
            ++line;
            column = 1;
        } else if ((c & 0xC0) != 0x80 && c != '\r') {
            ++column;
        }
    }
    return {0, line, column, line, column + 1};
}

std::optional<text_fault> check_text(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        if (i + 8 <= text.size() && eight_plain_bytes(text.data() + i)) {
            i += 8;
            continue;
        }
        const auto* p = reinterpret_cast<const unsigned char*>(text.data()) + i;
        const std::size_t length = sequence_length(p, text.size() - i);
        if (length == 0) {
            return text_fault{position_of(text, i), "the byte " + hex(*p) + " is not UTF-8 here",
                              encoding_help(text)};
        }
        if (forbidden_control(*p)) {
            return text_fault{position_of(text, i),
                              "the control character " + hex(*p) + " is not allowed in YAML",
                              "is this a text file?"};
        }
        i += length;
    }
    return std::nullopt;
}

bool too_many_directives(std::string_view text) noexcept {
    std::size_t count = text.starts_with('%') ? 1 : 0;
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p < end && count <= directive_limit) {
        p = static_cast<const char*>(std::memchr(p, '%', static_cast<std::size_t>(end - p)));
        if (!p) {
            break;
        }
        if (p > text.data() && (p[-1] == '\n' || p[-1] == '\r')) {
            ++count;
        }
        ++p;
    }
    return count > directive_limit;
}

}  // namespace weir::harness::yaml
