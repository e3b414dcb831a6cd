// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

#include <algorithm>

namespace weir::check {

bool symbolic_run::gives_slots_away(occurrence_index loop) const noexcept {
    return std::ranges::find(releasing_, loop) != releasing_.end() &&
           assumed(all_->loop((*all_)[loop]).slots_of);
}

bool symbolic_run::has_busy_slots(occurrence_index loop) const noexcept {
    return states_[loop].busy >= all_->loop((*all_)[loop]).releases;
}

// A turn that gave its slot away may want one again.
bool symbolic_run::somebody_returns(occurrence_index loop) const noexcept {
    for (auto turn = (*all_)[loop].first; turn != none; turn = (*all_)[turn].next) {
        if (states_[turn].now == phase::ahead)
            return false;
        if (!is_done(turn) && !states_[turn].slot)
            return true;
    }
    return false;
}

// Turns in which everybody waits.
void symbolic_run::give_slots_away() {
    for (const auto loop : releasing_) {
        auto& mine = states_[loop];
        for (auto turn = (*all_)[loop].first; mine.busy > 0 && turn != none;
             turn = (*all_)[turn].next) {
            const bool active = std::ranges::any_of(
                asking_, [&](occurrence_index lock) { return all_->is_below(lock, turn); });
            if (!states_[turn].slot || active)
                continue;
            states_[turn].slot = false;
            --mine.busy;
        }
    }
}

bool symbolic_run::may_ask(occurrence_index lock) const noexcept {
    for (auto i = lock; !releasing_.empty() && i != none; i = (*all_)[i].parent) {
        const auto loop = (*all_)[i].parent;
        if (loop != none && gives_slots_away(loop) && !states_[i].slot && has_busy_slots(loop))
            return false;
    }
    return true;
}

std::vector<occurrence_index> symbolic_run::startable() const {
    std::vector<occurrence_index> found;
    for (const auto loop : releasing_) {
        const auto& mine = states_[loop];
        if (mine.now != phase::open || mine.current == none || has_busy_slots(loop))
            continue;
        const auto turn = (*all_)[mine.current].next;
        if (turn != none && gives_slots_away(loop))
            found.push_back(loop);
    }
    return found;
}

void symbolic_run::start_turn(occurrence_index loop) {
    auto& mine = states_[loop];
    mine.current = (*all_)[mine.current].next;
    ++mine.open;
    ++mine.busy;
    states_[mine.current].slot = true;
    start(mine.current);
    ready_.push_back(loop);
    pump();
}

}  // namespace weir::check
