// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/stall_ring.hpp"

#include "adapters/run/locking.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>
#include <string>

namespace weir::runs {

namespace {

using waits = std::vector<activation*>;

meeting& meeting_of(const activation& a) noexcept {
    return a.members->seat->at;
}

const lock_hold& hold_of(const activation& a) noexcept {
    return static_cast<const lock_wait*>(a.wait)->hold;
}

// The lane that waits.
std::string_view lane_of(const activation& a) noexcept {
    return a.waiting == wait_kind::barrier ? a.members->seat->lane : a.path;
}

// One wait, and why it ends only after another.
struct edge {
    activation* to = nullptr;
    std::string text;
};

std::string waits_at(const activation& a) {
    return a.waiting == wait_kind::barrier
               ? "waits at barrier '" + std::string{meeting_of(a).names.id} + "'"
               : "waits for lock '" + std::string{hold_of(a).key} + "'";
}

activation* first_below(const activation& top, const waits& endless) noexcept {
    const auto found = std::ranges::find_if(endless, [&](const activation* a) {
        return (a->waiting == wait_kind::barrier || a->waiting == wait_kind::lock) &&
               is_below(a, top);
    });
    return found == endless.end() ? nullptr : *found;
}

// Who is missing has begun: it is on its way and waits itself. Else it comes after what waits now.
edge by_missing(const frame* place, std::string_view who, const waits& endless) {
    auto& at = under_way_at(place);
    auto* const to = first_below(at, endless);
    if (!to)
        return {};
    std::string text = " for " + std::string{who} + ", which ";
    if (lane_of(*to) == who || lane_of(*to).starts_with(std::string{who} + "/"))
        return {to, text + waits_at(*to)};
    text += at.waiting == wait_kind::slot ? "has no slot before " : "goes on only after ";
    return {to, text + std::string{lane_of(*to)} + ", which " + waits_at(*to)};
}

edge from_barrier(const activation& a, const waits& endless) {
    const auto& at = meeting_of(a);
    for (const auto* p = at.core.next_missing(nullptr); p; p = at.core.next_missing(p)) {
        const auto& who = *static_cast<const place*>(p->owner);
        if (auto found = by_missing(who.node, who.lane, endless); found.to)
            return found;
    }
    for (const auto* holder : at.holders) {
        if (auto found = by_missing(holder, holder->path, endless); found.to)
            return found;
    }
    return {};
}

// Through a hold of this run; perhaps through other runs, that wait for it.
edge from_lock(run& of, const activation& a, const waits& endless) {
    const auto* const back = of.locks().way_back(hold_of(a).request);
    auto* hold = of.held_locks;
    while (hold && &hold->request != back)
        hold = hold->next_of_run;
    auto* const to = hold ? first_below(*hold->holder, endless) : nullptr;
    if (!to)
        return {};
    std::string text = ", held by ";
    if (hold->key != hold_of(a).key)
        text += "another run, which waits for lock '" + std::string{hold->key} + "', held by ";
    text += hold->holder->path.empty() ? of.id() : hold->holder->path;
    text += ", in which " + std::string{lane_of(*to)} + " " + waits_at(*to);
    return {to, std::move(text)};
}

edge from(run& of, const activation& a, const waits& endless) {
    return a.waiting == wait_kind::barrier ? from_barrier(a, endless) : from_lock(of, a, endless);
}

std::size_t number_of(run& of, const meeting& at) {
    const auto& all = of.members().all();
    return static_cast<std::size_t>(
        std::ranges::find(all, &at, [](const meeting& m) { return &m; }) - all.begin());
}

// The first barrier that came to be, of those at which somebody waits for ever.
activation* first_of(run& of, const waits& endless) {
    for (auto& at : of.members().all()) {
        const auto found = std::ranges::find_if(endless, [&](const activation* a) {
            return a->waiting == wait_kind::barrier && &meeting_of(*a) == &at;
        });
        if (found != endless.end())
            return *found;
    }
    return nullptr;
}

}  // namespace

activation& under_way_at(const frame* place) noexcept {
    const auto* at = static_cast<const roster_node*>(place);
    while (!at->at)
        at = static_cast<const roster_node*>(at->parent);
    return *at->at;
}

std::string_view first_missing(const meeting& at) noexcept {
    if (const auto* p = at.core.next_missing(nullptr))
        return static_cast<const place*>(p->owner)->lane;
    return at.holders.empty() ? std::string_view{} : at.holders.front()->path;
}

ring ring_in(run& of, const std::vector<activation*>& later_first) {
    const waits endless{later_first.rbegin(), later_first.rend()};
    waits way;
    std::vector<std::string> texts;
    activation* at = first_of(of, endless);
    while (at && std::ranges::find(way, at) == way.end()) {
        way.push_back(at);
        auto next = from(of, *at, endless);
        at = next.to;
        texts.push_back(std::move(next.text));
    }
    if (!at)
        return {};
    const auto begin = std::ranges::find(way, at) - way.begin();
    ring found;
    std::string story = waits_at(*at).substr(std::string_view{"waits at "}.size());
    bool first = true;
    for (auto i = begin; i < std::ssize(way); ++i) {
        auto& here = *way[static_cast<std::size_t>(i)];
        if (here.waiting == wait_kind::barrier)
            found.barriers.push_back(&meeting_of(here));
        story += (std::exchange(first, false) ? " waits" : "") + texts[static_cast<std::size_t>(i)];
    }
    std::ranges::sort(found.barriers, {}, [&](const meeting* m) { return number_of(of, *m); });
    found.barriers.erase(std::unique(found.barriers.begin(), found.barriers.end()),
                         found.barriers.end());
    found.story = of.keep(story);
    return found;
}

}  // namespace weir::runs
