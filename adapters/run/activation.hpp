// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/countdown.hpp"
#include "adapters/run/event.hpp"
#include "adapters/run/frame.hpp"
#include "adapters/run/roster.hpp"
#include "adapters/run/turn_slot.hpp"
#include "fibers/join.hpp"
#include "fibers/slots.hpp"
#include "fibers/timers.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir::runs {

class run;
class dag;
struct lock_hold;

// Why something failed, as failure strategies and people see it.
struct failure {
    std::string kind;  // "Timeout", "BarrierBroken", "Unknown" ...
    std::string message;
    bool by_timeout = false;  // strategies for Timeout match too
};

// What an activation's lane is parked in, so that an interruption can end the wait.
enum class wait_kind : std::uint8_t {
    none,
    step,
    barrier,
    lock,
    slot,
    turn,
    pause,
    resume,
    intervention
};

enum class interruption : std::uint8_t { none, own_clock, from_above };

// The lanes that a parallel or a loop has started and waits for.
struct fork {
    fork(fibers::worker& home, std::uint32_t limit) : join{home}, slots{home, limit} {}

    fibers::join join;
    fibers::slots slots;
    std::shared_ptr<const plan::expansion> turns;  // of a loop
    bool capped = false;
    bool gives_back = false;  // capped: a turn that waits gives its slot to the next
};

struct undo;

// A node under way: from its node.started to its node.finished. Children point to their parent,
// which outlives them. Lives on the run's worker.
struct activation : frame {
    activation(run& whose, activation* above, const plan::node& node, std::string_view named);
    ~activation();
    activation(const activation&) = delete;
    activation& operator=(const activation&) = delete;

    [[nodiscard]] activation* up() const noexcept {
        return const_cast<activation*>(static_cast<const activation*>(parent));
    }
    [[nodiscard]] bool is_turn() const noexcept { return loop != nullptr; }
    [[nodiscard]] bool is_loop() const noexcept { return what->loop() != nullptr && !is_turn(); }
    // Its children follow one another in its own lane.
    [[nodiscard]] bool is_sequence() const noexcept;
    // Parallels are structure, not nodes that events tell of; the pipeline is the run itself.
    [[nodiscard]] bool is_told() const noexcept;
    [[nodiscard]] std::string_view kind() const noexcept;

    // Says who of the roster stands at and below it; null: nobody.
    void join(roster_node* who) noexcept {
        part();
        if (who) {
            who->begun = true;
            who->at = this;
        }
        members = who;
        next_member = who ? who->first : nullptr;
    }

    void part() noexcept {
        if (members && members->at == this)
            members->at = nullptr;
    }

    // Takes a child's roster off the row: children are visited in the plan's order, save those of a
    // graph.
    roster_node* roster_of(const plan::node& child) noexcept;

    void absorb(outcome of_child) noexcept;

    run& owner;
    activation* first_child = nullptr;
    activation* next_sibling = nullptr;
    activation* previous_sibling = nullptr;

    roster_node* members = nullptr;      // null: no Barrier step at or below
    roster_node* next_member = nullptr;  // of the children not visited yet
    plan::node_index next_child = plan::no_node;

    fork* lanes = nullptr;       // the base of a lane: whose it is
    fork* forked = nullptr;      // a parallel, graph or loop: whom it waits for
    turn_slot* slot = nullptr;   // of the innermost turn around it that gives its slot back
    bool resting = false;        // its lane waits, and does not count as active
    dag* graph = nullptr;        // a graph: in which order
    lock_hold* holds = nullptr;  // locks that it keeps to its end
    void* wait = nullptr;
    wait_kind waiting = wait_kind::none;
    std::uint32_t active = 1;    // see stalls.hpp
    std::uint32_t moves_in = 0;  // a search found that something in it moves
    bool joining = false;        // its lane waits for those that it has started

    outcome worst = outcome::none;
    interruption interrupted = interruption::none;
    bool announced = false;     // its start was told
    bool failed = false;        // a child ended badly
    bool halted = false;        // nothing further starts in it
    bool rolling_back = false;  // a pipeline, stage or group: its rollback is due
    bool rolled_back = false;   // it ran, or runs: not again
    const plan::failure_action* again = nullptr;  // a group: it is to be tried again, by this
    std::int64_t timeout_ms = 0;                  // of this one; 0: as its node has it
    std::uint32_t tries = 1;                      // of a group
    std::string_view inner;         // what is in its present try goes by this path; empty: its own
    std::unique_ptr<undo> undoing;  // what a pipeline's rollback still has to do
    std::string_view lost_to;       // what failed in it for good, at once; empty: nothing
    std::unique_ptr<failure> error;

    struct clock_timer : fibers::timer {
        activation* of = nullptr;
        countdown time;
    } clock;  // its timeout
};

}  // namespace weir::runs
