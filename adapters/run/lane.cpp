// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/lane.hpp"

#include "adapters/run/again.hpp"
#include "adapters/run/child.hpp"
#include "adapters/run/clocks.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/forks.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/locking.hpp"
#include "adapters/run/meet.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/step.hpp"
#include "adapters/run/tree.hpp"
#include "adapters/run/undo.hpp"
#include "adapters/run/when.hpp"

namespace weir::runs {

using plan::node_kind;

namespace {

outcome perform(activation& a) {
    if (a.is_loop())
        return run_loop(a);
    switch (a.what->kind) {
    case node_kind::step:
        return run_step(a);
    case node_kind::barrier:
        return run_barrier_step(a);
    case node_kind::lock:
        return run_lock(a);
    case node_kind::graph:
        return run_graph(a);
    default:
        return run_parallel(a);
    }
}

// Its rollback section, when one is due; once.
activation* rollback_of(activation& a) {
    if (a.what->kind == node_kind::pipeline || !a.rolling_back ||
        a.interrupted != interruption::none || a.what->rollback == plan::no_node)
        return nullptr;
    a.rolling_back = false;
    a.rolled_back = true;
    const auto& section = a.owner.document()[a.what->rollback];
    auto& child = begin_child(a, section);
    if (child.members) {
        const auto& all = pipeline_around(a);
        const bool alone = !all.rolling_back && !all.rolled_back;
        a.owner.home().on_own_stack(
            [&]() noexcept { a.owner.members().settle(*child.members, alone); });
        child.join(child.members);
    }
    return &child;
}

activation* next_of(activation& a) {
    if (a.interrupted == interruption::own_clock)
        a.worst = after_own_clock(a);
    if ((a.halted || a.next_child == plan::no_node) && !(a.again && begin_again(a))) {
        if (a.interrupted == interruption::own_clock)
            a.worst = after_own_clock(a);  // while it waited to be tried again
        return a.undoing ? next_undo(a) : rollback_of(a);
    }
    const auto& child = a.owner.document()[a.next_child];
    a.next_child = child.next;
    return &begin_child(a, child);
}

outcome ended_sequence(const activation& a) {
    if (a.interrupted == interruption::from_above)
        return outcome::cancelled;
    return a.worst == outcome::none || a.worst == outcome::skipped ? outcome::succeeded : a.worst;
}

// True: it goes on to its children.
bool enter(activation& a, outcome& how) {
    if (a.is_told())
        a.owner.orders().hold(a);
    if (a.is_told())
        a.owner.emit({.type = event_type::node_started, .path = a.path, .kind = a.kind()});
    how = may_run(a);
    if (how == outcome::none)
        how = take_inputs(a);
    if (how != outcome::none)
        return false;
    start_clock(a);
    if (a.is_sequence())
        return true;
    how = perform(a);
    return false;
}

void leave(activation& a, outcome how) {
    auto& owner = a.owner;
    stop_clock(a);
    if (note_executed(a, how) && a.members)
        owner.members().withdraw_but_rollback(a.members);
    else if (a.members && !is_given_up(a))
        owner.members().withdraw(a.members);
    give_locks_back(a);
    if (a.is_told()) {
        event e{.type = event_type::node_finished, .how = how, .path = a.path, .kind = a.kind()};
        describe_end(a, e);
        owner.emit(std::move(e));
        owner.past().record(a.path, how);
        if (!a.known_as.empty())
            owner.past().record(a.known_as, how);
    }
    if (a.what->kind == node_kind::on_release)
        note_release(a);
    auto* const parent = a.up();
    if (parent && a.what->kind != node_kind::on_release)
        parent->absorb(how);
    owner.end(a);
}

}  // namespace

activation& begin_child(activation& parent, const plan::node& child) {
    auto& owner = parent.owner;
    const bool named = child.kind != node_kind::parallel && child.kind != node_kind::graph &&
                       child.kind != node_kind::pipeline;
    const auto above = parent.inner.empty() ? parent.path : parent.inner;
    auto& made = owner.begin(&parent, child, named ? owner.path_below(above, child.id) : above);
    if (above != parent.name())
        made.known_as = named ? owner.path_below(parent.name(), child.id) : parent.name();
    made.join(parent.roster_of(child));
    return made;
}

outcome walk(activation& base) {
    activation* at = &base;
    outcome how{};
    bool open = enter(*at, how);
    for (;;) {
        if (open) {
            if (auto* const child = next_of(*at)) {
                at = child;
                open = enter(*at, how);
                continue;
            }
            if (at->what->kind == node_kind::pipeline)
                await_releases(*at);
            how = ended_sequence(*at);
            if (is_child(*at))
                how = end_child(*at, how);
        }
        auto* const parent = at->up();
        const bool done = at == &base;
        leave(*at, how);
        if (done)
            return how;
        at = parent;
        open = true;
    }
}

}  // namespace weir::runs
