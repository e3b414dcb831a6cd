// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/search.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace weir::check {

namespace {

// Whether `earlier` is always over when `later` comes.
bool comes_before(const occurrences& all, occurrence_index earlier, occurrence_index later) {
    if (earlier > later)
        return false;
    auto top = earlier;
    auto below = top;
    while (!all.is_below(later, top)) {
        below = top;
        top = all[top].parent;
    }
    return top != below && all[top].kind == occurrence_kind::sequence;
}

bool waits_while_holding(const occurrences& all, std::uint32_t which,
                         const std::vector<bool>& held) {
    return std::ranges::any_of(all.keys()[which].requests, [&](occurrence_index request) {
        if (all.permits_of(request) > all.keys()[which].capacity)
            return true;
        const auto holder = all.holder_of(request);
        for (auto i = holder; i < all[holder].end; ++i) {
            const auto& o = all[i];
            const bool other =
                o.kind == occurrence_kind::barrier ||
                (o.kind == occurrence_kind::lock && o.meets != which && held[o.meets]);
            if (other && !comes_before(all, i, request))
                return true;
        }
        return false;
    });
}

}  // namespace

std::vector<bool> held_while_waiting(const occurrences& all) {
    std::vector<bool> held;
    for (const auto& k : all.keys())
        held.push_back(!k.requests.empty());
    for (bool changed = true; changed;) {
        changed = false;
        for (std::uint32_t which = 0; which < held.size(); ++which) {
            if (held[which] && !waits_while_holding(all, which, held)) {
                held[which] = false;
                changed = true;
            }
        }
    }
    return held;
}

searched search(const occurrences& all, const scenario& given, std::uint64_t& steps_left) {
    std::vector<symbolic_run> open;
    open.emplace_back(all, given).run();
    std::set<std::vector<std::uint32_t>> seen;
    while (!open.empty()) {
        auto run = std::move(open.back());
        open.pop_back();
        if (run.asking().empty()) {
            if (!run.completed())
                return {answer::stuck, std::move(run)};
            continue;
        }
        for (const auto lock : run.asking()) {
            if (steps_left < all.size())
                return {answer::gave_up, std::nullopt};
            steps_left -= all.size();
            auto next = run;
            next.ask(lock);
            std::vector<std::uint32_t> state;
            next.append_state(state);
            if (seen.insert(std::move(state)).second)
                open.push_back(std::move(next));
        }
    }
    return {};
}

}  // namespace weir::check
