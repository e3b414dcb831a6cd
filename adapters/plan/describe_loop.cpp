// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe_loop.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/plan/loops.hpp"

namespace weir::plan {

namespace {

void expression(json_writer& out, std::string_view text, const span& where) {
    out.begin_object();
    out.member("expression", text);
    write_position(out, where);
    out.end_object();
}

void values(json_writer& out, const std::vector<json>& all) {
    out.begin_array();
    for (const json& value : all)
        out.raw(value.dump(-1, ' ', false, json::error_handler_t::replace));
    out.end_array();
}

void list(json_writer& out, std::string_view key, const value_list& l) {
    if (!l.given && l.values.empty() && l.expression.empty())
        return;
    out.key(key);
    if (!l.expression.empty())
        return expression(out, l.expression, l.where);
    if (!l.where.known())
        return values(out, l.values);
    out.begin_object();
    out.key("values");
    values(out, l.values);
    write_position(out, l.where);
    out.end_object();
}

void text(json_writer& out, std::string_view key, std::string_view value) {
    if (!value.empty())
        out.member(key, value);
}

void axes(json_writer& out, const strategy& s) {
    out.key("axes");
    out.begin_array();
    for (const axis& a : s.axes) {
        out.begin_object();
        out.member("name", a.name);
        list(out, "values", a.values);
        write_position(out, a.where);
        out.end_object();
    }
    out.end_array();
}

void exclusions(json_writer& out, const strategy& s) {
    if (s.exclude.empty())
        return;
    out.key("exclude");
    out.begin_array();
    for (const exclusion& e : s.exclude) {
        out.begin_object();
        out.key("terms");
        out.begin_object();
        for (const exclusion::term& t : e.terms)
            if (t.axis < s.axes.size())
                out.member(s.axes[t.axis].name, t.value);
        out.end_object();
        write_position(out, e.where);
        out.end_object();
    }
    out.end_array();
}

}  // namespace

void write_amount(json_writer& out, std::string_view key, const amount& a) {
    if (!a.given)
        return;
    out.key(key);
    if (!a.expression.empty())
        return expression(out, a.expression, a.where);
    if (!a.where.known())
        return out.value(a.value);
    out.begin_object();
    out.member("value", a.value);
    write_position(out, a.where);
    out.end_object();
}

void write_position(json_writer& out, const span& where) {
    if (!where.known())
        return;
    out.key("position");
    out.begin_object();
    out.member("file", where.file);
    out.member("line", where.line);
    out.member("column", where.column);
    out.member("end_line", where.end_line);
    out.member("end_column", where.end_column);
    out.end_object();
}

void write_loop(json_writer& out, const node& n) {
    const strategy& s = *n.loop();
    out.begin_object();
    out.member("kind", name_of(s.kind));
    const planned_loop planned = plan_loop(n);
    if (planned.instances)
        out.member("count", planned.instances->count());
    if (s.kind == strategy_kind::matrix)
        axes(out, s);
    exclusions(out, s);
    if (s.deployment)
        out.member("deployment", true);
    write_amount(out, "times", s.times);
    list(out, "items", s.items);
    write_amount(out, "partition_size", s.partition_size);
    write_amount(out, "start", s.start);
    write_amount(out, "end", s.end);
    if (s.percentage)
        out.member("unit", "percentage");
    text(out, "condition", s.condition);
    write_amount(out, "max_concurrency", s.max_concurrency);
    text(out, "node_name", s.node_name);
    text(out, "when", s.when);
    if (s.on_failure != loop_failure::run_all)
        out.member("on_failure", name_of(s.on_failure));
    if (s.slot_while_waiting != slot_policy::unset)
        out.member("slot_while_waiting", name_of(s.slot_while_waiting));
    write_position(out, s.where);
    out.end_object();
}

}  // namespace weir::plan
