// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

#include <algorithm>
#include <numeric>

namespace weir::check {

void symbolic_run::ask(occurrence_index lock, std::uint64_t capacity) {
    std::erase(asking_, lock);
    for (auto i = lock; !releasing_.empty() && i != none; i = (*all_)[i].parent) {
        const auto loop = (*all_)[i].parent;
        if (loop == none || states_[i].slot || !gives_slots_away(loop))
            continue;
        states_[i].slot = true;
        ++states_[loop].busy;
    }
    const auto which = key_of(lock);
    auto& k = keys_[which];
    if (is_free(which))
        k.capacity = capacity != 0 ? capacity : all_->capacity_of(lock);
    // What its holder has already, its descendants have too.
    const bool had =
        std::ranges::any_of(k.held, [&](const auto& h) { return all_->is_below(lock, h.holder); });
    states_[lock].asked = !had;
    // One that the first comer has made too small: that step fails, and waits for nothing.
    const bool fails =
        all_->permits_of(lock) > k.capacity && all_->permits_of(lock) <= all_->capacity_of(lock);
    if (had || fails) {
        done(lock);
    } else {
        k.queue.push_back(lock);
        grant(which);
    }
    pump();
}

// First come, first served: whoever asks for much holds up those behind.
void symbolic_run::grant(std::uint32_t which) {
    auto& k = keys_[which];
    while (!k.queue.empty()) {
        const auto taken =
            std::accumulate(k.held.begin(), k.held.end(), std::uint64_t{0},
                            [](std::uint64_t sum, const auto& h) { return sum + h.permits; });
        const auto first = k.queue.front();
        const auto permits = all_->permits_of(first);
        if (taken + permits > k.capacity)
            return;
        k.queue.erase(k.queue.begin());
        const auto holder = all_->holder_of(first);
        k.held.push_back({holder, first, permits});
        states_[holder].holds = true;
        done(first);
        let_in(which, holder);
    }
}

// Those of the queue who are below one who has the lock now.
void symbolic_run::let_in(std::uint32_t which, occurrence_index holder) {
    auto& queue = keys_[which].queue;
    const auto below =
        std::stable_partition(queue.begin(), queue.end(),
                              [&](occurrence_index lock) { return !all_->is_below(lock, holder); });
    const std::vector<occurrence_index> passing(below, queue.end());
    queue.erase(below, queue.end());
    for (const auto lock : passing)
        done(lock);
}

void symbolic_run::give_back(occurrence_index holder) {
    for (std::uint32_t which = 0; which < keys_.size(); ++which) {
        const auto before = keys_[which].held.size();
        std::erase_if(keys_[which].held, [&](const auto& h) { return h.holder == holder; });
        if (keys_[which].held.size() != before)
            grant(which);
    }
}

void symbolic_run::break_barrier(std::uint32_t meeting) {
    if (!meetings_[meeting].decided)
        pass(meeting, true);
    pump();
}

void symbolic_run::break_lock(std::uint32_t key) {
    auto queue = std::move(keys_[key].queue);
    keys_[key].queue.clear();
    for (const auto lock : queue)
        done(lock);
    pump();
}

void symbolic_run::append_state(std::vector<std::uint32_t>& to) const {
    for (const auto& k : keys_) {
        for (const auto& h : k.held)
            to.push_back(h.by);
        to.push_back(static_cast<std::uint32_t>(k.capacity));
        to.push_back(none);
        to.insert(to.end(), k.queue.begin(), k.queue.end());
        to.push_back(none);
    }
    // Who has had a lock and given it back shows in how far the steps have come.
    const auto asking = to.insert(to.end(), asking_.begin(), asking_.end());
    std::sort(asking, to.end());
    to.push_back(none);
    for (const auto loop : releasing_) {
        to.push_back(states_[loop].current);
        for (auto turn = (*all_)[loop].first; turn != none; turn = (*all_)[turn].next) {
            if (states_[turn].slot)
                to.push_back(turn);
        }
        to.push_back(none);
    }
    for (const auto& k : all_->keys()) {
        for (const auto lock : k.requests)
            to.push_back(static_cast<std::uint32_t>(states_[lock].now));
    }
}

}  // namespace weir::check
