// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/keys.hpp"

#include <algorithm>
#include <string>

namespace weir::harness {

namespace {

constexpr std::size_t longest_identifier = 128;

bool identifier_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

}  // namespace

void unknown_key(context& c, std::string_view construct, yaml::value key,
                 std::span<const std::string_view> known, std::string_view place) {
    std::string message =
        "`" + std::string{key.text()} + "` is no key of " + std::string{construct};
    std::string help =
        place.empty() ? c.suggestion(key.text(), known) : "it belongs " + std::string{place};
    c.report(plan::code::unknown_key, key.where(), std::move(message), std::move(help));
}

void missing_key(context& c, std::string_view construct, plan::span where, std::string_view key) {
    plan::span begin = where;
    begin.end_line = begin.line;
    begin.end_column = begin.column + 1;
    c.report(plan::code::missing_key, begin,
             std::string{construct} + " has no `" + std::string{key} + "`");
}

std::string_view read_text(context& c, std::string_view what, yaml::value v) {
    if (!v) {
        return {};
    }
    if (!v.is_scalar()) {
        c.wrong_kind(v, what, "text");
        return {};
    }
    return v.text();
}

std::string_view read_identifier(context& c, std::string_view what, yaml::value v) {
    const std::string_view text = read_text(c, what, v);
    if (!v || !v.is_scalar()) {
        return {};
    }
    const bool digit_first =
        !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '$');
    if (text.empty() || text.size() > longest_identifier || digit_first ||
        !std::all_of(text.begin(), text.end(), identifier_character)) {
        std::string shown{text.substr(0, longest_identifier)};
        c.report(plan::code::bad_identifier, v.where(),
                 std::string{what} + " `" + shown + "` is not allowed",
                 "letters, digits, `_` and `$`, not beginning with a digit or `$`, at most 128");
    }
    return text;
}

}  // namespace weir::harness
