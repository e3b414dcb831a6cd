// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/search.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace weir::check {

namespace {

constexpr std::size_t most_chances = 50;

// The child of a node that another one below it is in.
occurrence_index entry_at(const occurrences& all, occurrence_index top, occurrence_index i) {
    while (all[i].parent != top)
        i = all[i].parent;
    return i;
}

bool leads_to(const occurrences& all, occurrence_index earlier, occurrence_index later) {
    std::vector<occurrence_index> open{later};
    std::set<occurrence_index> seen{later};
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        for (const auto before : all.dependencies(at)) {
            if (before == earlier)
                return true;
            if (seen.insert(before).second)
                open.push_back(before);
        }
    }
    return false;
}

// Whether `earlier` is always over when `later` comes.
bool comes_before(const occurrences& all, occurrence_index earlier, occurrence_index later) {
    auto top = earlier;
    auto below = top;
    while (!all.is_below(later, top)) {
        below = top;
        top = all[top].parent;
    }
    if (top == below)
        return false;
    return (all[top].kind == occurrence_kind::sequence && earlier < later) ||
           (all[top].kind == occurrence_kind::graph &&
            leads_to(all, below, entry_at(all, top, later)));
}

// Which locks somebody may hold while he waits; fewer and fewer are left of them.
class holding {
public:
    explicit holding(const occurrences& all) : all_{all} {
        for (const auto& k : all.keys()) {
            held_.push_back(!k.requests.empty());
            any_ += held_.back() ? 1 : 0;
            unknown_ += held_.back() && !k.known ? 1 : 0;
        }
    }

    std::vector<bool> settle() {
        for (bool changed = true; changed;) {
            changed = false;
            for (std::uint32_t which = 0; which < held_.size(); ++which) {
                if (!held_[which] || waits(which))
                    continue;
                held_[which] = false;
                --any_;
                unknown_ -= all_.keys()[which].known ? 0 : 1;
                changed = true;
            }
        }
        return held_;
    }

private:
    // Who asks for it may have to wait for one who waits himself.
    [[nodiscard]] bool blocks(std::uint32_t k) const {
        return !all_.keys()[k].requests.empty() &&
               (held_[k] || unknown_ > 0 || (any_ > 0 && !all_.keys()[k].known));
    }

    [[nodiscard]] bool waits(std::uint32_t which) const {
        return std::ranges::any_of(all_.keys()[which].requests, [&](occurrence_index request) {
            if (all_.permits_of(request) > all_.capacity_of(request))
                return true;
            const auto holder = all_.holder_of(request);
            for (auto i = holder; i < all_[holder].end; ++i) {
                const auto& o = all_[i];
                const bool other =
                    o.kind == occurrence_kind::barrier ||
                    (o.kind == occurrence_kind::lock && o.meets != which && blocks(o.meets));
                if (other && !comes_before(all_, i, request))
                    return true;
            }
            return false;
        });
    }

    const occurrences& all_;
    std::vector<bool> held_;
    std::size_t any_ = 0, unknown_ = 0;
};

// The orders of one scenario.
class orders {
public:
    orders(const occurrences& all, const symbolic_run& begin, std::uint64_t& steps_left)
        : all_{all}, begin_{begin}, steps_left_{steps_left}, requests_(all.keys().size()) {
        for (const auto& k : all.keys()) {
            for (const auto r : k.requests)
                requests_[begin.key_of(r)].push_back(r);
        }
        for (const auto& r : requests_) {
            mixed_.push_back(std::ranges::any_of(r, [&](occurrence_index one) {
                return all.capacity_of(one) != all.capacity_of(r.front());
            }));
        }
    }

    // A few of them, each as good as drawn: most of what can get stuck does in one of these.
    std::optional<symbolic_run> stuck_by_chance() {
        std::minstd_rand draw;  // the same on every machine
        for (std::size_t trial = 0; trial < most_chances; ++trial) {
            auto run = begin_;
            for (auto moves = moves_of(run); !moves.empty(); moves = moves_of(run)) {
                if (!spend())
                    return std::nullopt;
                carry_out(moves[draw() % moves.size()], run);
            }
            if (!run.completed())
                return run;
        }
        return std::nullopt;
    }

    searched all() {
        std::vector<symbolic_run> open{begin_};
        std::set<std::vector<std::uint32_t>> seen;
        while (!open.empty()) {
            const auto run = std::move(open.back());
            open.pop_back();
            const auto moves = moves_of(run);
            if (moves.empty() && !run.completed())
                return {answer::stuck, run};
            for (const auto& m : moves) {
                if (!spend())
                    return {answer::gave_up, std::nullopt};
                auto next = run;
                carry_out(m, next);
                std::vector<std::uint32_t> state;
                next.append_state(state);
                if (seen.insert(std::move(state)).second)
                    open.push_back(std::move(next));
            }
        }
        return {};
    }

private:
    // A step asks for its lock, or a loop starts its next turn.
    struct move {
        occurrence_index who;
        std::uint64_t capacity;  // 0: a loop
    };

    std::vector<move> moves_of(const symbolic_run& run) const {
        std::vector<move> found;
        for (const auto lock : run.asking()) {
            if (!run.may_ask(lock))
                continue;
            for (const auto capacity : capacities_of(run, lock))
                found.push_back({lock, capacity});
        }
        for (const auto loop : run.startable())
            found.push_back({loop, 0});
        return found;
    }

    static void carry_out(const move& m, symbolic_run& on) {
        if (m.capacity == 0)
            on.start_turn(m.who);
        else
            on.ask(m.who, m.capacity);
    }

    bool spend() {
        if (steps_left_ < all_.size())
            return false;
        steps_left_ -= all_.size();
        return true;
    }

    // What a lock may have that somebody asks for: it keeps what its first request said until
    // nobody has it or wants it, and here nobody has it for long who does not wait.
    std::vector<std::uint64_t> capacities_of(const symbolic_run& run, occurrence_index lock) const {
        std::vector<std::uint64_t> found{all_.capacity_of(lock)};
        const auto which = run.key_of(lock);
        if (!mixed_[which] || !run.is_free(which))
            return found;
        for (const auto r : requests_[which]) {
            const auto capacity = all_.capacity_of(r);
            if (run.has_asked(r) && std::ranges::find(found, capacity) == found.end() &&
                !comes_before(all_, all_.holder_of(r), lock))
                found.push_back(capacity);
        }
        return found;
    }

    const occurrences& all_;
    const symbolic_run& begin_;
    std::uint64_t& steps_left_;
    std::vector<std::vector<occurrence_index>> requests_;  // by key
    std::vector<bool> mixed_;                              // their capacities differ
};

}  // namespace

std::vector<bool> held_while_waiting(const occurrences& all) {
    return holding{all}.settle();
}

void go_on(symbolic_run& run) {
    for (;;) {
        const auto& asking = run.asking();
        const auto next =
            std::ranges::find_if(asking, [&](occurrence_index lock) { return run.may_ask(lock); });
        if (next != asking.end()) {
            run.ask(*next);
        } else if (const auto loops = run.startable(); !loops.empty()) {
            run.start_turn(loops.front());
        } else {
            return;
        }
    }
}

searched search(const occurrences& all, const scenario& given, std::uint64_t& steps_left) {
    symbolic_run begin{all, given};
    begin.run();
    orders of{all, begin, steps_left};
    if (auto stuck = of.stuck_by_chance())
        return {answer::stuck, std::move(stuck)};
    return of.all();
}

}  // namespace weir::check
