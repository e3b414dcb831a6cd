// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/numbers.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"

#include <charconv>
#include <string>

namespace weir::harness {

namespace {

constexpr std::int64_t most_amount = 1'000'000'000'000;

}  // namespace

std::int64_t read_count(context& c, std::string_view what, yaml::value v, std::int64_t least,
                        std::int64_t most) {
    const std::string_view text = read_text(c, what, v);
    if (!v.is_scalar() || is_open_input(text)) {
        return least;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        const bool expression = expressions::has_expression(text);
        c.report(plan::code::bad_value, v.where(),
                 std::string{what} + " must be a whole number, not `" + std::string{text} + "`",
                 expression ? "an expression cannot stand here" : placeholder_help(text));
        return least;
    }
    if (number < least || number > most) {
        c.report(plan::code::bad_value, v.where(),
                 std::string{what} + " must be from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not " + std::to_string(number));
        return least;
    }
    return number;
}

plan::amount read_amount(context& c, std::string_view what, yaml::value v, std::int64_t least) {
    plan::amount out;
    if (!v) {
        return out;
    }
    out.given = true;
    out.where = v.where();
    if (v.is_scalar() && expressions::has_expression(v.text())) {
        out.expression = v.text();
        return out;
    }
    out.value = read_count(c, what, v, least, most_amount);
    return out;
}

}  // namespace weir::harness
