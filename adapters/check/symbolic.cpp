// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

namespace weir::check {

using plan::node_index;
using plan::node_kind;

symbolic_run::symbolic_run(const plan::plan& document, const flow& known)
    : document_{document}, flow_{known}, parties_(document.barriers.size()), waiting_(document.barriers.size()) {
    count_parties(0, 1);
}

bool symbolic_run::is_sequence(const strand& s) const noexcept {
    if (is_loop(s)) return false;
    const auto kind = document_[s.what].kind;
    return kind == node_kind::pipeline || kind == node_kind::stage || kind == node_kind::step_group;
}

void symbolic_run::count_parties(node_index i, std::uint64_t turns) {
    const auto& what = document_[i];
    if (!what.holds_barriers || flow_.never_runs(i)) return;
    turns *= flow_.turns(i);
    if (what.kind == node_kind::barrier) parties_[what.barrier] += turns;
    for (auto child = what.first_child; child != plan::no_node; child = document_[child].next) {
        count_parties(child, turns);
    }
}

void symbolic_run::run() {
    start(0, nullptr, false);
    while (!ready_.empty()) {
        auto& next = *ready_.back();
        ready_.pop_back();
        advance(next);
    }
}

strand& symbolic_run::start(node_index what, strand* parent, bool is_turn) {
    strand* made = nullptr;
    if (free_.empty()) {
        made = &strands_.emplace_back();
    } else {
        made = free_.back();
        free_.pop_back();
    }
    *made = {.parent = parent, .what = what, .next_child = document_[what].first_child, .is_turn = is_turn};
    ready_.push_back(made);
    return *made;
}

void symbolic_run::advance(strand& s) {
    const auto& what = document_[s.what];
    // Without a barrier in it, nothing can hold it up.
    if (!what.holds_barriers || flow_.never_runs(s.what)) return done(s);
    if (is_loop(s)) return start_turns(s);
    if (what.kind == node_kind::barrier) return arrive(s);
    if (what.kind == node_kind::parallel) return fork(s);
    if (s.next_child == plan::no_node) return done(s);
    const auto child = s.next_child;
    s.next_child = document_[child].next;
    start(child, &s, false);
}

void symbolic_run::arrive(strand& s) {
    const auto barrier = document_[s.what].barrier;
    waiting_[barrier].push_back(&s);
    if (waiting_[barrier].size() != parties_[barrier]) return;
    auto all = std::move(waiting_[barrier]);
    waiting_[barrier].clear();
    for (auto* waiter : all) done(*waiter);
}

void symbolic_run::fork(strand& s) {
    for (auto child = s.next_child; child != plan::no_node; child = document_[child].next) {
        ++s.open;
        start(child, &s, false);
    }
    if (s.open == 0) done(s);
}

void symbolic_run::start_turns(strand& loop) {
    const auto cap = flow_.cap(loop.what);
    while (loop.started < flow_.turns(loop.what) && (cap == 0 || loop.open < cap)) {
        ++loop.started;
        ++loop.open;
        start(loop.what, &loop, true);
    }
    if (loop.open == 0) done(loop);
}

void symbolic_run::done(strand& s) {
    auto* const parent = s.parent;
    free_.push_back(&s);
    if (!parent) {
        completed_ = true;
        return;
    }
    if (is_sequence(*parent)) {
        ready_.push_back(parent);
        return;
    }
    --parent->open;
    if (is_loop(*parent)) {
        ready_.push_back(parent);
    } else if (parent->open == 0) {
        done(*parent);
    }
}

}  // namespace weir::check
