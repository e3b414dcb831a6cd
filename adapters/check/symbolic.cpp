// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

#include <algorithm>
#include <limits>

namespace weir::check {

using plan::node_kind;
using plan::when_status;

scenario worst_case(const occurrences& all) {
    scenario made;
    for (const auto& u : all.unknowns())
        made.chosen.push_back(u.what == unknown::about::size ? u.most : 1);
    made.locked.assign(all.keys().size(), false);
    return made;
}

symbolic_run::symbolic_run(const occurrences& all, const scenario& given)
    : all_{&all},
      given_{&given},
      states_(all.size()),
      meetings_(all.meetings().size()),
      keys_(all.keys().size()) {
    count_parties();
    if (std::ranges::find(given.locked, true) == given.locked.end())
        return;
    for (occurrence_index i = 0; i < all.size(); ++i) {
        if (all[i].kind == occurrence_kind::loop && !all[i].never && all.loop(all[i]).releases != 0)
            releasing_.push_back(i);
    }
}

void symbolic_run::count_parties() {
    for (std::uint32_t m = 0; m < meetings_.size(); ++m)
        meetings_[m].expected = all_->meetings()[m].parties.size();
    for (occurrence_index i = 0; i < states_.size();) {
        const bool unsure = is_unsure(i);
        for (auto below = i; unsure && below < (*all_)[i].end; ++below) {
            const auto party = party_at(below);
            if (party != none && !states_[party].reserved) {
                states_[party].reserved = true;
                ++meetings_[(*all_)[below].meets].reserved;
            }
        }
        i = unsure ? (*all_)[i].end : i + 1;
    }
}

// A section, or a loop, of which nobody knows whether it will be.
bool symbolic_run::is_unsure(occurrence_index i) const noexcept {
    const auto& o = (*all_)[i];
    return o.optional ||
           (o.kind == occurrence_kind::loop && !o.never && all_->loop(o).size != none);
}

// Who meets at a Barrier step; none: it is no such step, or comes too late to be a party.
occurrence_index symbolic_run::party_at(occurrence_index i) const noexcept {
    const auto& o = (*all_)[i];
    if (o.kind != occurrence_kind::barrier || o.late)
        return none;
    return is_cyclic(o.meets) ? all_->party_of(i) : i;
}

bool symbolic_run::is_cyclic(std::uint32_t which) const noexcept {
    return all_->document().barriers[all_->meetings()[which].definition].cyclic;
}

bool symbolic_run::assumed(std::uint32_t unknown) const noexcept {
    return unknown == none || given_->chosen[unknown] != 0;
}

std::uint64_t symbolic_run::turns_of(occurrence_index loop) const noexcept {
    const auto size = all_->loop((*all_)[loop]).size;
    return size == none ? std::numeric_limits<std::uint64_t>::max() : given_->chosen[size];
}

std::uint64_t symbolic_run::slots_of(occurrence_index loop) const noexcept {
    const auto& facts = all_->loop((*all_)[loop]);
    return assumed(facts.slots_of) ? facts.slots : 0;
}

void symbolic_run::run() {
    if (states_.empty())
        return;
    start(0);
    pump();
}

void symbolic_run::pump() {
    while (!ready_.empty()) {
        const auto next = ready_.back();
        ready_.pop_back();
        advance(next);
    }
    give_slots_away();
}

void symbolic_run::start(occurrence_index i) {
    states_[i].now = phase::open;
    ready_.push_back(i);
}

// A stage, or a group in it, at whose first step something fails.
bool symbolic_run::fails(occurrence_index i) const noexcept {
    const auto& how = given_->failing;
    if (how.what == failures::within::nothing || !(*all_)[i].reacts)
        return false;  // whatever else fails may as well come to its end
    if (how.what == failures::within::one_stage)
        return all_->is_below(i, how.stage);
    return how.at == plan::no_node || all_->is_below(i, all_->entry_of(i, how.at));
}

// True when something before it in its stage, or pipeline, has failed.
bool symbolic_run::is_after_failure(occurrence_index i) const noexcept {
    auto below = i;
    for (auto p = (*all_)[i].parent; p != none; below = p, p = (*all_)[p].parent) {
        switch (all_->node(p).kind) {
        case node_kind::rollback:
            return false;
        case node_kind::stage:
            return fails(p);
        case node_kind::step_group:
            if (fails(p))
                return true;
            break;
        case node_kind::pipeline:
            return given_->failing.after != plan::no_node &&
                   (*all_)[below].what > given_->failing.after &&
                   all_->document()[given_->failing.after].parent == (*all_)[p].what;
        default:
            break;
        }
    }
    return false;
}

bool symbolic_run::is_skipped(occurrence_index i, bool& failed) const noexcept {
    const auto& o = (*all_)[i];
    const auto& n = all_->node(i);
    const auto parent = o.parent;
    const bool is_turn = parent != none && (*all_)[parent].kind == occurrence_kind::loop;
    if (o.never || !assumed(o.condition))
        return true;
    if (is_turn || n.kind == node_kind::parallel || n.kind == node_kind::graph ||
        n.kind == node_kind::pipeline)
        return false;
    if (o.optional)
        return !fails(parent);
    if (!given_->failing.any())
        return n.status == when_status::failure;
    const bool after = is_after_failure(i);
    if (n.status != when_status::success)
        return !after && n.status == when_status::failure;
    // What it is that fails may be in a group.
    failed = after && n.kind != node_kind::step_group;
    return failed;
}

void symbolic_run::advance(occurrence_index i) {
    if (is_done(i))
        return;
    if (states_[i].current == none && states_[i].open == 0)
        return enter(i);
    if ((*all_)[i].kind == occurrence_kind::loop)
        return next_turns(i);
    next_child(i);
}

void symbolic_run::enter(occurrence_index i) {
    bool failed = false;
    if (is_skipped(i, failed)) {
        skip(i, failed);
        return done(i);
    }
    const auto& o = (*all_)[i];
    if (is_unsure(i))
        unreserve(i);
    switch (o.kind) {
    case occurrence_kind::barrier:
        return arrive(i);
    case occurrence_kind::lock:
        if (!given_->locked[key_of(i)] || all_->keys()[o.meets].requests.empty())
            return done(i);
        states_[i].now = phase::waiting;
        asking_.push_back(i);
        return;
    case occurrence_kind::loop:
        return next_turns(i);
    case occurrence_kind::parallel:
    case occurrence_kind::graph:
        return start_entries(i);
    case occurrence_kind::sequence:
        return next_child(i);
    }
}

void symbolic_run::next_child(occurrence_index i) {
    auto& mine = states_[i];
    const auto child = mine.current == none ? (*all_)[i].first : (*all_)[mine.current].next;
    if (child == none)
        return done(i);
    mine.current = child;
    start(child);
}

void symbolic_run::next_turns(occurrence_index i) {
    auto& mine = states_[i];
    const auto slots = slots_of(i);
    const auto most = turns_of(i);
    for (;;) {
        const auto turn = mine.current == none ? (*all_)[i].first : (*all_)[mine.current].next;
        if (turn == none)
            break;
        const bool beyond = (*all_)[turn].turn.index >= most;
        if (!beyond && slots != 0 && mine.open >= slots)
            return;
        const bool gives = gives_slots_away(i);
        if (!beyond && gives && (has_busy_slots(i) || somebody_returns(i)))
            return;
        mine.current = turn;
        if (beyond) {
            skip(turn, false);
            states_[turn].now = phase::done;
            continue;
        }
        ++mine.open;
        if (gives) {
            states_[turn].slot = true;
            ++mine.busy;
        }
        start(turn);
    }
    if (mine.open == 0)
        done(i);
}

void symbolic_run::start_entries(occurrence_index i) {
    auto& mine = states_[i];
    const bool graph = (*all_)[i].kind == occurrence_kind::graph;
    for (auto c = (*all_)[i].first; c != none; c = (*all_)[c].next) {
        ++mine.open;
        if (graph)
            states_[c].blocked = static_cast<std::uint32_t>(all_->dependencies(c).size());
    }
    if (mine.open == 0)
        return done(i);
    mine.current = i;  // entered
    for (auto c = (*all_)[i].first; c != none; c = (*all_)[c].next) {
        if (states_[c].blocked == 0)
            start(c);
    }
}

void symbolic_run::arrive(occurrence_index i) {
    const auto& o = (*all_)[i];
    auto& m = meetings_[o.meets];
    if (o.late || m.decided)
        return done(i);
    states_[i].now = phase::waiting;
    m.waiting.push_back(i);
    settle(o.meets);
}

void symbolic_run::settle(std::uint32_t which) {
    auto& m = meetings_[which];
    if (m.decided || m.waiting.empty())
        return;
    const auto quorum = all_->document().barriers[all_->meetings()[which].definition].quorum;
    if (quorum == 0) {
        if (m.waiting.size() >= m.expected)
            pass(which, false);
        return;
    }
    // Too few are left: it breaks.
    if (m.expected < quorum || (m.waiting.size() >= quorum && m.reserved == 0))
        pass(which, false);
}

void symbolic_run::pass(std::uint32_t which, bool for_good) {
    auto& m = meetings_[which];
    m.decided = for_good || !is_cyclic(which);
    auto waiting = std::move(m.waiting);
    m.waiting.clear();
    for (const auto i : waiting)
        done(i);
}

void symbolic_run::leave(std::uint32_t which, occurrence_index party) {
    if (states_[party].left)
        return;
    states_[party].left = true;
    --meetings_[which].expected;
    if (states_[party].reserved) {
        states_[party].reserved = false;
        --meetings_[which].reserved;
    }
    settle(which);
}

// It is certain now that it will be; not, what is unsure below it.
void symbolic_run::unreserve(occurrence_index top) {
    for (auto i = top; i < (*all_)[top].end;) {
        if (i != top && is_unsure(i)) {
            i = (*all_)[i].end;
            continue;
        }
        const auto party = party_at(i);
        if (party != none && states_[party].reserved) {
            states_[party].reserved = false;
            --meetings_[(*all_)[i].meets].reserved;
            settle((*all_)[i].meets);
        }
        ++i;
    }
}

// Nobody at or below it comes. With `failed`, the barriers that they owed break.
void symbolic_run::skip(occurrence_index top, bool failed) {
    for (auto i = top; i < (*all_)[top].end; ++i) {
        const auto party = party_at(i);
        if (party == none || is_done(i))
            continue;
        states_[i].now = phase::done;
        if (failed && !meetings_[(*all_)[i].meets].decided)
            pass((*all_)[i].meets, true);
        leave((*all_)[i].meets, party);
    }
}

void symbolic_run::done(occurrence_index i) {
    const auto& o = (*all_)[i];
    states_[i].now = phase::done;
    for (const auto which : all_->cycles_of(i))
        leave(which, i);
    if (states_[i].holds)
        give_back(i);
    if (o.parent != none)
        told(o.parent, i);
}

void symbolic_run::told(occurrence_index parent, occurrence_index child) {
    auto& around = states_[parent];
    switch ((*all_)[parent].kind) {
    case occurrence_kind::sequence:
        ready_.push_back(parent);
        return;
    case occurrence_kind::loop:
        --around.open;
        around.busy -= states_[child].slot ? 1 : 0;
        states_[child].slot = false;
        ready_.push_back(parent);
        return;
    case occurrence_kind::graph:
        for (const auto next : all_->dependents(child)) {
            if (--states_[next].blocked == 0)
                start(next);
        }
        [[fallthrough]];
    default:
        if (--around.open == 0)
            done(parent);
    }
}

}  // namespace weir::check
