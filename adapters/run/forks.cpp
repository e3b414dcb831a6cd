// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/forks.hpp"

#include "adapters/run/failing.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/lane.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/turns.hpp"
#include "adapters/run/undo.hpp"
#include "adapters/run/when.hpp"
#include "adapters/run/while_turns.hpp"
#include "fibers/event.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace weir::runs {

namespace {

void tell_slot(activation& loop, event_type type, std::string_view turn) noexcept {
    loop.owner.emit({.type = type, .path = turn, .kind = loop.path});
}

void end_turn(run& owner, turn_slot* own) noexcept {
    lane_ends(own);
    owner.pool().deallocate(own, sizeof(turn_slot), alignof(turn_slot));
}

void lane_body(void* base) noexcept {
    auto& first = *static_cast<activation*>(base);
    auto& lanes = *first.lanes;
    auto& around = *first.up();
    auto* const slot = first.slot;
    const auto path = first.path;
    const auto& what = *first.what;
    const auto how = walk(first);
    if (around.graph)
        child_ended(around, what, how);
    if (lanes.join.open() == 1)
        want(around);  // so that its turn does not seem to rest in between
    if (lanes.gives_back) {
        end_turn(around.owner, slot);
    } else if (lanes.capped) {
        tell_slot(around, event_type::slot_given, path);
        lanes.slots.give();
        lane_ends(slot);
    } else {
        lane_ends(slot);
    }
    around.owner.stalled().lane_ends(around, lanes.join);
}

// `own`: room for its slot, where its turn gives that back.
void start_lane(activation& base, fork& lanes, void* own) noexcept {
    base.lanes = &lanes;
    lanes.join.add();
    stalls::lane_begins(*base.up());
    if (own) {
        base.slot = new (own) turn_slot{base, lanes};
    } else {
        lane_begins(base.slot);
    }
    if (base.owner.home().spawn(lane_body, &base))
        return;
    base.owner.starve();  // there is no stack: it ends here, unstarted
    lane_body(&base);
}

// A loop's lane, until there is a slot for its next turn. Turns that return go first.
struct next_turn : fibers::slots::waiter {
    explicit next_turn(activation& whose) : loop{whose}, over{whose.owner.home()} {
        rank = ~std::uint64_t{0};
        granted = [](fibers::slots::waiter& w) noexcept {
            auto& me = static_cast<next_turn&>(w);
            me.called = true;
            stalls::stir(me.loop);
            want(me.loop);
            me.over.set(1);
        };
    }

    activation& loop;
    fibers::event over;
    bool called = false;
};

// False: it was interrupted or halted while it waited for a slot.
bool take_slot(activation& loop, std::string_view turn) {
    auto& slots = loop.forked->slots;
    next_turn me{loop};
    bool taken = slots.ask(me);
    if (!taken) {
        tell_slot(loop, event_type::slot_waiting, turn);
        loop.waiting = wait_kind::slot;
        loop.wait = static_cast<fibers::slots::waiter*>(&me);
        rest(loop);
        loop.owner.stalled().quieten(loop);
        taken = me.over.wait() != 0;
        if (!me.called)
            stalls::stir(loop);
        loop.waiting = wait_kind::none;
        go_on(loop);
    }
    if (!taken)
        return false;
    tell_slot(loop, event_type::slot_taken, turn);
    if (!loop.halted)
        return true;
    tell_slot(loop, event_type::slot_given, turn);
    slots.give();
    return false;
}

void start_turn(activation& loop, const plan::expansion& turns, const plan::instance& turn,
                std::string_view path, fork& lanes) {
    auto& pool = loop.owner.pool();
    void* const own =
        lanes.gives_back ? pool.allocate(sizeof(turn_slot), alignof(turn_slot)) : nullptr;
    activation* begun = nullptr;
    try {
        begun = &begin_turn(loop, turns, turn, path);
    } catch (...) {
        if (own)
            pool.deallocate(own, sizeof(turn_slot), alignof(turn_slot));
        throw;
    }
    if (lanes.capped)
        loop.owner.members().begin_turn(begun->members);
    start_lane(*begun, lanes, own);
}

// The slot of a turn that could not start.
void give_back(activation& loop, fork& lanes, std::string_view path) noexcept {
    if (!lanes.capped)
        return;
    tell_slot(loop, event_type::slot_given, path);
    lanes.slots.give();
}

void start_turns(activation& loop, const plan::expansion& turns, fork& lanes) {
    if (turns.count() == 0)
        return;
    auto& members = loop.owner.members();
    for (auto* later = lanes.capped ? loop.next_member : nullptr; later; later = later->next)
        members.queue(later);
    auto turn = turns.first();
    for (std::uint64_t left = turns.count(); left > 0; --left) {
        const auto path = turn_path(loop, turns, turn);
        if (loop.halted || (lanes.capped && !take_slot(loop, path)))
            return;
        if (!loop.owner.attempt([&] { start_turn(loop, turns, turn, path, lanes); })) {
            give_back(loop, lanes, path);
            return;
        }
        (void)turns.advance(turn);
    }
}

bool meets_in_rounds(const plan::plan& document, const plan::node& at) {
    if (at.kind == plan::node_kind::barrier)
        return document.barriers[at.barrier].cyclic;
    bool found = false;
    for (auto i = at.holds_barriers ? at.first_child : plan::no_node; i != plan::no_node && !found;
         i = document[i].next) {
        found = meets_in_rounds(document, document[i]);
    }
    return found;
}

}  // namespace

void start_lane(activation& base, fork& lanes) noexcept {
    start_lane(base, lanes, nullptr);
}

void await(activation& a, fork& lanes) noexcept {
    if (lanes.join.open() != 0) {
        rest(a);
        a.joining = true;
        a.owner.stalled().quieten(a);
    }
    lanes.join.wait();
    go_on(a);
}

outcome ended_fork(const activation& a) {
    if (a.interrupted != interruption::none)
        return outcome::cancelled;
    return a.worst == outcome::none ? outcome::skipped : a.worst;
}

bool gives_slots_back(const run& owner, const plan::node& loop, std::uint64_t cap) {
    const auto own = loop.loop()->slot_while_waiting;
    const auto policy = own != plan::slot_policy::unset ? own : owner.options().slots;
    return policy == plan::slot_policy::release &&
           !(cap == 1 && meets_in_rounds(owner.document(), loop));
}

void end_wait_for_slot(activation& loop) noexcept {
    auto& next = *static_cast<next_turn*>(static_cast<fibers::slots::waiter*>(loop.wait));
    loop.forked->slots.cancel(next);
    next.over.set(0);
}

outcome run_lanes(activation& a, const std::vector<activation*>& bases) {
    fork lanes{a.owner.home(), 0};
    a.forked = &lanes;
    for (auto* const base : bases)
        start_lane(*base, lanes);
    await(a, lanes);
    return ended_fork(a);
}

outcome run_parallel(activation& a) {
    if (a.undoing)
        return run_undo(a);
    fork lanes{a.owner.home(), 0};
    a.forked = &lanes;
    // Those that have started are waited for, whatever happens.
    (void)a.owner.attempt([&] {
        for (auto child = a.what->first_child; child != plan::no_node;
             child = a.owner.document()[child].next) {
            start_lane(begin_child(a, a.owner.document()[child]), lanes);
        }
    });
    await(a, lanes);
    return ended_fork(a);
}

outcome run_loop(activation& a) {
    if (const outcome how = may_loop(a); how != outcome::none)
        return how;
    std::string error;
    const auto turns = turns_of(a, error);
    if (!turns)
        return fail(a, {"Unknown", "the loop cannot be expanded: " + error});
    const auto cap = std::min<std::uint64_t>(turns->max_concurrency(),
                                             std::numeric_limits<std::uint32_t>::max());
    fork lanes{a.owner.home(), static_cast<std::uint32_t>(cap)};
    lanes.turns = turns;
    lanes.capped = cap != 0;
    lanes.gives_back = lanes.capped && gives_slots_back(a.owner, *a.what, cap);
    a.forked = &lanes;
    if (turns->kind() == plan::strategy_kind::while_true) {
        outcome how = outcome::failed;
        (void)a.owner.attempt([&] { how = run_while(a, *turns, lanes); });
        return how;
    }
    (void)a.owner.attempt([&] { start_turns(a, *turns, lanes); });
    await(a, lanes);
    return ended_fork(a);
}

}  // namespace weir::runs
