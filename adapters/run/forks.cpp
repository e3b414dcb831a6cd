// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/forks.hpp"

#include "adapters/run/failing.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/lane.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/turns.hpp"
#include "adapters/run/when.hpp"
#include "adapters/run/while_turns.hpp"

#include <algorithm>
#include <limits>

namespace weir::runs {

namespace {

void tell_slot(activation& loop, event_type type, std::string_view turn) {
    loop.owner.emit({.type = type, .path = turn, .kind = loop.path});
}

void lane_body(void* base) noexcept {
    auto& first = *static_cast<activation*>(base);
    auto& lanes = *first.lanes;
    auto& around = *first.up();
    const auto path = first.path;
    const auto& what = *first.what;
    const auto how = walk(first);
    if (around.graph)
        child_ended(around, what, how);
    if (lanes.capped) {
        tell_slot(around, event_type::slot_given, path);
        lanes.slots.give();
    }
    lanes.join.done();
}

// False: it was interrupted or halted while it waited for a slot.
bool take_slot(activation& loop, std::string_view turn) {
    auto& slots = loop.forked->slots;
    fibers::slots::waiter waiter;
    if (slots.in_use() >= slots.limit())
        tell_slot(loop, event_type::slot_waiting, turn);
    loop.waiting = wait_kind::slot;
    loop.wait = &waiter;
    const bool taken = slots.take(waiter);
    loop.waiting = wait_kind::none;
    if (!taken)
        return false;
    tell_slot(loop, event_type::slot_taken, turn);
    if (!loop.halted)
        return true;
    tell_slot(loop, event_type::slot_given, turn);
    slots.give();
    return false;
}

void start_turns(activation& loop, const plan::expansion& turns, fork& lanes) {
    if (turns.count() == 0)
        return;
    auto turn = turns.first();
    for (std::uint64_t left = turns.count(); left > 0; --left) {
        const auto path = turn_path(loop, turns, turn);
        if (loop.halted || (lanes.capped && !take_slot(loop, path)))
            return;
        start_lane(begin_turn(loop, turns, turn, path), lanes);
        (void)turns.advance(turn);
    }
}

}  // namespace

void start_lane(activation& base, fork& lanes) {
    base.lanes = &lanes;
    lanes.join.add();
    if (base.owner.home().spawn(lane_body, &base))
        return;
    base.refused = true;
    lane_body(&base);
}

void await(activation& /*a*/, fork& lanes) noexcept {
    lanes.join.wait();
}

outcome ended_fork(const activation& a) {
    if (a.interrupted != interruption::none)
        return outcome::cancelled;
    return a.worst == outcome::none ? outcome::skipped : a.worst;
}

outcome run_parallel(activation& a) {
    fork lanes{a.owner.home(), 0};
    a.forked = &lanes;
    for (auto child = a.what->first_child; child != plan::no_node;
         child = a.owner.document()[child].next) {
        start_lane(begin_child(a, a.owner.document()[child]), lanes);
    }
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
    lanes.capped = cap != 0;
    a.forked = &lanes;
    if (turns->kind() == plan::strategy_kind::while_true)
        return run_while(a, *turns, lanes);
    start_turns(a, *turns, lanes);
    await(a, lanes);
    return ended_fork(a);
}

}  // namespace weir::runs
