// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runs {

// How a run, node or step ends. Numbered like abi/codes.def; plugin/ checks that they agree.
enum class outcome : std::uint8_t {
    none = 0,
    succeeded = 1,
    failed = 2,
    skipped = 3,
    cancelled = 4,
    timed_out = 5,
    ignored_failure = 6
};

// It ended badly, and nothing forgave it.
[[nodiscard]] constexpr bool is_bad(outcome how) noexcept {
    return how == outcome::failed || how == outcome::timed_out || how == outcome::cancelled;
}

// The worse of two outcomes of lanes that ran side by side (SEMANTICS.md, section 3).
[[nodiscard]] constexpr outcome worse(outcome a, outcome b) noexcept {
    constexpr std::array<int, 7> rank{0, 2, 5, 1, 6, 4, 3};  // by outcome's number
    return rank[static_cast<std::size_t>(a)] >= rank[static_cast<std::size_t>(b)] ? a : b;
}

// What an event tells (DESIGN.md, "Events"). Numbered likewise.
enum class event_type : std::uint8_t {
    run_started = 1,
    run_finished,
    node_started,
    node_finished,
    step_started,
    step_finished,
    step_cancel,
    step_progress,
    intervention_wanted,
    intervention_closed,
    barrier_expected = 16,
    barrier_reserved,
    barrier_settled,
    barrier_arrived,
    barrier_withdrawn,
    barrier_failed,
    barrier_retracted,
    barrier_released,
    barrier_broken,
    barrier_voided,
    slot_waiting = 32,
    slot_taken,
    slot_given,
    lock_waiting = 40,
    lock_taken,
    lock_given,
    control = 48,
    log,
    snapshot
};

// The words under which a barrier is known: in which scope, by which identifier.
struct barrier_names {
    std::string_view scope;
    std::string_view id;
};

// What few events carry, apart so that the many stay small.
struct event_detail {
    std::string input{};    // JSON: step_started: what the host is to do; step_progress, snapshot
    std::uint64_t tag = 0;  // snapshot: the host's
    std::string error_kind{}, message{};           // a failure; log: level and message
    std::string_view reason{};                     // barrier decisions
    std::string_view culprit{};                    // path of the party that decided it
    std::vector<std::string_view> missing{};       // paths of the parties that had not arrived
    std::uint32_t parties = 0;                     // how many had arrived
    std::uint32_t quorum = 0;                      // of how many it takes; 0: all
    std::string action{}, who{}, why{}, target{};  // control
};

// One thing that happened. Views point into the run, which lives until its run_finished was taken.
struct event {
    event_type type{};
    outcome how = outcome::none;
    bool late = false;     // barriers: after the decision
    bool hard = false;     // step_cancel
    bool starved = false;  // run_finished: memory ran out
    // Later events for which there is to be room whatever happens, and how many of those that were
    // promised before this one takes or gives up.
    std::uint8_t promises = 0;
    std::uint8_t redeems = 0;
    std::uint32_t attempt = 0;
    std::uint32_t generation = 0;
    std::uint64_t seq = 0;
    std::int64_t t_ns = 0;     // since the run's start
    std::uint64_t step = 0;    // the host's handle
    std::string_view path{};   // of the node; barriers: of the party or reserved node
    std::string_view kind{};   // nodes: "stage", "loop" ...; slots: the loop's path; locks: the key
    std::string_view party{};  // a Barrier step's finish: its lane
    const barrier_names* barrier = nullptr;
    std::unique_ptr<event_detail> detail{};
};

}  // namespace weir::runs
