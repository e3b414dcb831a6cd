// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/duration.hpp"

#include <iterator>
#include <limits>

namespace weir::plan {

namespace {

struct unit {
    std::string_view name;
    std::int64_t milliseconds;
};

constexpr unit units[] = {{"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000},
                          {"m", 60'000},      {"s", 1'000},      {"ms", 1}};

bool blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
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

}  // namespace weir::plan
