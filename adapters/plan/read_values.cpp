// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/read_context.hpp"
#include "adapters/plan/read_members.hpp"

#include <limits>

namespace weir::plan {

namespace {

constexpr std::int64_t longest_ms = std::numeric_limits<std::int64_t>::max() / 1'000'000;
constexpr std::size_t deepest = 60;  // nlohmann, which reads these parts later, recurses

bool holds_expression(std::string_view text) noexcept {
    return text.find("<+") != text.npos;
}

struct position_draft {
    source::value file, line, column, end_line, end_column;
};
constexpr member_of<position_draft> position_members[] = {
    {"file", need::required, &position_draft::file},
    {"line", need::required, &position_draft::line},
    {"column", need::required, &position_draft::column},
    {"end_line", need::required, &position_draft::end_line},
    {"end_column", need::required, &position_draft::end_column},
};

struct opaque_facts {
    bool expressions = false;
    source::value too_deep, too_wide;
};

void look_at(const source::value& v, std::size_t depth, opaque_facts& facts) {
    const bool object = v.is(source::kind::object);
    if (v.is(source::kind::text)) {
        facts.expressions =
            facts.expressions || holds_expression(v.raw()) ||
            (v.raw().find('\\') != std::string_view::npos && holds_expression(v.text()));
    }
    if (!object && !v.is(source::kind::array))
        return;
    if (depth == deepest) {
        facts.too_deep = v;
        return;
    }
    std::size_t members = 0;
    for (source::value at = v.first(); at; at = at.next()) {
        if (object && ++members > json_limits{}.members) {
            facts.too_wide = v;
            return;
        }
        if (object)
            at = at.next();
        look_at(at, depth + 1, facts);
    }
}

// The expression's text, told about when it cannot be one, or is an input that nobody gave.
std::string checked(read_context& c, std::string_view what, const source::value& v,
                    bool text_around) {
    std::string text = read_text(c, what, v);
    if (text.starts_with("<+input>") && !c.options.inputs_may_be_missing) {
        c.report(code::missing_input, v, std::string(what) + " is an input that was not given",
                 "give the document its inputs, and write its plan then");
    } else if (!text.empty() && c.syntax) {
        if (const std::string wrong = c.syntax(text, text_around); !wrong.empty())
            c.report(code::bad_expression, v, std::string(what) + ": " + wrong);
    }
    return text;
}

}  // namespace

std::string read_text(read_context& c, std::string_view what, const source::value& v) {
    if (!v)
        return {};
    if (v.is(source::kind::text))
        return v.text();
    c.wrong_kind(v, what, "text");
    return {};
}

bool read_truth(read_context& c, std::string_view what, const source::value& v) {
    if (!v)
        return false;
    if (v.is(source::kind::boolean))
        return v.truth();
    c.wrong_kind(v, what, "true or false");
    return false;
}

std::int64_t read_whole(read_context& c, std::string_view what, const source::value& v,
                        std::int64_t least, std::int64_t most) {
    if (!v)
        return 0;
    const auto number = v.whole();
    if (!number && !v.is(source::kind::real)) {
        c.wrong_kind(v, what, "a whole number");
        return 0;
    }
    if (number && *number >= least && *number <= most)
        return *number;
    c.report(code::bad_value, v,
             std::string(what) + " must be a whole number from " + std::to_string(least) + " to " +
                 std::to_string(most) + ", not " + std::string(v.raw()));
    return 0;
}

std::int64_t read_duration(read_context& c, std::string_view what, const source::value& v,
                           std::int64_t least) {
    return read_whole(c, what, v, least, longest_ms);
}

std::string read_expression(read_context& c, std::string_view what, const source::value& v) {
    const bool text_around = false;
    return checked(c, what, v, text_around);
}

std::string read_computed(read_context& c, std::string_view what, const source::value& v) {
    if (v.spells(""))
        c.report(code::bad_value, v, std::string(what) + " is without text");
    const bool text_around = true;
    return checked(c, what, v, text_around);
}

span read_position(read_context& c, const source::value& v) {
    position_draft d;
    if (!v || !read_members(c, "a position", v, position_members, d))
        return {};
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto number = [&](std::string_view what, const source::value& n, std::int64_t least) {
        return static_cast<std::uint32_t>(read_whole(c, what, n, least, most));
    };
    span where;
    where.file = number("the file of a position", d.file, 0);
    where.line = number("the line of a position", d.line, 1);
    where.column = number("the column of a position", d.column, 0);
    where.end_line = number("the end_line of a position", d.end_line, 0);
    where.end_column = number("the end_column of a position", d.end_column, 0);
    if (where.file >= c.files && d.file.whole()) {
        c.report(code::bad_value, d.file,
                 "a position in file " + std::to_string(where.file) + "; `files` names " +
                     std::to_string(c.files));
    }
    return where;
}

std::string_view read_opaque(read_context& c, std::string_view what, const source::value& v,
                             bool* expressions) {
    if (!v)
        return {};
    if (v.raw().size() > json_limits{}.bytes) {
        c.report(code::too_large, v,
                 std::string(what) + " has " + std::to_string(v.raw().size()) +
                     " bytes, the limit is " + std::to_string(json_limits{}.bytes));
        return {};
    }
    opaque_facts facts;
    look_at(v, 0, facts);
    if (facts.too_deep) {
        c.report(code::too_deep, facts.too_deep,
                 std::string(what) + " is nested more than " + std::to_string(deepest) + " deep");
        return {};
    }
    if (facts.too_wide) {
        c.report(code::too_large, facts.too_wide,
                 std::string(what) + " has an object with more than " +
                     std::to_string(json_limits{}.members) + " members");
        return {};
    }
    if (expressions)
        *expressions = facts.expressions;
    return v.raw();
}

std::string_view read_object(read_context& c, std::string_view what, const source::value& v) {
    if (!v || v.is(source::kind::object))
        return read_opaque(c, what, v);
    c.wrong_kind(v, what, "an object");
    return {};
}

}  // namespace weir::plan
