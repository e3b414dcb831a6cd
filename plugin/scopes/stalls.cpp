// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/stalls.hpp"

#include <utility>

#include "plugin/scopes/circle.hpp"
#include "plugin/scopes/waiting.hpp"

namespace weir::plugin {

namespace {

// Barriers in the order of their declaration, then gates, which are all alike.
bool is_before(wait_point& a, wait_point& b) noexcept {
    const host_barrier* const one = as_barrier(a);
    const host_barrier* const other = as_barrier(b);
    return one != nullptr && (other == nullptr || one->declared() < other->declared());
}

wait_point& next_on_the_way(wait_point& at) noexcept {
    host_lane* first = nullptr;
    for_each_needed(at, [&](host_lane& lane) { first = first != nullptr ? first : &lane; });
    return goal_of(*first);
}

}  // namespace

void stalls::look(wait_point& at) noexcept {
    while (!is_idle(at) && !follow(at) && !search(at))
        decide(at);
}

void stalls::suspect(wait_point& at) noexcept {
    if (at.next_suspect != nullptr || is_idle(at))
        return;
    at.next_suspect = suspects_ != nullptr ? suspects_ : &at;
    suspects_ = &at;
}

void stalls::look_at_suspects() noexcept {
    while (suspects_ != nullptr) {
        wait_point& at = *suspects_;
        wait_point* const next = std::exchange(at.next_suspect, nullptr);
        suspects_ = next != &at ? next : nullptr;
        look(at);
    }
}

// From one who is remembered to the next.
bool stalls::follow(wait_point& from) noexcept {
    const auto search = ++searches_;
    const auto free = [&](host_lane& lane) { return is_free(lane, search, [](host_lane&) {}); };
    for (wait_point* at = &from; at->seen != search;) {
        at->seen = search;
        if (is_held_open(*at))
            return true;
        host_lane* const lane = remembered(*at);
        if (lane == nullptr)
            return find_needed(*at, free) != nullptr;
        if (free(*lane))
            return true;
        at = &goal_of(*lane);
    }
    return false;
}

bool stalls::search(wait_point& from) noexcept {
    begin(from);
    for (wait_point* at = &from; at != nullptr; at = at->next_seen) {
        const auto free = [&](host_lane& needed) {
            return is_free(needed, searches_,
                           [&](host_lane& lane) { reach(goal_of(lane), *at, needed); });
        };
        if (!is_held_open(*at) && find_needed(*at, free) == nullptr)
            continue;
        for (; at->from != nullptr; at = at->from)
            remember(*at->from, *at->through);
        return true;
    }
    return false;
}

void stalls::decide(wait_point& from) noexcept {
    wait_point* first = &from;
    for (wait_point* at = &from; at != nullptr; at = at->next_seen)
        first = is_before(*at, *first) ? at : first;
    if (!find_circle(*first)) {
        // It waits for those who do, and is in none.
        first = &first_on_some_way(*first);
        (void)find_circle(*first);
    }
    break_circle(*first);
}

// All lanes are stuck, so that whatever way one takes comes back to itself.
wait_point& stalls::first_on_some_way(wait_point& from) noexcept {
    const auto search = ++searches_;
    wait_point* at = &from;
    for (; at->seen != search; at = &next_on_the_way(*at))
        at->seen = search;
    wait_point* first = at;
    for (wait_point* on = &next_on_the_way(*at); on != at; on = &next_on_the_way(*on))
        first = is_before(*on, *first) ? on : first;
    return *first;
}

// The shortest one: who is seen first is seen on the shortest way.
bool stalls::find_circle(wait_point& through) noexcept {
    begin(through);
    for (wait_point* at = &through; at != nullptr; at = at->next_seen) {
        for_each_needed(*at, [&](host_lane& lane) {
            wait_point& goal = goal_of(lane);
            if (&goal == &through && through.from == nullptr) {
                through.from = at;
                through.through = &lane;
            }
            reach(goal, *at, lane);
        });
        if (through.from != nullptr)
            break;
    }
    if (through.from == nullptr)
        return false;
    wait_point* at = &through;
    do {
        at->from->next_seen = at;
        at = at->from;
    } while (at != &through);
    return true;
}

void stalls::begin(wait_point& from) noexcept {
    ++searches_;
    from.seen = searches_;
    from.next_seen = from.from = nullptr;
    from.through = nullptr;
    last_seen_ = &from;
}

void stalls::reach(wait_point& goal, wait_point& from, host_lane& through) noexcept {
    if (std::exchange(goal.seen, searches_) == searches_)
        return;
    goal.next_seen = nullptr;
    goal.from = &from;
    goal.through = &through;
    last_seen_->next_seen = &goal;
    last_seen_ = &goal;
}

}  // namespace weir::plugin
