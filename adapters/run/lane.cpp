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
        // Even when there is no memory for that, the child is there, and ends.
        (void)a.owner.attempt([&] {
            a.owner.home().on_own_stack([&] { a.owner.members().settle(*child.members, alone); });
        });
        child.join(child.members);
    }
    return &child;
}

activation* next_of(activation& a) {
    if (a.owner.is_starved())
        return nullptr;
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
    if (a.interrupted == interruption::from_above || a.owner.is_starved())
        return outcome::cancelled;
    return a.worst == outcome::none || a.worst == outcome::skipped ? outcome::succeeded : a.worst;
}

// True: it goes on to its children.
bool may_enter(activation& a, outcome& how) {
    how = may_run(a);
    if (how == outcome::none)
        how = take_timeout(a);
    if (how == outcome::none)
        how = take_inputs(a);
    if (how != outcome::none)
        return false;
    start_clock(a);
    if (a.is_loop())
        a.owner.past().record_loop(a.name());
    if (a.is_sequence())
        return true;
    how = perform(a);
    return false;
}

bool enter(activation& a, outcome& how) noexcept {
    if (a.is_told()) {
        a.owner.orders().hold(a);
        a.announced = a.owner.emit(
            {.type = event_type::node_started, .promises = 1, .path = a.path, .kind = a.kind()});
    }
    bool open = false;
    if (!a.owner.attempt([&] { open = may_enter(a, how); }))
        how = outcome::failed;
    return open;
}

activation* following(activation& a) noexcept {
    activation* next = nullptr;
    (void)a.owner.attempt([&] { next = next_of(a); });
    return next;
}

void tell_end(activation& a, outcome how) noexcept {
    auto& owner = a.owner;
    event e{.type = event_type::node_finished,
            .how = how,
            .redeems = 1,
            .path = a.path,
            .kind = a.kind()};
    (void)owner.attempt([&] { describe_end(a, e); });
    if (a.announced)
        owner.emit(std::move(e));
    (void)owner.attempt([&] {
        owner.past().record(a.path, how);
        if (!a.known_as.empty())
            owner.past().record(a.known_as, how);
    });
}

// For those who ask how a loop, a stage or the pipeline does that goes on.
void note_no_success(const activation& a, outcome how) {
    auto& past = a.owner.past();
    if (a.up() && a.up()->is_loop() && is_bad(how))
        past.record_failed_turn(a.up()->name());
    const bool leaf = !a.is_sequence() && !a.is_loop() && a.is_told();
    if (how == outcome::succeeded || how == outcome::skipped || (!leaf && !a.error))
        return;
    bool in_loop = false;
    for (const auto* at = &a; at; at = at->up()) {
        if (!at->is_loop() &&
            (at->what->kind == node_kind::stage || at->what->kind == node_kind::pipeline))
            past.record_below(at->name(), how, in_loop);
        in_loop = in_loop || at->is_turn();
    }
}

void leave(activation& a, outcome how) noexcept {
    auto& owner = a.owner;
    stop_clock(a);
    bool kept = false;
    (void)owner.attempt([&] { kept = note_executed(a, how); });
    if (kept && a.members)
        owner.members().withdraw_but_rollback(a.members);
    else if (a.members && !is_given_up(a))
        owner.members().withdraw(a.members);
    give_locks_back(a);
    if (a.is_told())
        tell_end(a, how);
    (void)owner.attempt([&] { note_no_success(a, how); });
    if (a.what->kind == node_kind::on_release)
        note_release(a);
    auto* const parent = a.up();
    if (parent && a.what->kind != node_kind::on_release)
        parent->absorb(how);
    owner.end(a);
}

outcome ended_child(activation& child, outcome how) noexcept {
    outcome ended = outcome::failed;
    (void)child.owner.attempt([&] { ended = end_child(child, how); });
    return ended;
}

}  // namespace

activation& begin_child(activation& parent, const plan::node& child) {
    auto& owner = parent.owner;
    const bool named = child.kind != node_kind::parallel && child.kind != node_kind::graph &&
                       child.kind != node_kind::pipeline;
    const auto above = parent.inner.empty() ? parent.path : parent.inner;
    const auto path = named ? owner.path_below(above, child.id) : above;
    std::string_view known_as;
    if (above != parent.name())
        known_as = named ? owner.path_below(parent.name(), child.id) : parent.name();
    auto& made = owner.begin(&parent, child, path);
    made.known_as = known_as;
    made.join(parent.roster_of(child));
    return made;
}

outcome walk(activation& base) noexcept {
    activation* at = &base;
    outcome how{};
    bool open = enter(*at, how);
    for (;;) {
        if (open) {
            if (auto* const child = following(*at)) {
                at = child;
                open = enter(*at, how);
                continue;
            }
            if (at->what->kind == node_kind::pipeline)
                await_releases(*at);
            how = ended_sequence(*at);
            if (is_child(*at))
                how = ended_child(*at, how);
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
