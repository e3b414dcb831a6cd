// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/occurrences.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// What goes wrong, in the run and so in each of its child pipelines.
struct failures {
    enum class within : std::uint8_t { nothing, one_stage, stages };

    // Stages that fail at once: their rollback sections run, and what asks for a failure in them.
    within what = within::nothing;
    occurrence_index stage = none;        // one_stage: which
    plan::node_index at = plan::no_node;  // stages: of this entry of the pipeline; no_node: all
    // What comes after this entry of the pipeline comes after a failure.
    plan::node_index after = plan::no_node;

    [[nodiscard]] bool any() const noexcept {
        return what != within::nothing || after != plan::no_node;
    }
};

// What is assumed of that which only a run will tell.
struct scenario {
    // By unknown: how many turns (size); else 1: it holds, slots are as few as they may be; 0: not.
    std::vector<std::uint64_t> chosen;
    std::vector<bool> locked;  // by key: it is taken seriously; else it is had for the asking
    // By key: the first of those that are equal, which stands for them all; empty: all differ.
    std::vector<std::uint32_t> same;
    failures failing;
};

// All unknowns at their worst, every lock for the asking.
[[nodiscard]] scenario worst_case(const occurrences&);

// The worst case with each way of failing that something in the plan asks for; not more than
// `most`.
[[nodiscard]] std::vector<scenario> failing_cases(const occurrences&, const scenario& worst,
                                                  std::uint64_t most);

enum class phase : std::uint8_t { ahead, open, waiting, done };

// Runs a plan without time and without outcomes: every step succeeds at once, and only barriers,
// slots and locks hold anything back. Save for the order in which locks are asked for, what is
// parked at the end is parked in every order of events: who may pass only ever grows. Copies are
// runs that have come equally far.
class symbolic_run {
public:
    symbolic_run(const occurrences&, const scenario&);

    // As far as it gets without asking for a lock.
    void run();

    // Steps that have come to a lock and not asked yet, the earliest first.
    [[nodiscard]] const std::vector<occurrence_index>& asking() const noexcept { return asking_; }
    // One of them asks; on as far as that leads. `capacity`: of the lock, where nobody has it or
    // waits for it; 0: as the step says.
    void ask(occurrence_index lock, std::uint64_t capacity = 0);
    // Whether it may: each turn around it that gave its slot away can have one.
    [[nodiscard]] bool may_ask(occurrence_index lock) const noexcept;
    // Loops that have a slot for their next turn, for which one that comes back may be quicker.
    [[nodiscard]] std::vector<occurrence_index> startable() const;
    void start_turn(occurrence_index loop);
    [[nodiscard]] bool is_free(std::uint32_t key) const noexcept {
        return keys_[key].held.empty() && keys_[key].queue.empty();
    }

    [[nodiscard]] bool completed() const noexcept { return states_.empty() || is_done(0); }

    // What is parked, and where.
    struct meeting_state {
        std::uint64_t expected = 0;  // parties that have not left
        std::uint64_t reserved = 0;  // of those, the ones that may turn out not to be any
        bool decided = false;
        std::vector<occurrence_index> waiting;
    };
    struct key_state {
        struct holding {
            occurrence_index holder;
            occurrence_index by;  // the step that took it
            std::uint64_t permits;
        };
        std::vector<holding> held;
        std::vector<occurrence_index> queue;
        std::uint64_t capacity = 1;  // as the first said who asked for it
    };
    [[nodiscard]] const std::vector<meeting_state>& meetings() const noexcept { return meetings_; }
    [[nodiscard]] const std::vector<key_state>& keys() const noexcept { return keys_; }
    [[nodiscard]] std::uint32_t key_of(occurrence_index lock) const noexcept {
        const auto written = (*all_)[lock].meets;
        return given_->same.empty() ? written : given_->same[written];
    }
    [[nodiscard]] phase at(occurrence_index i) const noexcept { return states_[i].now; }
    [[nodiscard]] bool is_done(occurrence_index i) const noexcept {
        return states_[i].now == phase::done;
    }
    // A sequence's child under way.
    [[nodiscard]] occurrence_index current(occurrence_index i) const noexcept {
        return states_[i].current;
    }
    [[nodiscard]] bool has_asked(occurrence_index lock) const noexcept {
        return states_[lock].asked;
    }
    [[nodiscard]] bool has_left(occurrence_index party) const noexcept {
        return states_[party].left;
    }

    // Lets through all who wait there, as if it were no obstacle: what else is wrong?
    void break_barrier(std::uint32_t meeting);
    void break_lock(std::uint32_t key);

    // What tells one state from another, once it has come to rest.
    void append_state(std::vector<std::uint32_t>& to) const;

private:
    struct state {
        occurrence_index current = none;
        std::uint32_t open = 0;     // turns or entries under way
        std::uint32_t blocked = 0;  // an entry of a graph: those before it
        phase now = phase::ahead;
        bool left = false;       // a party: no longer expected
        bool reserved = false;   // a party that may turn out to be none
        bool holds = false;      // a lock, until its end
        bool asked = false;      // a lock's step
        bool slot = false;       // a turn: one that it gives away while it waits
        std::uint32_t busy = 0;  // a loop: such slots that are taken
    };

    void count_parties();
    void start(occurrence_index);
    void advance(occurrence_index);
    void enter(occurrence_index);
    void next_child(occurrence_index);
    void next_turns(occurrence_index);
    void start_entries(occurrence_index);
    void arrive(occurrence_index);
    void done(occurrence_index);
    void told(occurrence_index parent, occurrence_index child);
    void skip(occurrence_index, bool failed);
    void leave(std::uint32_t meeting, occurrence_index party);
    void unreserve(occurrence_index top);
    void settle(std::uint32_t meeting);
    void pass(std::uint32_t meeting, bool for_good);
    void grant(std::uint32_t key);
    void let_in(std::uint32_t key, occurrence_index holder);
    void give_back(occurrence_index holder);
    void pump();
    void give_slots_away();

    [[nodiscard]] bool is_unsure(occurrence_index) const noexcept;
    [[nodiscard]] bool is_cyclic(std::uint32_t meeting) const noexcept;
    [[nodiscard]] occurrence_index party_at(occurrence_index) const noexcept;
    [[nodiscard]] bool assumed(std::uint32_t unknown) const noexcept;
    [[nodiscard]] bool fails(occurrence_index stage) const noexcept;
    [[nodiscard]] bool is_after_failure(occurrence_index) const noexcept;
    [[nodiscard]] bool is_skipped(occurrence_index, bool& failed) const noexcept;
    [[nodiscard]] std::uint64_t turns_of(occurrence_index loop) const noexcept;
    [[nodiscard]] std::uint64_t slots_of(occurrence_index loop) const noexcept;
    [[nodiscard]] bool gives_slots_away(occurrence_index loop) const noexcept;
    [[nodiscard]] bool has_busy_slots(occurrence_index loop) const noexcept;
    [[nodiscard]] bool somebody_returns(occurrence_index loop) const noexcept;

    const occurrences* all_;
    const scenario* given_;
    std::vector<state> states_;
    std::vector<meeting_state> meetings_;
    std::vector<key_state> keys_;
    std::vector<occurrence_index> ready_;
    std::vector<occurrence_index> asking_;
    // Loops whose turns give their slots away. Only where locks matter: who may hold one at once
    // with whom hangs on that; else all turns may as well start at once.
    std::vector<occurrence_index> releasing_;
};

}  // namespace weir::check
