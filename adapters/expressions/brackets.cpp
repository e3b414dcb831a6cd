// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/brackets.hpp"

#include <algorithm>
#include <array>

namespace weir::expressions {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t look_ahead = 512;

bool blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool opens(std::string_view text, std::size_t i) noexcept {
    return text[i] == '<' && i + 1 < text.size() && text[i + 1] == '+';
}

bool starts_operand(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_$\"'(<!-."}.find(c) != npos;
}

bool closes_later(std::string_view text, std::size_t from, std::size_t open) noexcept {
    const std::size_t end = std::min(text.size(), from + look_ahead);
    for (std::size_t i = from; i < end && text[i] != '\n'; ++i) {
        if (opens(text, i)) ++open;
        else if (text[i] == '>' && --open == 0) return true;
    }
    return false;
}

bool compares(std::string_view text, std::size_t at, std::size_t open) noexcept {
    if (at == 0 || !blank(text[at - 1]) || at + 1 >= text.size()) return false;
    std::size_t next = at + 1;
    if (text[next] == '=') ++next;
    else if (!blank(text[next])) return false;
    while (next < text.size() && blank(text[next])) ++next;
    return next < text.size() && starts_operand(text[next]) && closes_later(text, next, open);
}

}  // namespace

std::size_t closing(std::string_view text, std::size_t open) noexcept {
    struct level {
        char quote = 0;
        std::size_t brackets = 0;
    };
    std::array<level, deepest> levels{};
    std::size_t depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        const char c = text[i];
        if (opens(text, i)) {
            if (depth == deepest) return npos;
            levels[depth++] = {};
            ++i;
            continue;
        }
        level& here = levels[depth - 1];
        if (here.quote != 0) {
            if (c == '\\') ++i;
            else if (c == here.quote) here.quote = 0;
        } else if (c == '"' || c == '\'') {
            here.quote = c;
        } else if (c == '(' || c == '[') {
            ++here.brackets;
        } else if ((c == ')' || c == ']') && here.brackets > 0) {
            --here.brackets;
        } else if (c == '>' && here.brackets == 0 && !compares(text, i, depth)) {
            if (--depth == 0) return i;
        }
    }
    return npos;
}

}  // namespace weir::expressions
