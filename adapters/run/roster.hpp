// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/run/event.hpp"
#include "adapters/run/frame.hpp"
#include "fibers/barrier.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::runs {

class run;

// A barrier of one run.
struct meeting {
    meeting(run& whose, fibers::worker& home, barrier_names known_as,
            fibers::decided_function on_decision)
        : core{home, this, {.when_decided = on_decision}}, names{known_as}, owner{whose} {}

    [[nodiscard]] bool decided() const noexcept { return core.state() != fibers::verdict::pending; }

    fibers::barrier core;
    barrier_names names;
    run& owner;
    std::vector<const frame*> holders;  // the nodes that hold a reservation
    std::string_view blamed;            // set before it breaks: the path of who is to blame
    std::string_view cause;             // and what happened, for people
    std::string account;  // all of that in one sentence, made for the first who fails because of it
};

// A party's place at a barrier.
struct place {
    place(meeting& where, std::string_view who) : member{this}, at{where}, lane{who} {}

    fibers::lane_party member;
    meeting& at;
    std::string_view lane;          // the path of the innermost lane: who the party is
    std::int64_t deadline_ns = -1;  // of its arrival
    bool ended = false;             // it was told how: arrived, withdrawn or failed
};

// A node at or below which Barrier steps stand, in one turn of each loop around it. Children follow
// the plan's order; those of a loop are its turns.
struct roster_node : frame {
    roster_node* first = nullptr;
    roster_node* next = nullptr;
    place* seat = nullptr;                         // a Barrier step's
    std::shared_ptr<const plan::expansion> turns;  // a loop's, once known
    std::string_view lane;                         // innermost lane at this node
    bool reserved = false;                         // who is below is not known yet
    std::vector<std::uint32_t> held;               // the meetings that it holds for them, by number
};

// Who will meet whom: the barriers of a run and their parties, made before the first lane starts
// from the plan alone (SEMANTICS.md, sections 1 and 2). A loop of unknown size, and a rollback
// section, hold reservations until `settle` or `withdraw`.
//
// Everything is called on the run's worker; `build` and `settle` on its own stack. Each change is
// told as an event, before what it decides.
class roster {
public:
    explicit roster(run& owner) : run_{owner} {}

    // Makes the tree and tells who is expected. The root stands for the pipeline; null: no barriers
    // in use.
    roster_node* build();

    // The rows of a reserved loop are known now: its parties are expected, its reservations end.
    void settle(roster_node& loop, std::shared_ptr<const plan::expansion> turns);
    // A rollback section starts.
    void settle(roster_node& rollback);

    // All at or below who are still expected, or reserved, will not come and nobody is to blame.
    void withdraw(roster_node* at) noexcept;

    // All at or below who are still expected fail. With `waiting`, those who wait at a barrier as
    // well.
    void fail(roster_node* at, fibers::reason why, std::string_view cause, bool waiting) noexcept;
    // The same, save a rollback section of this node that has not started.
    void fail_flow(roster_node* at, fibers::reason why, std::string_view cause,
                   bool waiting) noexcept;
    // Those who are skipped once something has failed in the stage, or pipeline, before `at`.
    void fail_skipped(roster_node* at, fibers::reason why, std::string_view cause) noexcept;

    // A hand decides a barrier. Empty: done; else why not.
    std::string decide_by_hand(std::string_view barrier, bool release, std::string_view cause);

    // Why so few turns of a loop at once would starve a barrier in it; empty: they would not.
    [[nodiscard]] std::string too_few(const roster_node* loop, std::uint64_t slots) const;

    // Those in use, and who has come, as a JSON array. [own stack]
    [[nodiscard]] json describe() const;

private:
    roster_node* make(const plan::node&, const roster_node& parent, std::string_view lane,
                      bool entry);
    roster_node* make_loop(const plan::node&, const roster_node& parent);
    void make_turns(roster_node& loop);
    void make_body(roster_node& at);
    void make_seat(roster_node& at);
    bool never_runs(const roster_node& at, std::string_view condition) const;
    void reserve(roster_node& at);
    void unreserve(roster_node& at) noexcept;
    roster_node& add(const plan::node&, const roster_node* parent, std::string_view path,
                     std::string_view lane);
    // The barrier as the pipeline around a place has it that declares it; each run of that pipeline
    // has its own. Nothing: that pipeline is below the place.
    std::optional<std::uint32_t> meeting_at(const roster_node& at, std::uint32_t barrier);
    void open_new();
    void fail_here(roster_node& at, fibers::reason why, std::string_view cause,
                   bool waiting) noexcept;
    void fail_seat(place&, fibers::reason why, std::string_view cause, bool waiting) noexcept;
    void blame(meeting&, std::string_view who, std::string_view cause) noexcept;
    void tell(event_type, const meeting&, std::string_view who, bool late) noexcept;

    run& run_;
    std::deque<roster_node> nodes_;
    std::deque<place> places_;
    std::deque<meeting> meetings_;
    std::vector<meeting*> numbered_;
    std::map<std::pair<const frame*, std::uint32_t>, std::uint32_t>
        numbers_;             // by the pipeline's node and plan::barriers index
    std::size_t opened_ = 0;  // so many of the meetings may decide
};

}  // namespace weir::runs
