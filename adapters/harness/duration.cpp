// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/duration.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/plan/duration.hpp"

#include <optional>

namespace weir::harness {

namespace {

constexpr std::string_view notation = "write it like `1w 2d 3h 4m 5s`";

std::int64_t told_as_bad(context& c, yaml::value v, std::string_view what, std::string_view text,
                         std::string why) {
    c.report(plan::code::bad_timeout, v.where(),
             std::string{what} + " `" + std::string{text} + "` cannot be read: " + why,
             std::string{notation});
    return 0;
}

}  // namespace

std::int64_t read_timeout(context& c, yaml::value v) {
    if (!v || (v.is_scalar() && v.text().empty())) {
        return 0;
    }
    const std::int64_t milliseconds = read_duration(c, "the timeout", v);
    if (milliseconds == 0 && v.is_scalar() && !expressions::has_expression(v.text())) {
        std::string why;
        if (plan::parse_duration(v.text(), why)) {
            told_as_bad(c, v, "the timeout", v.text(), "nothing could run in no time");
        }
    }
    return milliseconds;
}

void read_node_timeout(context& c, yaml::value v, plan::node_index at) {
    if (v && v.is_scalar() && !is_open_input(v) && !c.known->fold(v.text())) {
        const expressions::result syntax = expressions::check_text(v.text());
        if (syntax.status == expressions::status::error) {
            c.report(plan::code::bad_expression, v.where(), "the timeout: " + syntax.message);
        } else {
            c.builder.extras(at).timeout = v.text();
        }
        return;
    }
    c.builder.at(at).timeout_ms = read_timeout(c, v);
}

std::int64_t read_duration(context& c, std::string_view what, yaml::value v) {
    const std::string_view text = read_text(c, what, v);
    if (!v.is_scalar() || is_open_input(text)) {
        return 0;
    }
    const std::optional<std::string> folded = c.known->fold(text);
    if (!folded) {
        c.unsupported("a duration that is known only in the run, here", v.where(),
                      "write it out, or take it from a variable with a value; the `timeout` of a "
                      "pipeline, stage, group or step may be known only in the run");
        return 0;
    }
    std::string why;
    const std::optional<std::int64_t> milliseconds = plan::parse_duration(*folded, why);
    return milliseconds ? *milliseconds : told_as_bad(c, v, what, *folded, why);
}

}  // namespace weir::harness
