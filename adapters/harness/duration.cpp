// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/duration.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"

#include <limits>

namespace weir::harness {

namespace {

struct unit {
    std::string_view name;
    std::int64_t milliseconds;
};

constexpr unit units[] = {{"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000},
                          {"m", 60'000},      {"s", 1'000},      {"ms", 1}};
constexpr std::string_view notation = "write it like `1w 2d 3h 4m 5s`";

bool blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::int64_t told_as_bad(context& c, yaml::value v, std::string_view what, std::string_view text,
                         std::string why) {
    c.report(plan::code::bad_timeout, v.where(),
             std::string{what} + " `" + std::string{text} + "` cannot be read: " + why,
             std::string{notation});
    return 0;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text, std::string& why) {
    constexpr std::int64_t most =
        std::numeric_limits<std::int64_t>::max() / 1'000'000;  // as nanoseconds too
    std::int64_t total = 0;
    std::size_t at = 0;
    std::size_t next_unit = 0;
    bool any = false;
    const auto skip_blanks = [&] {
        while (at < text.size() && blank(text[at])) {
            ++at;
        }
    };
    for (skip_blanks(); at < text.size(); skip_blanks()) {
        if (!digit(text[at])) {
            why = "a number was expected at `" + std::string{text.substr(at, 8)} + "`";
            return std::nullopt;
        }
        std::int64_t number = 0;
        for (; at < text.size() && digit(text[at]); ++at) {
            number = number * 10 + (text[at] - '0');
            if (number > most) {
                why = "it is too long";
                return std::nullopt;
            }
        }
        const std::size_t begin = at;
        while (at < text.size() && !digit(text[at]) && !blank(text[at])) {
            ++at;
        }
        const std::string_view name = text.substr(begin, at - begin);
        std::size_t found = 0;
        while (found < std::size(units) && units[found].name != name) {
            ++found;
        }
        if (found == std::size(units)) {
            why = name.empty() ? "a unit is missing (w, d, h, m, s, ms)"
                               : "`" + std::string{name} + "` is no unit (w, d, h, m, s, ms)";
            return std::nullopt;
        }
        if (found < next_unit) {
            why = "units go from the larger to the smaller, each once";
            return std::nullopt;
        }
        next_unit = found + 1;
        if (number > (most - total) / units[found].milliseconds) {
            why = "it is too long";
            return std::nullopt;
        }
        total += number * units[found].milliseconds;
        any = true;
    }
    if (!any) {
        why = "it is empty";
        return std::nullopt;
    }
    return total;
}

std::int64_t read_timeout(context& c, yaml::value v) {
    if (!v || (v.is_scalar() && v.text().empty())) {
        return 0;
    }
    const std::int64_t milliseconds = read_duration(c, "the timeout", v);
    if (milliseconds == 0 && v.is_scalar() && !expressions::has_expression(v.text())) {
        std::string why;
        if (parse_duration(v.text(), why)) {
            told_as_bad(c, v, "the timeout", v.text(), "nothing could run in no time");
        }
    }
    return milliseconds;
}

std::int64_t read_duration(context& c, std::string_view what, yaml::value v) {
    const std::string_view text = read_text(c, what, v);
    if (!v.is_scalar() || is_open_input(text)) {
        return 0;
    }
    const std::optional<std::string> folded = c.known->fold(text);
    if (!folded) {
        c.unsupported("a timeout that is known only in the run", v.where(),
                      "write the duration out, or take it from a variable with a value");
        return 0;
    }
    std::string why;
    const std::optional<std::int64_t> milliseconds = parse_duration(*folded, why);
    return milliseconds ? *milliseconds : told_as_bad(c, v, what, *folded, why);
}

}  // namespace weir::harness
