// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/expansion.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::check {

using occurrence_index = std::uint32_t;
inline constexpr std::uint32_t none = ~std::uint32_t{0};

enum class occurrence_kind : std::uint8_t { sequence, parallel, graph, loop, barrier, lock };

// A node in one turn of each loop around it. Only those are made at or below which something can
// wait; those below one follow it, up to `end`.
struct occurrence {
    plan::node_index what = plan::no_node;
    occurrence_index parent = none;
    occurrence_index first = none;  // child; a loop's are its turns
    occurrence_index next = none;   // sibling
    occurrence_index end = 0;
    std::uint32_t meets = none;             // barrier: index into meetings; lock: into keys
    std::uint32_t condition = none;         // the unknown that must hold for it to run
    std::uint32_t loop = none;              // index into loops
    const plan::expansion* rows = nullptr;  // a turn of these
    plan::instance turn;
    occurrence_kind kind = occurrence_kind::sequence;
    bool never = false;     // known not to run: nobody in it is a party
    bool optional = false;  // a rollback section: nobody knows whether it is due
    bool reacts = false;    // something in it runs only after a failure
    bool late = false;      // of a barrier, as Harness has it: it comes when all is decided
};

// What is known only in a run: a condition, how many turns, how many slots.
struct unknown {
    enum class about : std::uint8_t { condition, loop_condition, size, slots };
    plan::node_index node = plan::no_node;
    about what = about::condition;
    std::uint64_t most = 1;  // size: how many turns are tried
};

struct loop_facts {
    std::uint64_t turns = 0;        // of the loop, whether or not they are looked at
    std::uint64_t slots = 0;        // that are held while waiting; 0: nothing is held back
    std::uint64_t releases = 0;     // slots that whoever waits gives to the next; 0: none
    std::uint32_t size = none;      // unknown, then its turns are `unknown::most`
    std::uint32_t slots_of = none;  // unknown, then `slots` is the worst
    bool in_rounds = false;         // one by one, to a cyclic barrier: the slot is kept in any case
};

// A barrier in one instance of the pipeline that declares it.
struct meeting {
    std::uint32_t definition = 0;
    occurrence_index scope = none;
    std::vector<occurrence_index> parties;  // cyclic: the loops, or steps, that are the parties
};

// A lock that two holders may want at once. One that is not known may be equal to any other.
struct key {
    std::string text;  // as written where it is not known
    bool known = true;
    bool amounts_known = true;  // of permits and capacity
    std::vector<occurrence_index> requests;
};

// The plan before anything runs, each loop unrolled: who could ever wait, and for whom.
class occurrences {
public:
    explicit occurrences(const plan::plan&, plan::slot_policy otherwise = plan::slot_policy::hold);
    // Some steps of a whole, ascending, and what is around them. The whole outlives it.
    occurrences(const occurrences& whole, const std::vector<occurrence_index>& steps);
    occurrences(const occurrences&) = delete;
    occurrences& operator=(const occurrences&) = delete;

    [[nodiscard]] const plan::plan& document() const noexcept { return document_; }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    [[nodiscard]] const occurrence& operator[](occurrence_index i) const noexcept {
        return all_[i];
    }
    [[nodiscard]] const plan::node& node(occurrence_index i) const noexcept {
        return document_[all_[i].what];
    }
    [[nodiscard]] const std::vector<meeting>& meetings() const noexcept { return meetings_; }
    [[nodiscard]] const std::vector<key>& keys() const noexcept { return keys_; }
    [[nodiscard]] const std::vector<unknown>& unknowns() const noexcept { return unknowns_; }
    [[nodiscard]] const loop_facts& loop(const occurrence& o) const noexcept {
        return loops_[o.loop];
    }
    // Entries of a graph: those that end before it starts, and those that start after it.
    [[nodiscard]] const std::vector<occurrence_index>& dependencies(occurrence_index) const;
    [[nodiscard]] const std::vector<occurrence_index>& dependents(occurrence_index) const;
    // The cyclic barriers whose party this is.
    [[nodiscard]] const std::vector<std::uint32_t>& cycles_of(occurrence_index) const;

    // Rollback sections, or nodes that ask for a failure, have something in them that can wait.
    [[nodiscard]] bool anything_after_failure() const noexcept { return after_failure_; }

    [[nodiscard]] bool is_below(occurrence_index i, occurrence_index top) const noexcept {
        return top != none && i >= top && i < all_[top].end;
    }
    // The occurrence at or above it that is of this node; none: there is no such.
    [[nodiscard]] occurrence_index entry_of(occurrence_index, plan::node_index) const noexcept;
    // Who keeps the permits of a lock.
    [[nodiscard]] occurrence_index holder_of(occurrence_index lock) const noexcept;
    [[nodiscard]] std::uint64_t permits_of(occurrence_index lock) const noexcept;
    // What the lock has if this step is the first to ask for it.
    [[nodiscard]] std::uint64_t capacity_of(occurrence_index lock) const noexcept;
    // A cyclic barrier's party that this step acts for.
    [[nodiscard]] occurrence_index party_of(occurrence_index barrier) const noexcept;
    // "deploy_1/smoke/check". [own stack]
    [[nodiscard]] std::string path_of(occurrence_index) const;

    // Tries another number of slots for a node's loops. 0: all.
    void set_slots(plan::node_index loop, std::uint64_t slots);

private:
    class maker;
    class taker;

    // Who never has to wait for a lock is not looked at.
    void drop_uncontended();

    const plan::plan& document_;
    std::vector<occurrence> all_;
    std::vector<loop_facts> loops_;
    std::vector<meeting> meetings_;
    std::vector<key> keys_;
    std::vector<unknown> unknowns_;
    std::vector<std::shared_ptr<const plan::expansion>> rows_;
    using row = std::vector<std::uint32_t>;
    std::unordered_map<occurrence_index, row> before_, after_, cycles_;
    bool after_failure_ = false;
};

}  // namespace weir::check
