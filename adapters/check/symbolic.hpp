// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/flow.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace weir::check {

// A node under way in the symbolic run, in one turn of each loop around it.
struct strand {
    strand* parent = nullptr;                    // whom it tells when it is done
    plan::node_index what = plan::no_node;
    plan::node_index next_child = plan::no_node;
    std::uint64_t open = 0;                      // children under way, of a parallel or loop
    std::uint64_t started = 0;                   // turns, of a loop
    bool is_turn = false;
};

// Runs a plan without time and without outcomes: every step succeeds at once, and only barriers and slots hold anything
// back. What is parked at the end is parked in every order of events.
class symbolic_run {
public:
    symbolic_run(const plan::plan&, const flow&);

    void run();

    [[nodiscard]] bool completed() const noexcept { return completed_; }
    // Who waits, by barrier: only barriers that were not released hold anybody.
    [[nodiscard]] const std::vector<std::vector<strand*>>& waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::uint64_t parties(std::uint32_t barrier) const noexcept { return parties_[barrier]; }
    [[nodiscard]] bool is_loop(const strand& s) const noexcept { return !s.is_turn && document_[s.what].loop(); }
    [[nodiscard]] bool is_sequence(const strand& s) const noexcept;

private:
    void count_parties(plan::node_index, std::uint64_t turns);
    strand& start(plan::node_index, strand* parent, bool is_turn);
    void advance(strand&);
    void arrive(strand&);
    void fork(strand&);
    void start_turns(strand&);
    void done(strand&);

    const plan::plan& document_;
    const flow& flow_;
    std::vector<std::uint64_t> parties_;         // not yet arrived or arrived, by barrier
    std::vector<std::vector<strand*>> waiting_;
    std::deque<strand> strands_;
    std::vector<strand*> free_;
    std::vector<strand*> ready_;
    bool completed_ = false;
};

}  // namespace weir::check
