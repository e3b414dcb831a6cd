// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/json_writer.hpp"
#include "adapters/plan/loops.hpp"

namespace weir::plan {

namespace {

// Members that have their default are left out; docs/plan.schema.json says what that is.
class description {
public:
    explicit description(const plan& p) : plan_(p) {}

    std::string run() && {
        out_.begin_object();
        out_.member("version", plan_json_version);
        out_.key("files");
        out_.begin_array();
        for (const std::string& file : plan_.files) out_.value(std::string_view{file});
        out_.end_array();
        out_.key("barriers");
        out_.begin_array();
        for (const barrier_definition& b : plan_.barriers) barrier(b);
        out_.end_array();
        out_.key("variables");
        out_.raw(plan_.variables.empty() ? "{}" : plan_.variables);
        if (plan_.compat_harness) out_.member("compat", std::string_view{"harness"});
        out_.key("root");
        if (plan_.nodes.empty()) out_.raw("null");
        else tree(0, {});
        out_.end_object();
        return std::move(out_).take();
    }

private:
    void position(const span& where) {
        if (!where.known()) return;
        out_.key("position");
        out_.begin_object();
        out_.member("file", where.file);
        out_.member("line", where.line);
        out_.member("column", where.column);
        out_.member("end_line", where.end_line);
        out_.member("end_column", where.end_column);
        out_.end_object();
    }

    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) out_.member(key, value);
    }

    void barrier(const barrier_definition& b) {
        out_.begin_object();
        out_.member("id", b.id);
        text("name", b.name);
        position(b.where);
        out_.end_object();
    }

    // `above` is the path so far: a child's is made from it, not from the root each time.
    void tree(node_index i, std::string above) {
        const node& n = plan_[i];
        const std::string_view segment = segment_of(n);
        if (!segment.empty()) {
            if (!above.empty()) above += '/';
            above += segment;
        }
        out_.begin_object();
        out_.member("kind", name_of(n.kind));
        text("id", n.id);
        out_.member("path", above);
        text("name", n.name);
        text("type", n.type);
        if (n.kind == node_kind::barrier && n.barrier < plan_.barriers.size()) {
            out_.member("barrier", plan_.barriers[n.barrier].id);
        }
        if (n.status != when_status::success) out_.member("when", name_of(n.status));
        text("condition", n.condition);
        if (n.timeout_ms != 0) out_.member("timeout_ms", n.timeout_ms);
        if (!n.spec.empty()) {
            out_.key("spec");
            out_.raw(n.spec);
        }
        if (n.extras) extras(n);
        if (n.holds_barriers) out_.member("holds_barriers", true);
        position(n.where);
        if (n.first_child != no_node) {
            out_.key("children");
            out_.begin_array();
            for (node_index c = n.first_child; c != no_node; c = plan_[c].next) tree(c, above);
            out_.end_array();
        }
        if (n.rollback != no_node) {
            out_.key("rollback");
            tree(n.rollback, above);
        }
        out_.end_object();
    }

    void extras(const node& n) {
        if (!n.extras->variables.empty()) {
            out_.key("variables");
            out_.raw(n.extras->variables);
        }
        if (n.loop()) loop(n);
        if (n.extras->failure_strategies.empty()) return;
        out_.key("failure_strategies");
        out_.begin_array();
        for (const failure_strategy& f : n.extras->failure_strategies) {
            out_.begin_object();
            out_.key("errors");
            out_.begin_array();
            for (const std::string& e : f.errors) out_.value(std::string_view{e});
            out_.end_array();
            out_.key("action");
            action(f.action);
            out_.end_object();
        }
        out_.end_array();
    }

    void action(const failure_action& a) {
        out_.begin_object();
        out_.member("kind", name_of(a.kind));
        if (a.retry_count != 0) out_.member("retry_count", a.retry_count);
        if (!a.retry_intervals_ms.empty()) {
            out_.key("retry_intervals_ms");
            out_.begin_array();
            for (const std::int64_t ms : a.retry_intervals_ms) out_.value(ms);
            out_.end_array();
        }
        if (a.timeout_ms != 0) out_.member("timeout_ms", a.timeout_ms);
        if (a.follow_up) {
            out_.key("follow_up");
            action(*a.follow_up);
        }
        position(a.where);
        out_.end_object();
    }

    void loop(const node& n) {
        const strategy& s = *n.loop();
        out_.key("strategy");
        out_.begin_object();
        out_.member("kind", name_of(s.kind));
        const planned_loop planned = plan_loop(n);
        if (planned.instances) out_.member("count", planned.instances->count());
        if (s.kind == strategy_kind::matrix) {
            out_.key("axes");
            out_.begin_array();
            for (const axis& a : s.axes) {
                out_.begin_object();
                out_.member("name", a.name);
                list("values", a.values);
                position(a.where);
                out_.end_object();
            }
            out_.end_array();
            exclusions(s);
        }
        number("times", s.times);
        list("items", s.items);
        number("partition_size", s.partition_size);
        number("start", s.start);
        number("end", s.end);
        if (s.percentage) out_.member("unit", "percentage");
        number("max_concurrency", s.max_concurrency);
        text("node_name", s.node_name);
        text("when", s.when);
        if (s.on_failure != loop_failure::run_all) out_.member("on_failure", name_of(s.on_failure));
        if (s.slot_while_waiting != slot_policy::unset) {
            out_.member("slot_while_waiting", name_of(s.slot_while_waiting));
        }
        position(s.where);
        out_.end_object();
    }

    void exclusions(const strategy& s) {
        if (s.exclude.empty()) return;
        out_.key("exclude");
        out_.begin_array();
        for (const exclusion& e : s.exclude) {
            out_.begin_object();
            out_.key("terms");
            out_.begin_object();
            for (const exclusion::term& t : e.terms) {
                if (t.axis < s.axes.size()) out_.member(s.axes[t.axis].name, t.value);
            }
            out_.end_object();
            position(e.where);
            out_.end_object();
        }
        out_.end_array();
    }

    // A number as it is; anything that came as an expression as {"expression": ...}.
    void number(std::string_view key, const amount& a) {
        if (!a.given) return;
        out_.key(key);
        if (a.expression.empty()) out_.value(a.value);
        else expression(a.expression);
    }

    void list(std::string_view key, const value_list& l) {
        if (!l.given && l.values.empty() && l.expression.empty()) return;
        out_.key(key);
        if (!l.expression.empty()) {
            expression(l.expression);
            return;
        }
        out_.begin_array();
        for (const json& value : l.values) {
            out_.raw(value.dump(-1, ' ', false, json::error_handler_t::replace));
        }
        out_.end_array();
    }

    void expression(std::string_view text) {
        out_.begin_object();
        out_.member("expression", text);
        out_.end_object();
    }

    const plan& plan_;
    json_writer out_;
};

}  // namespace

std::string to_json(const plan& p) { return description(p).run(); }

}  // namespace weir::plan
