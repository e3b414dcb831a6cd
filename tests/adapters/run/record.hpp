// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"
#include "adapters/run/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::runs::test {

inline std::string_view word(outcome how) {
    constexpr std::string_view words[] = {"",          "succeeded", "failed",         "skipped",
                                          "cancelled", "timed_out", "ignored_failure"};
    return words[static_cast<std::size_t>(how)];
}

inline std::string_view word(event_type type) {
    switch (type) {
    case event_type::run_started:
        return "run.started";
    case event_type::run_finished:
        return "run.finished";
    case event_type::node_started:
        return "node.started";
    case event_type::node_finished:
        return "node.finished";
    case event_type::step_started:
        return "step.started";
    case event_type::step_finished:
        return "step.finished";
    case event_type::step_cancel:
        return "step.cancel";
    case event_type::step_progress:
        return "step.progress";
    case event_type::intervention_wanted:
        return "intervention.wanted";
    case event_type::intervention_closed:
        return "intervention.closed";
    case event_type::barrier_expected:
        return "barrier.expected";
    case event_type::barrier_reserved:
        return "barrier.reserved";
    case event_type::barrier_settled:
        return "barrier.settled";
    case event_type::barrier_arrived:
        return "barrier.arrived";
    case event_type::barrier_withdrawn:
        return "barrier.withdrawn";
    case event_type::barrier_failed:
        return "barrier.failed";
    case event_type::barrier_retracted:
        return "barrier.retracted";
    case event_type::barrier_released:
        return "barrier.released";
    case event_type::barrier_broken:
        return "barrier.broken";
    case event_type::barrier_voided:
        return "barrier.voided";
    case event_type::slot_waiting:
        return "slot.waiting";
    case event_type::slot_taken:
        return "slot.taken";
    case event_type::slot_given:
        return "slot.given";
    case event_type::control:
        return "control";
    case event_type::log:
        return "log";
    case event_type::snapshot:
        return "snapshot";
    }
    return "?";
}

// An event that outlives its run.
struct record {
    explicit record(const event& e)
        : type{e.type},
          how{e.how},
          late{e.late},
          hard{e.hard},
          attempt{e.attempt},
          generation{e.generation},
          seq{e.seq},
          t_ns{e.t_ns},
          step{e.step},
          path{e.path},
          kind{e.kind},
          party{e.party} {
        if (e.barrier) {
            scope = e.barrier->scope;
            barrier = e.barrier->id;
        }
        if (!e.detail) {
            return;
        }
        input = e.detail->input;
        error = e.detail->error_kind;
        message = e.detail->message;
        reason = e.detail->reason;
        culprit = e.detail->culprit;
        missing.assign(e.detail->missing.begin(), e.detail->missing.end());
        parties = e.detail->parties;
        quorum = e.detail->quorum;
        action = e.detail->action;
        why = e.detail->why;
    }

    [[nodiscard]] std::int64_t ms() const { return t_ns / 1'000'000; }

    // As an events file has it (docs/events.md).
    [[nodiscard]] std::string json_line() const {
        json line{{"seq", seq}, {"t_ns", t_ns}, {"type", word(type)}, {"run", "r"}};
        const bool of_party = !barrier.empty() && type != event_type::node_finished;
        const bool of_node =
            type == event_type::barrier_reserved || type == event_type::barrier_settled;
        const bool of_slot = type >= event_type::slot_waiting && type <= event_type::slot_given;
        const auto give = [&](const char* key, const std::string& value) {
            if (!value.empty()) {
                line[key] = value;
            }
        };
        give(of_node ? "node" : of_party ? "party" : "path", path);
        give(of_slot ? "loop" : "kind", kind);
        give("party", party);
        give("outcome", std::string{word(how)});
        give("barrier", barrier);
        give("scope", scope);
        give("reason", reason);
        give("culprit", culprit);
        give("message", message);
        if (attempt) {
            line["attempt"] = attempt;
        }
        if (!barrier.empty()) {
            line["generation"] = generation;
            line["late"] = late;
            line["parties"] = parties;
            line["missing"] = missing;
            if (quorum) {
                line["quorum"] = quorum;
            }
        }
        if (!error.empty()) {
            line["error"] = {{"kind", error}, {"message", message}};
        }
        if (hard) {
            line["hard"] = true;
        }
        return line.dump();
    }

    event_type type;
    outcome how;
    bool late, hard;
    std::uint32_t attempt, generation, parties = 0, quorum = 0;
    std::uint64_t seq;
    std::int64_t t_ns;
    std::uint64_t step;
    std::string path, kind, party, scope, barrier;
    std::string input, error, message, reason, culprit, action, why;
    std::vector<std::string> missing;
};

}  // namespace weir::runs::test
