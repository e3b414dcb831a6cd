// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/barrier_names.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/plan/describe_loop.hpp"
#include "adapters/plan/json_writer.hpp"

namespace weir::plan {

namespace {

// Members that have their default are left out; docs/plan.schema.json says what that is.
class description {
public:
    explicit description(const plan& p) : plan_(p), names_(p) {}

    std::string run() && {
        out_.begin_object();
        out_.member("version", plan_json_version);
        texts("files", plan_.files);
        out_.key("barriers");
        out_.begin_array();
        for (const barrier_definition& b : plan_.barriers)
            barrier(b);
        out_.end_array();
        out_.key("variables");
        out_.raw(plan_.variables.empty() ? "{}" : plan_.variables);
        raw("host_values", plan_.host_values);
        if (plan_.compat_harness)
            out_.member("compat", "harness");
        out_.key("root");
        if (plan_.nodes.empty())
            out_.raw("null");
        else
            tree(0, {});
        out_.end_object();
        return std::move(out_).take();
    }

private:
    void text(std::string_view key, std::string_view value) {
        if (!value.empty())
            out_.member(key, value);
    }

    void raw(std::string_view key, std::string_view json) {
        if (json.empty())
            return;
        out_.key(key);
        out_.raw(json);
    }

    void texts(std::string_view key, const std::vector<std::string>& all) {
        out_.key(key);
        out_.begin_array();
        for (const std::string& one : all)
            out_.value(std::string_view{one});
        out_.end_array();
    }

    void duration(std::string_view key, std::int64_t ms) {
        if (ms != 0)
            out_.member(key, ms);
    }

    void barrier(const barrier_definition& b) {
        out_.begin_object();
        out_.member("id", b.id);
        if (b.name != b.id)
            text("name", b.name);
        if (b.scope != 0)
            out_.member("scope", path_of(plan_, b.scope));
        if (b.quorum != 0)
            out_.member("quorum", b.quorum);
        if (b.stragglers != straggler_policy::pass)
            out_.member("stragglers", name_of(b.stragglers));
        if (b.cyclic)
            out_.member("cyclic", true);
        if (b.exchange)
            out_.member("exchange", true);
        duration("timeout_ms", b.timeout_ms);
        write_position(out_, b.where);
        if (b.on_release != no_node) {
            out_.key("on_release");
            tree(b.on_release, path_of(plan_, b.scope));
        }
        out_.end_object();
    }

    // Named as the step names it; where that would mean another, with the pipeline that declares
    // it.
    void meeting(node_index i) {
        const std::uint32_t at = plan_[i].barrier;
        if (at >= plan_.barriers.size())
            return;
        const barrier_definition& b = plan_.barriers[at];
        if (names_.seen_from(i, b.id) == at) {
            out_.member("barrier", b.id);
            return;
        }
        out_.key("barrier");
        out_.begin_object();
        out_.member("id", b.id);
        out_.member("scope", path_of(plan_, b.scope));
        out_.end_object();
    }

    // `above` is the path so far: a child's is made from it, not from the root each time.
    void tree(node_index i, std::string above) {
        const node& n = plan_[i];
        const std::string_view segment = segment_of(n);
        if (!segment.empty()) {
            if (!above.empty())
                above += '/';
            above += segment;
        }
        const bool named = n.kind != node_kind::rollback && n.kind != node_kind::on_release;
        out_.begin_object();
        out_.member("kind", name_of(n.kind));
        if (named)
            text("id", n.id);
        out_.member("path", above);
        if (n.name != n.id)
            text("name", n.name);
        text("type", n.type);
        if (n.kind == node_kind::barrier)
            meeting(i);
        if (n.status != when_status::success)
            out_.member("when", name_of(n.status));
        text("condition", n.condition);
        duration("timeout_ms", n.timeout_ms);
        raw("spec", n.spec);
        if (n.extras)
            extras(i);
        if (n.holds_barriers)
            out_.member("holds_barriers", true);
        write_position(out_, n.where);
        if (n.first_child != no_node) {
            out_.key("children");
            out_.begin_array();
            for (node_index c = n.first_child; c != no_node; c = plan_[c].next)
                tree(c, above);
            out_.end_array();
        }
        if (n.rollback != no_node) {
            out_.key("rollback");
            tree(n.rollback, above);
        }
        out_.end_object();
    }

    void extras(node_index i) {
        const node_extras& more = *plan_[i].extras;
        text("timeout", more.timeout);
        raw("variables", more.variables);
        raw("inputs", more.inputs);
        raw("outputs", more.outputs);
        if (!more.depends_on.empty())
            dependencies(i);
        if (more.lock)
            lock(*more.lock);
        if (more.strategy) {
            out_.key("strategy");
            write_loop(out_, plan_[i]);
        }
        if (!more.failure_strategies.empty())
            failures(more.failure_strategies);
    }

    void dependencies(node_index i) {
        out_.key("depends_on");
        out_.begin_array();
        for (const node_index on : plan_[i].extras->depends_on)
            out_.value(plan_[on].id);
        out_.end_array();
    }

    void lock(const lock_request& l) {
        out_.key("lock");
        out_.begin_object();
        out_.member("key", l.key);
        write_amount(out_, "permits", l.permits);
        write_amount(out_, "capacity", l.capacity);
        if (l.scope != lock_scope::pipeline)
            out_.member("scope", name_of(l.scope));
        if (l.automatic)
            out_.member("automatic", true);
        out_.end_object();
    }

    void failures(const std::vector<failure_strategy>& all) {
        out_.key("failure_strategies");
        out_.begin_array();
        for (const failure_strategy& f : all) {
            out_.begin_object();
            texts("errors", f.errors);
            out_.key("action");
            action(f.action);
            out_.end_object();
        }
        out_.end_array();
    }

    void action(const failure_action& a) {
        out_.begin_object();
        out_.member("kind", name_of(a.kind));
        if (a.retry_count != 0)
            out_.member("retry_count", a.retry_count);
        if (!a.retry_intervals_ms.empty()) {
            out_.key("retry_intervals_ms");
            out_.begin_array();
            for (const std::int64_t ms : a.retry_intervals_ms)
                out_.value(ms);
            out_.end_array();
        }
        duration("timeout_ms", a.timeout_ms);
        if (a.follow_up) {
            out_.key("follow_up");
            action(*a.follow_up);
        }
        write_position(out_, a.where);
        out_.end_object();
    }

    const plan& plan_;
    barrier_names names_;
    json_writer out_;
};

}  // namespace

std::string to_json(const plan& p) {
    return description(p).run();
}

}  // namespace weir::plan
