// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/operators.hpp"

#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace weir::expressions {

namespace {

constexpr std::array table{
    binary_operator{"||", binary::either, 1},   binary_operator{"&&", binary::both, 2},
    binary_operator{"==", binary::equal, 3},    binary_operator{"!=", binary::unequal, 3},
    binary_operator{"=~", binary::among, 3},    binary_operator{"!~", binary::not_among, 3},
    binary_operator{"<=", binary::at_most, 4},  binary_operator{">=", binary::at_least, 4},
    binary_operator{"<", binary::less, 4},      binary_operator{">", binary::greater, 4},
    binary_operator{"+", binary::plus, 5},      binary_operator{"-", binary::minus, 5},
    binary_operator{"*", binary::times, 6},     binary_operator{"/", binary::divided, 6},
    binary_operator{"%", binary::remainder, 6},
};

std::optional<json> spelled(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const char* last = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto r = std::from_chars(text.data(), last, whole);
        r.ec == std::errc{} && r.ptr == last) {
        return whole;
    }
    double real = 0;
    const auto r = std::from_chars(text.data(), last, real);
    if (r.ec == std::errc{} && r.ptr == last && std::isfinite(real)) return real;
    return std::nullopt;
}

bool same_text(std::string_view text, std::string_view lower) noexcept {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::string_view view(const json& text) { return text.get_ref<const std::string&>(); }

bool wrong(const binary_operator& op, const json& left, const json& right, std::string& error) {
    error = "`" + std::string(op.sign) + "` does not go with " + std::string(kind_of(left)) +
            " and " + std::string(kind_of(right));
    return false;
}

bool among(const binary_operator& op, const json& left, const json& right, json& out,
           std::string& error) {
    if (!right.is_array()) {
        error = "`" + std::string(op.sign) + "` looks for a value in a list, [\"a\", \"b\"], not in " +
                std::string(kind_of(right));
        return false;
    }
    const bool there = std::any_of(right.begin(), right.end(),
                                   [&](const json& entry) { return equal(left, entry); });
    out = there == (op.what == binary::among);
    return true;
}

bool ordered(const binary_operator& op, const json& left, const json& right, json& out,
             std::string& error) {
    const auto decide = [&](const auto& a, const auto& b) {
        out = op.what == binary::less      ? a < b
              : op.what == binary::greater ? b < a
              : op.what == binary::at_most ? a <= b
                                           : b <= a;
        return true;
    };
    if (left.is_string() && right.is_string()) return decide(view(left), view(right));
    const auto a = number_of(left);
    const auto b = number_of(right);
    return a && b ? decide(*a, *b) : wrong(op, left, right, error);
}

std::optional<std::int64_t> in_whole(binary what, std::int64_t a, std::int64_t b) noexcept {
    std::int64_t r = 0;
    switch (what) {
    case binary::plus:
        return __builtin_add_overflow(a, b, &r) ? std::nullopt : std::optional{r};
    case binary::minus:
        return __builtin_sub_overflow(a, b, &r) ? std::nullopt : std::optional{r};
    case binary::times:
        return __builtin_mul_overflow(a, b, &r) ? std::nullopt : std::optional{r};
    case binary::divided:
        return a == INT64_MIN && b == -1 ? std::nullopt : std::optional{a / b};
    default:
        return b == -1 ? 0 : a % b;
    }
}

double in_real(binary what, double a, double b) noexcept {
    switch (what) {
        case binary::plus: return a + b;
        case binary::minus: return a - b;
        case binary::times: return a * b;
        case binary::divided: return a / b;
        default: return std::fmod(a, b);
    }
}

bool arithmetic(const binary_operator& op, const json& left, const json& right, json& out,
                std::string& error) {
    const auto a = number_of(left);
    const auto b = number_of(right);
    if (!a || !b) return wrong(op, left, right, error);
    if ((op.what == binary::divided || op.what == binary::remainder) && b->get<double>() == 0) {
        error = "division by zero";
        return false;
    }
    if (a->is_number_integer() && b->is_number_integer()) {
        if (const auto r = in_whole(op.what, a->get<std::int64_t>(), b->get<std::int64_t>())) {
            out = *r;
            return true;
        }
    }
    const double r = in_real(op.what, a->get<double>(), b->get<double>());
    if (!std::isfinite(r)) {
        error = "the number is too large";
        return false;
    }
    out = r;
    return true;
}

bool add(const binary_operator& op, const json& left, const json& right, json& out,
         std::string& error) {
    const bool text = left.is_string() || right.is_string();
    const bool texts = left.is_string() && right.is_string();
    if (!texts && number_of(left) && number_of(right))
        return arithmetic(op, left, right, out, error);
    if (!text) return wrong(op, left, right, error);
    out = plan::text_of(left) + plan::text_of(right);
    return true;
}

}  // namespace

const binary_operator* operator_at(std::string_view rest) noexcept {
    // Longer signs stand before their beginnings in the table. "<+" opens an expression.
    if (rest.starts_with("<+")) return nullptr;
    const auto op = std::find_if(table.begin(), table.end(), [rest](const binary_operator& o) {
        return rest.starts_with(o.sign);
    });
    return op == table.end() ? nullptr : &*op;
}

bool apply(const binary_operator& op, const json& left, const json& right, json& out,
           std::string& error) {
    switch (op.what) {
        case binary::equal: out = equal(left, right); return true;
        case binary::unequal: out = !equal(left, right); return true;
        case binary::among:
        case binary::not_among: return among(op, left, right, out, error);
        case binary::less:
        case binary::greater:
        case binary::at_most:
        case binary::at_least: return ordered(op, left, right, out, error);
        case binary::plus: return add(op, left, right, out, error);
        default: return arithmetic(op, left, right, out, error);
    }
}

std::optional<bool> truth(const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_string() && same_text(view(value), "true")) return true;
    if (value.is_string() && same_text(view(value), "false")) return false;
    return std::nullopt;
}

bool equal(const json& left, const json& right) {
    if (left.is_string() == right.is_string()) return left == right;
    const json& text = left.is_string() ? left : right;
    const json& other = left.is_string() ? right : left;
    if (other.is_null()) return false;
    if (other.is_boolean()) return truth(text) == other.get<bool>();
    if (other.is_number()) {
        const auto number = spelled(view(text));
        return number && *number == other;
    }
    return plan::text_of(other) == view(text);
}

std::optional<json> number_of(const json& value) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
        return value.get<double>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number()) return value;
    return value.is_string() ? spelled(view(value)) : std::nullopt;
}

std::string_view kind_of(const json& value) noexcept {
    if (value.is_string()) return "a text";
    if (value.is_number()) return "a number";
    if (value.is_boolean()) return "a boolean";
    if (value.is_array()) return "a list";
    if (value.is_object()) return "an object";
    return "null";
}

}  // namespace weir::expressions
