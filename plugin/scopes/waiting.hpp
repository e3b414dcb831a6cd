// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "plugin/scopes/records.hpp"

// Who waits for whom, in a sequential tree. [under the tree's lock]
namespace weir::plugin {

[[nodiscard]] inline host_barrier* as_barrier(wait_point& at) noexcept {
    return at.is_a == wait_point::barrier ? static_cast<host_barrier*>(&at) : nullptr;
}
[[nodiscard]] inline gate_record& as_gate(wait_point& at) noexcept {
    return static_cast<gate_record&>(at);
}

[[nodiscard]] inline bool waits(const host_lane& lane) noexcept {
    if (const host_party* const p = lane.waits_at.as_party()) [[likely]]
        return p->now.load(std::memory_order_relaxed) == host_party::waiting;
    const slot_wait* const w = lane.waits_at.as_slot_wait();
    return w != nullptr && w->waits;
}

// Of a lane that waits.
[[nodiscard]] inline wait_point& goal_of(const host_lane& lane) noexcept {
    if (const host_party* const p = lane.waits_at.as_party()) [[likely]]
        return *p->at;
    return *lane.waits_at.as_slot_wait()->at;
}

// Nobody waits here.
[[nodiscard]] inline bool is_idle(wait_point& at) noexcept {
    const host_barrier* const b = as_barrier(at);
    return b != nullptr ? b->where() == fibers::phase::decided || b->arrived() == 0
                        : as_gate(at).waiters.first == nullptr;
}

// It may end whatever its lanes do.
[[nodiscard]] inline bool is_held_open(wait_point& at) noexcept {
    if (const host_barrier* const b = as_barrier(at))
        return b->where() != fibers::phase::standing || !b->opened() || b->reserved() != 0 ||
               b->unnamed() != 0;
    return as_gate(at).in_use < as_gate(at).slots;
}

// One of those for whom it waits, and `f` is true; or null. It is remembered.
template <class F>
[[nodiscard]] host_lane* find_needed(wait_point& at, F&& f) noexcept {
    if (host_barrier* const b = as_barrier(at)) {
        fibers::party* const found = b->find_missing(
            [&](fibers::party& p) { return f(static_cast<host_party&>(p).lane()); });
        return found != nullptr ? &static_cast<host_party*>(found)->lane() : nullptr;
    }
    slot_wait* const found = as_gate(at).find_holder([&](slot_wait& w) { return f(*w.lane); });
    return found != nullptr ? found->lane : nullptr;
}

// All of them, in the order in which they were expected, or took their slots.
template <class F>
void for_each_needed(wait_point& at, F&& f) {
    if (const host_barrier* const b = as_barrier(at))
        b->for_each_missing(
            [&](const fibers::party& p) { f(static_cast<const host_party&>(p).lane()); });
    else
        for (slot_wait* w = as_gate(at).holders.first; w != nullptr; w = w->following)
            f(*w->lane);
}

// The one that is remembered, or null.
[[nodiscard]] host_lane* remembered(wait_point& at) noexcept;
void remember(wait_point& at, host_lane& needed) noexcept;

// Whether this lane does not wait, or one below it. Tells `visit` of each that does, if it was not
// seen in this search.
template <class F>
[[nodiscard]] bool is_free(host_lane& top, std::uint64_t search, F&& visit) noexcept {
    for (host_lane* lane = &top;;) {
        if (lane->seen != search) {
            if (!waits(*lane))
                return true;
            lane->seen = search;
            visit(*lane);
            if (lane->first_child != nullptr) {
                lane = lane->first_child;
                continue;
            }
        }
        while (lane != &top && lane->next == nullptr)
            lane = lane->parent;
        if (lane == &top)
            return false;
        lane = lane->next;
    }
}

}  // namespace weir::plugin
