// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/turn_slot.hpp"

#include "adapters/run/activation.hpp"
#include "adapters/run/clocks.hpp"
#include "adapters/run/run.hpp"

#include <cassert>
#include <utility>

namespace weir::runs {

namespace {

void tell(const turn_slot& s, event_type type) noexcept {
    s.loop.owner.emit({.type = type, .path = s.path, .kind = s.loop.path});
}

void ask(turn_slot& s) noexcept;

void taken(turn_slot& s) noexcept {
    s.held = true;
    tell(s, event_type::slot_taken);
    for (auto* inner = std::exchange(s.first_inner, nullptr); inner;) {
        auto& next = *inner;
        inner = std::exchange(next.next_inner, nullptr);
        ask(next);
    }
    s.last_lane = nullptr;
    for (auto* lane = std::exchange(s.first_lane, nullptr); lane;) {
        auto& next = *lane;  // on the stack of the lane that it wakes
        lane = next.next;
        next.who->unpark();
    }
}

void ask(turn_slot& s) noexcept {
    auto& turn = s.turn;
    if (s.from.slots.ask(s))
        return taken(s);
    tell(s, event_type::slot_waiting);
    hold_clocks_for_slot(turn);
    turn.owner.members().queue(turn.members);
}

void granted(fibers::slots::waiter& w) noexcept {
    auto& s = static_cast<turn_slot&>(w);
    auto& turn = s.turn;
    turn.owner.members().unqueue(turn.members);
    release_clocks_for_slot(turn);
    taken(s);
}

void wait_for_outer(turn_slot& s) noexcept {
    auto** at = &s.outer->first_inner;
    while (*at && (*at)->rank <= s.rank)
        at = &(*at)->next_inner;
    s.next_inner = *at;
    *at = &s;
}

}  // namespace

turn_slot::turn_slot(activation& whose, fork& of) noexcept
    : turn{whose}, loop{*whose.up()}, from{of}, path{whose.path}, outer{loop.slot} {
    rank = whose.turn.index;
    granted = runs::granted;
    lane_begins(outer);
}

void lane_begins(turn_slot* below) noexcept {
    if (!below || below->wanting++ != 0)
        return;
    lane_begins(below->outer);
    if (below->outer && !below->outer->held)
        wait_for_outer(*below);
    else
        ask(*below);
}

void lane_ends(turn_slot* below) noexcept {
    if (!below || --below->wanting != 0)
        return;
    assert(below->held);
    below->held = false;
    tell(*below, event_type::slot_given);
    below->from.slots.give();
    lane_ends(below->outer);
}

void rest(activation& a) noexcept {
    if (!a.slot)
        return;
    a.resting = true;
    lane_ends(a.slot);
}

void want(activation& a) noexcept {
    if (std::exchange(a.resting, false))
        lane_begins(a.slot);
}

void go_on(activation& a) noexcept {
    want(a);
    if (!a.slot || a.slot->held)
        return;
    turn_slot::lane_waiting me{a.owner.home().current()};
    auto& s = *a.slot;
    (s.last_lane ? s.last_lane->next : s.first_lane) = &me;
    s.last_lane = &me;
    a.waiting = wait_kind::turn;
    a.owner.stalled().quieten(a);
    me.who->park();
    stalls::stir(a);
    a.waiting = wait_kind::none;
}

}  // namespace weir::runs
