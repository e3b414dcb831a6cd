// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/stalls.hpp"

#include "adapters/run/locking.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/stall_search.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>

namespace weir::runs {

namespace {

bool ends_others(const plan::failure_action* action) noexcept {
    for (; action; action = action->follow_up.get()) {
        switch (action->kind) {
        case plan::action_kind::abort:
        case plan::action_kind::manual_intervention:
        case plan::action_kind::pipeline_rollback:
        case plan::action_kind::retry_step_group:
            return true;
        default:
            break;
        }
    }
    return false;
}

bool ends_others(const plan::node& node) noexcept {
    if (node.loop() && node.loop()->on_failure == plan::loop_failure::cancel_all)
        return true;
    return node.extras && std::ranges::any_of(node.extras->failure_strategies,
                                              [](const auto& s) { return ends_others(&s.action); });
}

}  // namespace

stalls::stalls(run& of) : run_{of} {
    const auto& document = of.document();
    for (const auto& node : document.nodes) {
        needed_ =
            needed_ || node.kind == plan::node_kind::barrier || node.kind == plan::node_kind::lock;
        may_end_any_ = may_end_any_ || ends_others(node);
    }
    door_.of = this;
    door_.deliver = [](fibers::message& m) noexcept {
        auto& me = *static_cast<door&>(m).of;
        me.posted_ = false;
        if (me.run_.is_over())
            return me.run_.finished();
        (void)me.run_.attempt([&] { me.check(); });
    };
}

void stalls::quieten(activation& a) noexcept {
    for (auto* at = &a; at && --at->active == 0;)
        at = at->up();
    look();
}

void stalls::stir(activation& a) noexcept {
    for (auto* at = &a; at && at->active++ == 0;)
        at = at->up();
}

void stalls::lane_ends(activation& around, fibers::join& all) noexcept {
    if (around.joining && all.open() == 1)
        around.joining = false;
    else
        quieten(around);
    all.done();
}

void stalls::waits_at(meeting& at) {
    if (at.listed)
        return;
    waiting_.push_back(&at);
    at.listed = true;
}

void stalls::look() noexcept {
    if (needed_)
        is_stalled();
}

void stalls::is_stalled() noexcept {
    if (!posted_.exchange(true))
        run_.home().post(door_);
}

void stalls::check() {
    auto* const root = run_.top();
    if (!root || run_.orders().paused() || run_.is_cancelled() || run_.is_starved() ||
        (may_end_any_ && root->active != 0))
        return;
    if (is_suspect() || may_be_in_a_ring())
        end_stalls(run_, *root);
}

bool stalls::is_suspect() {
    bool any = false;
    std::erase_if(waiting_, [&](meeting* at) {
        at->listed = !at->decided() && at->core.arrived() != 0;
        any = any || (at->listed && !is_awaited(*at));
        return !at->listed;
    });
    return any;
}

// Somebody waits for a lock, and somebody waits in what holds another that is wanted.
bool stalls::may_be_in_a_ring() const {
    if (run_.lock_waits == 0)
        return false;
    for (const auto* hold = run_.held_locks; hold; hold = hold->next_of_run) {
        if (!run_.locks().is_wanted(hold->request))
            continue;
        for (auto* a = hold->holder; a; a = next_below(a, *hold->holder)) {
            if (waits_for_others(*a))
                return true;
        }
    }
    return false;
}

}  // namespace weir::runs
