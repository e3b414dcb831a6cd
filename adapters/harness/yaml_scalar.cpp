// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_scalar.hpp"

#include <charconv>

namespace weir::harness::yaml {

namespace {

constexpr std::size_t exact_digits = 18;

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::size_t skip_digits(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && digit(text[at])) {
        ++at;
    }
    return at;
}

bool is_number(std::string_view text) noexcept {
    const std::size_t begin = text[0] == '-' ? 1 : 0;
    const std::size_t whole = skip_digits(text, begin);
    if (whole == begin || (whole - begin > 1 && text[begin] == '0')) {
        return false;
    }
    if (whole == text.size()) {
        return whole - begin <= exact_digits;
    }
    std::size_t at = whole;
    if (text[at] == '.') {
        const std::size_t fraction = skip_digits(text, at + 1);
        if (fraction == at + 1) {
            return false;
        }
        at = fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
            ++at;
        }
        const std::size_t exponent = skip_digits(text, at);
        if (exponent == at) {
            return false;
        }
        at = exponent;
    }
    if (at != text.size()) {
        return false;
    }
    double finite = 0;
    return std::from_chars(text.data(), text.data() + text.size(), finite).ec == std::errc{};
}

}  // namespace

kind kind_of_plain(std::string_view text) noexcept {
    if (text.empty()) {
        return kind::null;
    }
    const char c = text[0];
    if (digit(c) || c == '-') {
        return is_number(text) ? kind::number : kind::text;
    }
    if (text.size() > 5) {
        return kind::text;
    }
    if (text == "~" || text == "null" || text == "Null" || text == "NULL") {
        return kind::null;
    }
    if (text == "true" || text == "false" || text == "True" || text == "False" || text == "TRUE" ||
        text == "FALSE") {
        return kind::boolean;
    }
    return kind::text;
}

}  // namespace weir::harness::yaml
