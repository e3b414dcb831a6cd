// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/run/countdown.hpp"
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
struct activation;

// What a party gave to a barrier that gathers values.
struct gathered {
    std::string_view lane;
    std::shared_ptr<const std::string> value;  // JSON
};

struct roster_node;

// A barrier of one run.
struct meeting {
    meeting(run& whose, fibers::worker& home, barrier_names known_as,
            const plan::barrier_definition& as, const frame& declared_by);

    [[nodiscard]] bool decided() const noexcept { return core.state() != fibers::verdict::pending; }

    fibers::barrier core;
    barrier_names names;
    const plan::barrier_definition& what;
    const frame& scope;  // the run of the pipeline that declares it
    run& owner;
    std::vector<const frame*> holders;  // the nodes that hold a reservation
    std::string_view blamed;            // set before it breaks: the path of who is to blame
    std::string_view cause;             // and what happened, for people
    std::string account;  // all of that in one sentence, made for the first who fails because of it
    std::int64_t limit_ns = 0;               // its own timeout; 0: none
    countdown patience;                      // from its first arrival
    std::vector<gathered> values;            // of the last release, in the plan's order
    activation* releasing = nullptr;         // its onRelease steps, under way
    const fibers::party* awaited = nullptr;  // a missing one that could come when last looked at
    bool listed = false;                     // among those at which somebody waits
    std::uint32_t queued = 0;  // missing ones, or who holds their places, in a turn that
                               // waits for a slot
};

// A party's place at a barrier.
struct place {
    place(meeting& where, std::string_view who) : member{this}, at{where}, lane{who} {}

    fibers::lane_party member;
    meeting& at;
    std::string_view lane;                       // the path of the innermost lane: who the party is
    countdown patience;                          // from its arrival
    activation* waiter = nullptr;                // who is in `arrive`
    const roster_node* node = nullptr;           // where it stands; cyclic: where its lane begins
    bool ended = false;                          // it was told how: arrived, withdrawn or failed
    std::uint32_t later = 0;                     // no party before so many turns around it begin
    std::shared_ptr<const std::string> value{};  // gathered: JSON
    bool lost = false;                           // it was told that it failed
    // A lane around sequential loops, at a cyclic barrier: each turn is one of its rounds.
    bool cyclic = false;
    std::uint32_t queued = 0;    // nodes of it in turns that wait for a slot
    std::uint32_t rounds = 0;    // turns, and loops of unknown size, that may still bring it
    std::uint32_t ended_in = 0;  // the generation in which it withdrew or failed
    fibers::reason owed = fibers::reason::none;  // it waits, and fails for this once it goes on
    std::string_view owed_cause{};
};

// A node at or below which Barrier steps stand, in one turn of each loop around it. Children follow
// the plan's order; those of a loop are its turns.
struct roster_node : frame {
    roster_node* first = nullptr;
    roster_node* next = nullptr;
    activation* at = nullptr;                      // under way
    place* seat = nullptr;                         // a Barrier step's
    std::shared_ptr<const plan::expansion> turns;  // a loop's, once known
    std::string_view lane;                         // innermost lane at this node
    bool reserved = false;                         // who is below is not known yet
    std::uint32_t queued = 0;                      // turns around it that wait for a slot
    bool begun = false;                            // its turn has come
    bool kept = false;                // a rollback section, reserved though its stage has ended
    bool met = false;                 // a turn at a cyclic barrier: it arrived
    bool over = false;                // and this round has been counted
    bool queued_round = false;        // counted in its place's `queued`
    std::uint32_t generation = 0;     // in which a Barrier step arrived; 0: it did not
    std::vector<place*> rounds;       // a loop of unknown size: who goes through it
    bool later = false;               // a turn whose lanes are no parties before it begins
    std::vector<std::uint32_t> held;  // the meetings that it holds for them, by number
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
    // A rollback section starts; with `alone`, that of a stage which rolls back by itself.
    void settle(roster_node& rollback, bool alone);

    // All at or below who are still expected, or reserved, will not come and nobody is to blame.
    void withdraw(roster_node* at) noexcept;

    // The same, save its rollback section: a pipeline's rollback may still run it.
    void withdraw_but_rollback(roster_node* stage) noexcept;

    // Those who wait at or below have not come yet, after all: their group is tried again.
    void retract(roster_node* group) noexcept;
    // A barrier at or below that is broken; empty: none.
    [[nodiscard]] std::string_view broken_below(const roster_node* at) const noexcept;

    // All at or below who are still expected fail. With `waiting`, those who wait at a barrier as
    // well.
    void fail(roster_node* at, fibers::reason why, std::string_view cause, bool waiting) noexcept;
    // Whoever was made is no party any more: the run could not start.
    void break_all(std::string_view cause) noexcept;
    // The same as `fail`, save a rollback section of this node that has not started.
    void fail_flow(roster_node* at, fibers::reason why, std::string_view cause,
                   bool waiting) noexcept;
    // The same, save all rollback sections of nodes that have begun: the pipeline rolls back.
    void fail_but_rollbacks(roster_node* at, fibers::reason why, std::string_view cause) noexcept;
    // Those who are skipped once something has failed in the stage, or pipeline, before `at`.
    void fail_skipped(roster_node* at, fibers::reason why, std::string_view cause) noexcept;

    // All at or below wait for a slot before they can come: the timeouts of who waits for them
    // stand still. Once for each turn around them that waits.
    void queue(roster_node* top) noexcept;
    void unqueue(roster_node* top) noexcept;
    // A turn of a loop with a cap has got its slot: it is not queued any more, and its lanes are
    // parties from now on if they were none before.
    void begin_turn(roster_node* turn) noexcept;

    // Starts the time that a party may wait; when that ends, or -1 while it stands still.
    [[nodiscard]] std::int64_t start_waiting(place&, std::int64_t limit_ns) noexcept;
    // The run is paused: all timeouts of barriers stand still.
    void hold_timeouts() noexcept;
    void release_timeouts() noexcept;

    // A party has gone on from a cyclic barrier: what it owed meanwhile is done now.
    void settle_round(place&) noexcept;

    // The barrier that goes by this name at a place, and what was gathered at it; null: none in
    // use.
    [[nodiscard]] const meeting* find(std::string_view barrier, const frame& at) const noexcept;

    // The barrier whose onRelease steps these are; null: none.
    [[nodiscard]] meeting* releasing(const activation& steps) noexcept;

    // A hand decides a barrier. Empty: done; else why not.
    std::string decide_by_hand(std::string_view barrier, bool release, std::string_view cause);

    // Why so few turns of a loop at once would starve a barrier in it; empty: they would not.
    [[nodiscard]] std::string too_few(const roster_node* loop, std::uint64_t slots) const;

    // The cyclic barrier whose parties go through the turns of this loop one by one; empty: none.
    [[nodiscard]] static std::string_view one_at_a_time(const roster_node* loop) noexcept;

    // All in use, in the order in which they came to be.
    [[nodiscard]] std::deque<meeting>& all() noexcept { return meetings_; }

    // Those in use, and who has come, as a JSON array. [own stack]
    [[nodiscard]] json describe() const;

private:
    roster_node* make(const plan::node&, const roster_node& parent, std::string_view lane,
                      bool entry);
    roster_node* make_loop(const plan::node&, const roster_node& parent, std::string_view lane,
                           bool entry);
    void make_turns(roster_node& loop);
    void make_body(roster_node& at);
    void make_seat(roster_node& at);
    void make_round(roster_node& at, meeting&);
    place& party_of(meeting&, const std::string& lane, const roster_node& base);
    bool hold_rounds(roster_node& loop, std::uint32_t barrier, meeting&);
    void end_round(place&) noexcept;
    void withdraw_round(roster_node&) noexcept;
    void withdraw_party(place&) noexcept;
    void fail_round(roster_node&, fibers::reason, std::string_view cause, bool waiting) noexcept;
    void fail_party(place&, fibers::reason, std::string_view cause) noexcept;
    bool never_runs(const roster_node& at, std::string_view condition) const;
    void reserve(roster_node& at);
    void withdraw_here(roster_node& at) noexcept;
    void drop_kept(const roster_node& but) noexcept;
    void unreserve(roster_node& at) noexcept;
    roster_node& add(const plan::node&, const roster_node* parent, std::string_view path,
                     std::string_view lane);
    // The barrier as the pipeline around a place has it that declares it; each run of that pipeline
    // has its own. Nothing: that pipeline is below the place.
    std::optional<std::uint32_t> meeting_at(const roster_node& at, std::uint32_t barrier);
    void open_new();
    void fail_here(roster_node& at, fibers::reason why, std::string_view cause,
                   bool waiting) noexcept;
    void fail_seat(roster_node&, fibers::reason why, std::string_view cause, bool waiting) noexcept;
    void ends(roster_node&) noexcept;
    void count_queued(roster_node&, bool more) noexcept;
    static void queue_rounds(roster_node&) noexcept;
    static void unqueue_rounds(roster_node&) noexcept;
    static void ends(place&) noexcept;
    static void queued(meeting&, bool more) noexcept;
    static void hold(meeting&) noexcept;
    static void release(meeting&) noexcept;
    void blame(meeting&, std::string_view who, std::string_view cause) noexcept;
    void tell(event_type, const meeting&, std::string_view who, bool late) noexcept;

    run& run_;
    std::deque<roster_node> nodes_;
    std::deque<place> places_;
    std::deque<meeting> meetings_;
    std::map<std::pair<const meeting*, std::string>, place*> cyclic_;  // by lane
    std::vector<meeting*> numbered_;
    std::map<std::pair<const frame*, std::uint32_t>, std::uint32_t>
        numbers_;              // by the pipeline's node and plan::barriers index
    std::size_t opened_ = 0;   // so many of the meetings may decide
    std::uint32_t later_ = 0;  // so many turns around what is made now are no parties yet
};

}  // namespace weir::runs
