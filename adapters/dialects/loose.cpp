// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/loose.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace weir::dialects {

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

double whole_number(std::string_view digits, int base) noexcept {
    std::uint64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    const bool all = error == std::errc{} && end == digits.data() + digits.size();
    return all ? static_cast<double>(number) : no_number;
}

double number_in(std::string_view text) noexcept {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) {
        return 0;
    }
    text = text.substr(first, text.find_last_not_of(space) - first + 1);
    if (text.starts_with("0x")) {
        return whole_number(text.substr(2), 16);
    }
    if (text.starts_with("0o")) {
        return whole_number(text.substr(2), 8);
    }
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const std::string_view unsigned_text = text.starts_with('-') ? text.substr(1) : text;
    const bool begins =
        !unsigned_text.empty() &&
        (unsigned_text[0] == '.' || (unsigned_text[0] >= '0' && unsigned_text[0] <= '9'));
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool all = begins && error == std::errc{} && end == text.data() + text.size();
    return all ? number : no_number;
}

double number_of(const json& value) noexcept {
    switch (value.type()) {
    case json::value_t::null:
        return 0;
    case json::value_t::boolean:
        return value.get<bool>() ? 1 : 0;
    case json::value_t::string:
        return number_in(value.get_ref<const std::string&>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
        return value.get<double>();
    default:
        return no_number;
    }
}

const json& at(const json& value, std::string_view name) {
    static const json nothing;
    if (value.is_object()) {
        for (const auto& [key, inner] : value.get_ref<const json::object_t&>()) {
            if (same_letters(key, name)) {
                return inner;
            }
        }
    }
    return nothing;
}

}  // namespace

bool same_letters(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool loosely_equal(const json& a, const json& b) {
    if (a.is_structured() || b.is_structured()) {
        return false;
    }
    if (a.is_string() && b.is_string()) {
        return same_letters(a.get_ref<const std::string&>(), b.get_ref<const std::string&>());
    }
    return number_of(a) == number_of(b);
}

bool matches(const json& filter, const json& value) {
    static const json nothing;
    if (filter.is_object()) {
        const auto& members = filter.get_ref<const json::object_t&>();
        return std::all_of(members.begin(), members.end(), [&value](const auto& m) {
            return matches(m.second, at(value, m.first));
        });
    }
    if (filter.is_array()) {
        for (std::size_t i = 0; i < filter.size(); ++i) {
            const bool there = value.is_array() && i < value.size();
            if (!matches(filter[i], there ? value[i] : nothing)) {
                return false;
            }
        }
        return true;
    }
    return loosely_equal(filter, value);
}

}  // namespace weir::dialects
