// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "adapters/plan/loops.hpp"
#include "adapters/plan/read_members.hpp"
#include "adapters/plan/read_node.hpp"

#include <algorithm>
#include <string>

namespace weir::plan {

namespace {

constexpr std::size_t most_axes = 100;
constexpr std::int64_t most_amount = 1'000'000'000'000;

struct draft {
    source::value kind, axes, exclude, deployment, times, items, partition_size, start, end, unit,
        condition, max_concurrency, node_name, when, on_failure, slots, position;
};
constexpr member_of<draft> members[] = {
    {"kind", need::required, &draft::kind},
    {"axes", need::optional, &draft::axes},
    {"exclude", need::optional, &draft::exclude},
    {"deployment", need::optional, &draft::deployment},
    {"times", need::optional, &draft::times},
    {"items", need::optional, &draft::items},
    {"partition_size", need::optional, &draft::partition_size},
    {"start", need::optional, &draft::start},
    {"end", need::optional, &draft::end},
    {"unit", need::optional, &draft::unit},
    {"condition", need::optional, &draft::condition},
    {"max_concurrency", need::optional, &draft::max_concurrency},
    {"node_name", need::optional, &draft::node_name},
    {"when", need::optional, &draft::when},
    {"on_failure", need::optional, &draft::on_failure},
    {"slot_while_waiting", need::optional, &draft::slots},
    {"position", need::optional, &draft::position},
    {"count", need::derived},
};

// Which kinds of loop have a member; one that all have is not listed.
constexpr unsigned bit(strategy_kind k) {
    return 1u << static_cast<unsigned>(k);
}
using enum strategy_kind;
struct ownership {
    std::string_view name;
    source::value draft::*slot;
    unsigned owners;
};
constexpr ownership owned[] = {
    {"axes", &draft::axes, bit(matrix)},
    {"exclude", &draft::exclude, bit(matrix)},
    {"deployment", &draft::deployment, bit(matrix)},
    {"times", &draft::times, bit(repeat) | bit(parallelism) | bit(while_true)},
    {"items", &draft::items, bit(repeat)},
    {"partition_size", &draft::partition_size, bit(repeat)},
    {"start", &draft::start, bit(repeat)},
    {"end", &draft::end, bit(repeat)},
    {"unit", &draft::unit, bit(repeat)},
    {"condition", &draft::condition, bit(while_true)},
};

struct axis_draft {
    source::value name, values, position;
};
constexpr member_of<axis_draft> axis_members[] = {
    {"name", need::required, &axis_draft::name},
    {"values", need::required, &axis_draft::values},
    {"position", need::optional, &axis_draft::position},
};

struct exclusion_draft {
    source::value terms, position;
};
constexpr member_of<exclusion_draft> exclusion_members[] = {
    {"terms", need::required, &exclusion_draft::terms},
    {"position", need::optional, &exclusion_draft::position},
};

// An amount or a list that is more than a bare value.
struct given_draft {
    source::value value, values, expression, position;
};
constexpr member_of<given_draft> amount_members[] = {
    {"value", need::optional, &given_draft::value},
    {"expression", need::optional, &given_draft::expression},
    {"position", need::optional, &given_draft::position},
};
constexpr member_of<given_draft> list_members[] = {
    {"values", need::optional, &given_draft::values},
    {"expression", need::optional, &given_draft::expression},
    {"position", need::optional, &given_draft::position},
};

// One of `plain` and `expression` must be there.
void one_of_two(read_context& c, std::string_view what, const source::value& v,
                const source::value& plain, const source::value& expression,
                std::string_view name) {
    if (static_cast<bool>(plain) == static_cast<bool>(expression))
        c.report(plain ? code::bad_value : code::missing_key, v,
                 std::string(what) + " has " + (plain ? "both" : "neither") + " `" +
                     std::string(name) + "` " + (plain ? "and" : "nor") + " `expression`");
}

void read_values(read_context& c, std::string_view what, const source::value& v, value_list& out) {
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, what, "a list");
    for (source::value one = v.first(); one; one = one.next()) {
        const std::string_view raw = read_opaque(c, what, one);
        if (!raw.empty())
            out.values.push_back(json::parse(raw));
    }
}

value_list read_list(read_context& c, std::string_view what, const source::value& v) {
    value_list out;
    if (!v)
        return out;
    out.given = true;
    if (!v.is(source::kind::object)) {
        read_values(c, what, v, out);
        return out;
    }
    given_draft d;
    if (!read_members(c, what, v, list_members, d))
        return out;
    one_of_two(c, what, v, d.values, d.expression, "values");
    if (d.values)
        read_values(c, what, d.values, out);
    if (d.expression)
        out.expression = read_computed(c, what, d.expression);
    out.where = read_position(c, d.position);
    return out;
}

void read_axes(read_context& c, const source::value& v, strategy& out) {
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, "`axes`", "a list");
    for (source::value entry = v.first(); entry; entry = entry.next()) {
        if (out.axes.size() == most_axes) {
            c.report(code::bad_strategy, entry,
                     "a matrix of more than " + std::to_string(most_axes) + " axes");
            return;
        }
        axis_draft d;
        if (!read_members(c, "an axis", entry, axis_members, d))
            continue;
        axis made;
        made.name = read_text(c, "the name of an axis", d.name);
        made.values = read_list(c, "the list of an axis", d.values);
        made.where = read_position(c, d.position);
        // A matrix that is an input which nobody gave has one axis, and no name for it.
        const bool open = made.values.expression.starts_with("<+input>");
        if (made.name.empty() && d.name.is(source::kind::text) && !open)
            c.report(code::bad_strategy, d.name, "an axis without a name");
        if (d.name &&
            std::ranges::any_of(out.axes, [&](const axis& a) { return a.name == made.name; }))
            c.report(code::bad_strategy, d.name, "the axis `" + made.name + "` is there twice");
        out.axes.push_back(std::move(made));
    }
    if (out.axes.empty())
        c.report(code::bad_strategy, v, "this matrix has no axis");
}

void read_terms(read_context& c, const source::value& terms, const strategy& s, exclusion& out) {
    if (!terms)
        return;
    if (!terms.is(source::kind::object))
        return c.wrong_kind(terms, "`terms`", "an object of axes and texts");
    for (source::value key = terms.first(); key; key = key.next().next()) {
        const auto found =
            std::ranges::find_if(s.axes, [&](const axis& a) { return key.spells(a.name); });
        if (found == s.axes.end()) {
            std::vector<std::string_view> names;
            for (const axis& a : s.axes)
                names.push_back(a.name);
            c.report(code::bad_strategy, key, "`" + key.text() + "` is no axis of this matrix",
                     c.suggestion(key.text(), names));
            continue;
        }
        const auto at = static_cast<std::uint32_t>(found - s.axes.begin());
        if (std::ranges::any_of(out.terms, [at](const auto& t) { return t.axis == at; }))
            member_twice(c, "`terms`", key);
        out.terms.push_back({at, read_text(c, "a term of `exclude`", key.next())});
    }
    if (!terms.first())
        c.report(code::bad_strategy, terms, "an entry of `exclude` that names no axis");
}

void read_exclude(read_context& c, const source::value& v, strategy& out) {
    if (!v)
        return;
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, "`exclude`", "a list");
    for (source::value entry = v.first(); entry; entry = entry.next()) {
        exclusion_draft d;
        if (!read_members(c, "an entry of `exclude`", entry, exclusion_members, d))
            continue;
        exclusion made;
        read_terms(c, d.terms, out, made);
        made.where = read_position(c, d.position);
        out.exclude.push_back(std::move(made));
    }
}

void read_repeat(read_context& c, const draft& d, const source::value& v, strategy& out) {
    out.times = read_amount(c, "`times`", d.times, 1);
    out.items = read_list(c, "`items`", d.items);
    out.partition_size = read_amount(c, "`partition_size`", d.partition_size, 1);
    out.start = read_amount(c, "`start`", d.start, 0);
    out.end = read_amount(c, "`end`", d.end, 0);
    if (d.unit && read_text(c, "`unit`", d.unit) != "percentage" && d.unit.is(source::kind::text))
        c.report(code::bad_value, d.unit, "`unit` is `percentage`, or is left out");
    out.percentage = static_cast<bool>(d.unit);
    if (!d.items && !d.times)
        missing_member(c, "a `repeat`", v,
                       d.partition_size || d.start || d.end ? "items" : "times");
    else if (!d.items && (d.partition_size || d.start || d.end))
        c.report(code::bad_strategy, v, "a part of `items` is asked for, and there are no `items`");
}

void read_kind(read_context& c, const draft& d, const source::value& v, strategy& out) {
    const std::string object = "a `" + std::string(name_of(out.kind)) + "`";
    for (const ownership& o : owned) {
        if (d.*o.slot && (bit(out.kind) & o.owners) == 0)
            c.report(code::unknown_key, d.*o.slot,
                     object + " has no `" + std::string(o.name) + "`");
    }
    switch (out.kind) {
    case matrix:
        if (d.axes)
            read_axes(c, d.axes, out);
        else
            missing_member(c, object, v, "axes");
        read_exclude(c, d.exclude, out);
        out.deployment = read_truth(c, "`deployment`", d.deployment);
        return;
    case repeat:
        return read_repeat(c, d, v, out);
    case while_true:
        out.condition = read_expression(c, "the condition of a `while`", d.condition);
        if (out.condition.empty())
            missing_member(c, object, v, "condition");
        [[fallthrough]];
    case parallelism:
        if (!d.times)
            missing_member(c, object, v, "times");
        out.times = read_amount(c, "`times`", d.times, 1);
    }
}

// What the loop comes to as far as that is known: too many instances, values that are no list ...
void try_out(read_context& c, const source::value& v, node_index i) {
    expansion::options how;
    how.compat_harness = c.options.compat_harness;
    const planned_loop made = plan_loop(c.builder.at(i), how);
    if (!made.why.message.empty()) {
        c.report(made.why.what, v, made.why.message);
    } else if (made.size_known && made.count() == 0) {
        c.report(code::empty_loop, v, "this loop has no instances: its node is always skipped");
    }
}

}  // namespace

amount read_amount(read_context& c, std::string_view what, const source::value& v,
                   std::int64_t least) {
    amount out;
    if (!v)
        return out;
    out.given = true;
    if (!v.is(source::kind::object)) {
        out.value = read_whole(c, what, v, least, most_amount);
        return out;
    }
    given_draft d;
    if (!read_members(c, what, v, amount_members, d))
        return out;
    one_of_two(c, what, v, d.value, d.expression, "value");
    if (d.value)
        out.value = read_whole(c, what, d.value, least, most_amount);
    if (d.expression)
        out.expression = read_computed(c, what, d.expression);
    out.where = read_position(c, d.position);
    return out;
}

void read_loop(read_context& c, const source::value& v, node_index i) {
    draft d;
    if (!read_members(c, "a strategy", v, members, d))
        return;
    const auto kind = read_word(c, "a strategy's `kind`", d.kind, while_true);
    if (!kind)
        return;
    const std::size_t before = c.told();
    auto out = std::make_unique<strategy>();
    out->kind = *kind;
    read_kind(c, d, v, *out);
    out->max_concurrency = read_amount(c, "`max_concurrency`", d.max_concurrency, 0);
    if (d.node_name)
        out->node_name = read_computed(c, "`node_name`", d.node_name);
    out->when = read_expression(c, "`when` of a strategy", d.when);
    out->on_failure = read_word(c, "`on_failure`", d.on_failure, loop_failure::cancel_all)
                          .value_or(loop_failure::run_all);
    out->slot_while_waiting =
        read_word(c, "`slot_while_waiting`", d.slots, slot_policy::release, slot_policy::hold)
            .value_or(slot_policy::unset);
    out->where = read_position(c, d.position);
    c.builder.extras(i).strategy = std::move(out);
    if (c.told() == before)
        try_out(c, v, i);
}

}  // namespace weir::plan
