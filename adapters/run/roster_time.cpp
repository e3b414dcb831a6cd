// SPDX-License-Identifier: BSL-1.0
// The timeouts at barriers: a party's own, and the barrier's. They stand still while the run is
// paused, and while a missing party is queued for a slot.
#include "adapters/run/roster.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

namespace {

std::int64_t now_of(const meeting& at) noexcept {
    return at.owner.home().now();
}

}  // namespace

std::int64_t roster::start_waiting(place& who, std::int64_t limit_ns) noexcept {
    auto& at = who.at;
    const auto now = now_of(at);
    if (at.core.arrived() == 0 && at.limit_ns != 0 && !at.decided())
        at.patience.start(at.limit_ns, now);
    who.patience = {};
    who.patience.start(limit_ns, now);
    if (!at.patience.held())
        return who.patience.deadline_ns();
    (void)who.patience.hold(now);
    return -1;
}

void roster::hold(meeting& at) noexcept {
    const bool first = !at.patience.held();
    (void)at.patience.hold(now_of(at));
    if (!first)
        return;
    if (at.limit_ns != 0)
        at.core.set_timeout(-1);
    at.core.for_each_arrived([&](fibers::party& p) {
        auto& who = *static_cast<place*>(p.owner);
        if (who.patience.hold(now_of(at)))
            at.core.set_deadline(who.member, -1);
    });
}

void roster::release(meeting& at) noexcept {
    const bool runs = at.patience.release(now_of(at));
    if (at.patience.held())
        return;
    if (at.limit_ns != 0)
        at.core.set_timeout(runs ? at.patience.left_ns() : at.limit_ns);
    at.core.for_each_arrived([&](fibers::party& p) {
        auto& who = *static_cast<place*>(p.owner);
        if (who.patience.release(now_of(at)))
            at.core.set_deadline(who.member, who.patience.deadline_ns());
    });
}

void roster::hold_timeouts() noexcept {
    for (auto& at : meetings_)
        hold(at);
}

void roster::release_timeouts() noexcept {
    for (auto& at : meetings_)
        release(at);
}

void roster::queued(meeting& at, bool more) noexcept {
    if (more) {
        if (at.queued++ == 0)
            hold(at);
    } else if (--at.queued == 0) {
        release(at);
    }
}

// What stands at this very node: a party that is missing, and places held for some.
void roster::count_queued(roster_node& at, bool more) noexcept {
    if (at.seat && !at.seat->ended && at.seat->later == 0 && !at.seat->cyclic)
        queued(at.seat->at, more);
    for (const auto index : at.held)
        queued(*numbered_[index], more);
}

void roster::queue(roster_node* top) noexcept {
    const bool own_round = top && is_round(*top);
    for (auto* at = top; at; at = next_below(at, top)) {
        if (at->queued++ == 0)
            count_queued(*at, true);
        if (!own_round)
            queue_rounds(*at);
    }
}

void roster::unqueue(roster_node* top) noexcept {
    const bool own_round = top && is_round(*top);
    for (auto* at = top; at; at = next_below(at, top)) {
        if (at->queued != 0 && --at->queued == 0)
            count_queued(*at, false);
        if (!own_round)
            unqueue_rounds(*at);
    }
}

void roster::begin_turn(roster_node* turn) noexcept {
    unqueue(turn);
    for (auto* at = turn && turn->later ? turn : nullptr; at; at = next_below(at, turn)) {
        if (!at->seat || at->seat->later == 0 || --at->seat->later != 0)
            continue;
        auto& who = *at->seat;
        tell(event_type::barrier_expected, who.at, who.lane, who.at.decided());
        who.at.core.expect(who.member);
    }
}

}  // namespace weir::runs
