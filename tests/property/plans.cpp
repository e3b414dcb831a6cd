// SPDX-License-Identifier: BSL-1.0
#include "tests/property/plans.hpp"

#include "adapters/plan/builder.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/strategy.hpp"

namespace weir::property {

using plan::action_kind;
using plan::node_index;
using plan::node_kind;

namespace {

constexpr unsigned deepest = 4;
constexpr int last_told = 24;  // of the steps that may be told how to behave

class generator {
public:
    generator(dice& from, bool patient) : d_{from}, patient_{patient} {}

    std::shared_ptr<const plan::plan> make() {
        const auto root = b_.add(plan::no_node, node_kind::pipeline);
        b_.at(root).id = "p";
        b_.unfinished().variables = R"({"flag": "on"})";
        if (d_.in(10) && !patient_)
            b_.at(root).timeout_ms = d_.between(1, 8000);
        for (auto n = d_.between(1, 3); n > 0; --n)
            segment(root);
        return b_.finish();
    }

private:
    // What one lane has met: barriers are drawn upwards.
    struct lane {
        std::uint32_t from = 0, to = 0;  // barriers that it may still meet
        bool in_rollback = false;
    };

    std::uint32_t new_barriers(std::int64_t count) {
        auto& all = b_.unfinished().barriers;
        const auto first = static_cast<std::uint32_t>(all.size());
        for (; count > 0; --count) {
            const auto name = "b" + std::to_string(all.size());
            all.push_back({name, name, {}});
            options(static_cast<std::uint32_t>(all.size() - 1));
        }
        return first;
    }

    void options(std::uint32_t barrier) {
        auto& made = b_.unfinished().barriers[barrier];
        if (d_.in(20))
            made.quorum = static_cast<std::uint32_t>(d_.between(1, 3));
        if (made.quorum != 0 && d_.in(40))
            made.stragglers = plan::straggler_policy::fail;
        made.cyclic = d_.in(20);
        made.exchange = d_.in(20);
        if (d_.in(10))
            made.timeout_ms = d_.between(1, 5000);
        if (!d_.in(10))
            return;
        const auto section = b_.add_on_release(barrier);
        b_.at(section).id = b_.keep(b_.unfinished().barriers[barrier].id);
        step(section);
    }

    std::uint32_t barriers() { return static_cast<std::uint32_t>(b_.unfinished().barriers.size()); }

    void segment(node_index root) {
        lane normal{new_barriers(d_.between(0, 3)), 0, false};
        normal.to = barriers();
        lane rollback{new_barriers(d_.in(30) ? 1 : 0), 0, true};
        rollback.to = barriers();
        if (d_.in(25)) {
            stage(root, normal, rollback);
            return;
        }
        const auto parallel = b_.add(root, node_kind::parallel);
        for (auto n = d_.between(2, 4); n > 0; --n)
            stage(parallel, normal, rollback);
    }

    void name(node_index at, const char* prefix, std::uint64_t number) {
        const auto id = b_.keep(prefix + std::to_string(number));
        b_.at(at).id = id;
        b_.at(at).name = id;
    }

    void stage(node_index parent, lane normal, lane rollback) {
        const auto at = b_.add(parent, node_kind::stage);
        name(at, "t", ++stages_);
        common(at, true);
        if (d_.in(10) && !patient_)
            b_.at(at).timeout_ms = d_.between(1, 6000);
        steps(at, normal, 0);
        if (!d_.in(35))
            return;
        const auto back = b_.add_rollback(at);
        b_.at(back).id = "rollback";
        steps(back, rollback, deepest - 1);
    }

    void steps(node_index parent, lane& mine, unsigned depth) {
        for (auto n = d_.between(1, 4); n > 0; --n)
            entry(parent, mine, depth);
    }

    void entry(node_index parent, lane& mine, unsigned depth) {
        const auto what = d_.below(100);
        if (what < 40 || (depth >= deepest && what >= 65))
            return step(parent);
        if (what < 65)
            return barrier(parent, mine);
        if (what < 85)
            return group(parent, mine, depth + 1);
        const auto parallel = b_.add(parent, node_kind::parallel);
        auto furthest = mine.from;
        for (auto n = d_.between(2, 3); n > 0; --n) {
            auto own = mine;
            entry(parallel, own, depth + 1);
            furthest = std::max(furthest, own.from);
        }
        mine.from = furthest;
    }

    void step(node_index parent) {
        const auto at = b_.add(parent, node_kind::step);
        name(at, "s", ++steps_);
        b_.at(at).type = "ShellScript";
        if (d_.in(8) && !patient_)
            b_.at(at).timeout_ms = d_.between(1, 3000);
        if (d_.in(15)) {
            b_.at(at).spec = R"({"script": "<+pipeline.variables.flag> <+matrix.a>"})";
            b_.at(at).spec_has_expressions = true;
        }
        common(at, d_.in(40));
    }

    void barrier(node_index parent, lane& mine) {
        if (mine.from >= mine.to)
            return step(parent);
        const auto which = mine.from + static_cast<std::uint32_t>(d_.below(mine.to - mine.from));
        mine.from = which + 1;
        const auto at = b_.add(parent, node_kind::barrier);
        name(at, "m", ++steps_);
        b_.at(at).type = "Barrier";
        b_.at(at).barrier = which;
        if (d_.in(15) && !patient_)
            b_.at(at).timeout_ms = d_.between(1, 5000);
        if (d_.in(20)) {
            b_.at(at).spec =
                d_.in(90) ? R"({"of": "<+pipeline.variables.flag>"})" : R"("<+no.value>")";
            b_.at(at).spec_has_expressions = true;
        }
        when(at);
        strategies(at);
    }

    void group(node_index parent, lane& mine, unsigned depth) {
        const auto at = b_.add(parent, node_kind::step_group);
        name(at, "g", ++steps_);
        common(at, d_.in(40));
        if (d_.in(10) && !patient_)
            b_.at(at).timeout_ms = d_.between(1, 4000);
        steps(at, mine, depth);
        if (!d_.in(20))
            return;
        const auto back = b_.add_rollback(at);
        b_.at(back).id = "rollback";
        step(back);
    }

    void common(node_index at, bool may_loop) {
        when(at);
        strategies(at);
        if (may_loop && d_.in(25))
            loop(at);
    }

    void when(node_index at) {
        static const std::vector<std::string> conditions{
            "true",
            "false",
            "<+pipeline.variables.flag> == 'on'",
            "<+strategy.iteration> == 0",
            "<+matrix.a> == 'x'",
            "<+nothing.here>",
            "<+execution.steps.s1.status> == 'SUCCEEDED'",
            "<+execution.steps.s2.output.outputVariables.v> == 1",
            "<+barriers.b0.values.t1.of> == 'on'"};
        if (d_.in(12))
            b_.at(at).condition = b_.keep(d_.of(conditions));
        if (d_.in(20)) {
            b_.at(at).status = d_.in(50) ? plan::when_status::all : plan::when_status::failure;
        }
    }

    plan::failure_action action() {
        static const std::vector<action_kind> kinds{action_kind::ignore,
                                                    action_kind::mark_as_success,
                                                    action_kind::mark_as_failure,
                                                    action_kind::stage_rollback,
                                                    action_kind::stage_rollback,
                                                    action_kind::proceed_with_default_values,
                                                    action_kind::step_group_rollback,
                                                    action_kind::pipeline_rollback,
                                                    action_kind::abort};
        plan::failure_action made;
        made.kind = d_.in(25) ? action_kind::retry : d_.of(kinds);
        if (d_.in(15))
            made.kind = action_kind::retry_step_group;
        if (d_.in(15)) {
            made.kind = action_kind::manual_intervention;
            made.timeout_ms = d_.between(1, 3000);
            made.follow_up = std::make_unique<plan::failure_action>();
            made.follow_up->kind = d_.of(kinds);
            return made;
        }
        if (made.kind == action_kind::abort && d_.in(70))
            made.kind = action_kind::stage_rollback;
        if (made.kind != action_kind::retry && made.kind != action_kind::retry_step_group)
            return made;
        made.retry_count = static_cast<std::uint32_t>(d_.between(1, 3));
        for (auto n = d_.between(0, 2); n > 0; --n)
            made.retry_intervals_ms.push_back(d_.between(0, 900));
        if (d_.in(80)) {
            made.follow_up = std::make_unique<plan::failure_action>();
            made.follow_up->kind = d_.of(kinds);
        }
        return made;
    }

    void strategies(node_index at) {
        static const std::vector<std::string> errors{"AllErrors", "Unknown", "Timeout",
                                                     "BarrierBroken"};
        if (!d_.in(30))
            return;
        b_.extras(at).failure_strategies.push_back({{d_.of(errors)}, action()});
    }

    void loop(node_index at) {
        auto made = std::make_unique<plan::strategy>();
        const auto number = [](plan::amount& to, std::int64_t value) {
            to.value = value;
            to.given = true;
        };
        switch (d_.below(4)) {
        case 0:
            made->kind = plan::strategy_kind::matrix;
            made->axes.push_back({"a", {{"x", "y"}, {}, true, {}}, {}});
            if (d_.in(50))
                made->axes.push_back({"c", {{"1", "2"}, {}, true, {}}, {}});
            if (d_.in(30))
                made->node_name = "<+matrix.a>";
            break;
        case 1:
            made->kind = plan::strategy_kind::repeat;
            made->items.expression = "<+execution.steps.s" + std::to_string(d_.between(1, 3)) +
                                     ".output.outputVariables.list>";
            made->items.given = true;
            break;
        case 2:
            made->kind = plan::strategy_kind::repeat;
            number(made->times, d_.between(1, 4));
            break;
        default:
            made->kind = plan::strategy_kind::parallelism;
            number(made->times, d_.between(1, 3));
        }
        if (d_.in(50))
            number(made->max_concurrency, d_.in(40) ? 1 : d_.between(1, 3));
        if (d_.in(40))
            made->slot_while_waiting =
                d_.in(70) ? plan::slot_policy::release : plan::slot_policy::hold;
        made->on_failure = static_cast<plan::loop_failure>(d_.below(3));
        if (d_.in(10))
            made->when = d_.in(50) ? "false" : "<+nothing.here> == 1";
        b_.extras(at).strategy = std::move(made);
    }

    dice& d_;
    const bool patient_;
    plan::builder b_;
    std::uint64_t stages_ = 0;
    std::uint64_t steps_ = 0;
};

}  // namespace

std::shared_ptr<const plan::plan> random_plan(dice& d, bool patient) {
    return generator{d, patient}.make();
}

std::string random_behaviour(dice& d) {
    static const std::vector<std::string> outcomes{"succeeded", "succeeded", "failed", "failed",
                                                   "skipped"};
    json steps = json::object();
    for (auto n = d.between(0, 8); n > 0; --n) {
        std::string pattern = "*";
        for (auto depth = d.below(3); depth > 0; --depth)
            pattern += "/*";
        pattern += "/s" + std::to_string(d.between(1, last_told)) + (d.in(25) ? "_0" : "");
        json list = json::array();
        for (auto items = d.below(4); items > 0; --items)
            list.push_back("i" + std::to_string(items));
        steps[pattern] = {{"ms", d.between(0, 4000)},
                          {"outcome", d.of(outcomes)},
                          {"outputs", {{"v", d.below(2)}, {"list", std::move(list)}}}};
    }
    return json{{"default_ms", d.between(0, 2000)}, {"steps", std::move(steps)}}.dump();
}

}  // namespace weir::property
