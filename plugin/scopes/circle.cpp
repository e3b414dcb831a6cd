// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/circle.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "plugin/scopes/paths.hpp"
#include "plugin/scopes/waiting.hpp"

namespace weir::plugin {

namespace {

constexpr unsigned most_told = 16;  // of the barriers and gates in one circle

using verdicts = std::vector<std::pair<host_barrier*, std::string>>;

template <class F>
void for_each_on(wait_point& circle, F&& f) {
    wait_point* at = &circle;
    do {
        wait_point* const next = at->next_seen;
        f(*at);
        at = next;
    } while (at != &circle);
}

std::string name_of(wait_point& at) {
    const host_barrier* const b = as_barrier(at);
    return b != nullptr ? "barrier '" + std::string{b->name()} + "'"
                        : "a slot of gate '" + as_gate(at).name + "'";
}

// "barrier 'p'" - " for b" - ", which waits at barrier 'q'" - " for a" - ...
std::string words_from(wait_point& first) {
    std::string text = name_of(first) + " waits for ";
    unsigned told = 0;
    for_each_on(first, [&](wait_point& at) {
        wait_point& next = *at.next_seen;
        if (++told > most_told)
            return;
        if (&at != &first)
            text += as_barrier(at) != nullptr ? " for " : ", held by ";
        text += path_of(*next.through);
        text += as_barrier(next) != nullptr ? ", which waits at " : ", which waits for ";
        text += name_of(next);
    });
    if (told > most_told)
        text += ", and so on through " + std::to_string(told - most_told) + " more, back to " +
                name_of(first);
    return text;
}

verdicts verdicts_on(wait_point& circle) {
    verdicts all;
    for_each_on(circle, [&](wait_point& at) {
        if (host_barrier* const b = as_barrier(at))
            all.emplace_back(b, words_from(at));
    });
    std::ranges::sort(all, {}, [](const auto& one) { return one.first->declared(); });
    return all;
}

void end_the_youngest(wait_point& circle) noexcept {
    slot_wait* youngest = nullptr;
    for_each_on(circle, [&](wait_point& at) {
        slot_wait* const w = at.through->waits_at.as_slot_wait();
        if (youngest == nullptr || w->since > youngest->since)
            youngest = w;
    });
    youngest->at->refuse(*youngest);
}

}  // namespace

void break_circle(wait_point& first) noexcept {
    if (as_barrier(first) == nullptr) {
        end_the_youngest(first);
        return;
    }
    try {
        for (auto& [barrier, words] : verdicts_on(first))
            barrier->stall(std::move(words));
    } catch (...) {
        for_each_on(first, [](wait_point& at) {
            if (host_barrier* const b = as_barrier(at))
                b->stall({});
        });
    }
}

}  // namespace weir::plugin
