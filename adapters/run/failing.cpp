// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/failing.hpp"

#include "adapters/run/again.hpp"
#include "adapters/run/child.hpp"
#include "adapters/run/clocks.hpp"
#include "adapters/run/forks.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>

namespace weir::runs {

using plan::action_kind;
using plan::node_kind;

namespace {

bool catches(const plan::failure_strategy& strategy, const failure& why) noexcept {
    return std::ranges::any_of(strategy.errors, [&](const std::string& error) {
        return error == "AllErrors" || error == why.kind || (why.by_timeout && error == "Timeout");
    });
}

activation* stage_of(activation& a) noexcept {
    for (auto* p = &a; p; p = p->up()) {
        if (p->what->kind == node_kind::stage && !p->is_loop())
            return p;
        if (p->what->kind == node_kind::rollback || p->what->kind == node_kind::on_release)
            return nullptr;  // a rollback is not rolled back
    }
    return nullptr;
}

// Turns that have not started, and with CancelAll those that have, do not go on after a failure in
// the loop.
void stop_loop(activation& loop, const activation& failed_turn, std::string_view cause) noexcept {
    const auto policy = loop.what->loop()->on_failure;
    if (policy == plan::loop_failure::run_all)
        return;
    for (auto* turn = loop.next_member; turn; turn = turn->next) {
        loop.owner.members().fail(turn, fibers::reason::failed, cause, false);
    }
    if (policy == plan::loop_failure::cancel_all) {
        for (auto* turn = loop.first_child; turn; turn = turn->next_sibling) {
            if (turn != &failed_turn)
                interrupt(*turn, interruption::from_above, cause);
        }
    }
    loop.halted = true;
    if (loop.waiting == wait_kind::slot)
        end_wait_for_slot(loop);
}

// Those who follow in a sequence are skipped because of a failure in it.
void lose_rest(activation& around, fibers::reason why, std::string_view cause) noexcept {
    if (!around.is_sequence())
        return;
    for (auto* later = around.next_member; later; later = later->next)
        around.owner.members().fail_skipped(later, why, cause);
}

// Does a failure in a child end there, as the stage's strategies have it? The worst of several is
// what the child fails of.
bool is_kept_in(activation& child, const failure* why) noexcept {
    const bool kept = child.error && is_forgiven(child, *child.error);
    if (why && (!child.error || (kept && !is_forgiven(child, *why))))
        child.error = std::make_unique<failure>(*why);
    return child.error && is_forgiven(child, *child.error);
}

// Who will now not be reached because of a failure at `a`: in it, and from there up to the
// pipeline.
void lose(activation& a, fibers::reason why, std::string_view cause) noexcept {
    auto& members = a.owner.members();
    members.fail_flow(a.members, why, cause, false);
    for (auto* at = &a; at->up() && at->what->kind != node_kind::on_release; at = at->up()) {
        auto& around = *at->up();
        if (around.graph)
            lose_dependents(around, *at->what, why, cause);
        if (around.lost_to.empty()) {  // else all that follows in it was lost then
            around.lost_to = cause;
            if (around.is_loop())
                stop_loop(around, *at, cause);
            lose_rest(around, why, cause);
        }
        if (is_child(around) && is_kept_in(around, a.error.get()))
            return;
    }
}

// Of a stage or a group: its rollback section is due.
void roll_back(activation& at, std::string_view cause) noexcept {
    if (at.rolled_back)
        return;
    at.rolling_back = true;
    at.owner.members().fail_flow(at.members, fibers::reason::failed, cause, false);
    halt(at);
}

void roll_back_pipeline(activation& stage, std::string_view cause) noexcept {
    auto* pipeline = &stage;
    while (pipeline->what->kind != node_kind::pipeline)
        pipeline = pipeline->up();
    if (pipeline->rolled_back)
        return;
    pipeline->rolling_back = true;
    stage.owner.members().fail_but_rollbacks(pipeline->members, fibers::reason::failed, cause);
    halt(*pipeline);
}

void roll_back(activation& a, action_kind how, std::string_view cause) noexcept {
    auto* const stage = stage_of(a);
    if (!stage)
        return;
    if (how == action_kind::stage_rollback)
        roll_back(*stage, cause);
    if (how == action_kind::pipeline_rollback)
        roll_back_pipeline(*stage, cause);
    auto* const group = how == action_kind::step_group_rollback ? group_around(a) : nullptr;
    if (group)
        roll_back(*group, cause);
}

// What can be done about it where nothing can wait: no pause before a retry, no person's answer.
const plan::failure_action* at_once(activation& a, const plan::failure_action* action) {
    while (action &&
           (action->kind == action_kind::retry ||
            action->kind == action_kind::manual_intervention ||
            (action->kind == action_kind::retry_step_group && !try_group_again(a, *action)))) {
        action = action->follow_up.get();
    }
    return action;
}

std::string_view cause_of(activation& a) {
    const auto name = a.path.empty() ? std::string{"the pipeline"} : std::string{a.path};
    return a.owner.keep(name + ": " + a.error->message);
}

outcome worst_of(const activation& a) noexcept {
    return a.error->kind == "Timeout" ? outcome::timed_out : outcome::failed;
}

// Of a Barrier step: in which it arrived, or its party ended, or is expected.
std::uint32_t generation_of(const roster_node& at) noexcept {
    if (at.generation != 0)
        return at.generation;
    return at.seat->ended_in != 0 ? at.seat->ended_in : at.seat->at.core.generation();
}

}  // namespace

bool forgives(action_kind kind) noexcept {
    return kind == action_kind::ignore || kind == action_kind::mark_as_success ||
           kind == action_kind::proceed_with_default_values;
}

const plan::failure_action* action_for(const activation& a, const failure& why) noexcept {
    for (const auto* at = &a; at; at = at->up()) {
        if (at->what->extras && !at->is_loop()) {
            for (const auto& strategy : at->what->extras->failure_strategies) {
                if (catches(strategy, why))
                    return &strategy.action;
            }
        }
        if (at->what->kind == node_kind::rollback || at->what->kind == node_kind::stage ||
            at->what->kind == node_kind::on_release)
            return nullptr;
    }
    return nullptr;
}

outcome fail(activation& a, failure why) {
    const auto* action = action_for(a, why);
    return fail(a, std::move(why), action);
}

outcome fail(activation& a, failure why, const plan::failure_action* action) {
    a.error = std::make_unique<failure>(std::move(why));
    action = at_once(a, action);
    const auto kind = action ? action->kind : action_kind::mark_as_failure;
    // A timeout is not forgiven where something had failed for good before.
    if (forgives(kind) && a.lost_to.empty()) {
        return kind == action_kind::mark_as_success ? outcome::succeeded : outcome::ignored_failure;
    }
    const auto cause = cause_of(a);
    if (kind == action_kind::retry_step_group ||
        (kind == action_kind::mark_as_failure && is_given_up(a)))
        return worst_of(a);  // the next try decides
    roll_back(a, kind, cause);
    lose(a, fibers::reason::failed, cause);
    if (kind == action_kind::abort) {
        auto* pipeline = &a;  // a child's abort is the child's
        while (pipeline->up() && (pipeline == &a || pipeline->what->kind != node_kind::pipeline))
            pipeline = pipeline->up();
        interrupt(*pipeline, interruption::from_above, cause);
    }
    return worst_of(a);
}

void lose_after_tries(activation& group) noexcept {
    std::string_view cause = group.path;
    (void)group.owner.attempt(
        [&] { cause = group.owner.keep(std::string{group.path} + ": a step in it failed"); });
    lose(group, fibers::reason::failed, cause);
}

outcome cancelled_by_host(activation& step) {
    lose(step, fibers::reason::cancelled,
         step.owner.keep(std::string{step.path} + ": the host cancelled it"));
    return outcome::cancelled;
}

outcome after_own_clock(activation& a) {
    a.again = nullptr;
    a.interrupted = interruption::none;  // it did its work: what follows, such as a rollback, runs
    return fail(a, {"Timeout", "timed out after " +
                                   std::to_string(timeout_ns(a) / nanoseconds_a_millisecond) +
                                   " ms"});
}

void describe_end(const activation& a, event& e) {
    if (a.members && a.members->seat) {
        e.barrier = &a.members->seat->at.names;
        e.party = a.members->seat->lane;
        e.generation = generation_of(*a.members);
    }
    if (!a.error)
        return;
    e.detail = std::make_unique<event_detail>();
    e.detail->error_kind = a.error->kind;
    e.detail->message = a.error->message;
}

}  // namespace weir::runs
