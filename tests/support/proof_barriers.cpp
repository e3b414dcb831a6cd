// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proof_barriers.hpp"

namespace weir::test {

barrier_rules::generation& barrier_rules::of(const record& event) {
    const std::string scope = event.text("scope"), name = event.text("barrier");
    const std::int64_t turn = event.number("generation");
    generation& found = generations_[scope + '\0' + name + '\0' + std::to_string(turn)];
    if (found.first_line == 0) {
        found.first_line = event.line();
        found.name =
            "barrier '" + name + "' of '" + scope + "', generation " + std::to_string(turn);
    }
    return found;
}

void barrier_rules::party(std::string_view type, const record& event) {
    generation& barrier = of(event);
    const std::string who = event.text("party");
    const bool late = event.flag("late"), decided = !barrier.decision.empty();
    if (late && !decided)
        event.wrong("'" + who + "' is late at " + barrier.name + ", which is not decided");
    if (!late && decided) {
        event.wrong("'" + who + "' comes to " + barrier.name +
                    " after the decision and is not marked late");
    }
    const auto [found, added] = barrier.parties.try_emplace(who);
    party_state& known = found->second;
    const state before = known.now;
    known.line = event.line();
    if (type == "barrier.expected") {
        if (!added)
            event.wrong("'" + who + "' is expected twice at " + barrier.name);
        if (!late)
            ++barrier.expected;
        if (added)
            known.expected_at = event.line();
        return;
    }
    if (added)
        event.wrong("'" + who + "' was never expected at " + barrier.name);
    if (late) {
        if (type == "barrier.arrived")
            known.now = state::arrived;  // it is told what had been decided
        else
            known.gone = true;
        return;
    }
    const auto leave = [&](std::size_t& count) { count -= count > 0 ? 1 : 0; };
    if (type == "barrier.retracted") {
        if (before != state::arrived)
            event.wrong("'" + who + "' takes back an arrival that did not happen");
        leave(barrier.arrived);
        ++barrier.expected;
        known.now = state::expected;
        return;
    }
    if (!added && before == state::arrived && type == "barrier.failed") {
        known.now =
            state::failed;  // it was waiting when its lane ended; it had arrived all the same
        ++barrier.fell_out;
        return;
    }
    if (added || before != state::expected) {
        event.wrong("'" + who + "' was not expected any more at " + barrier.name);
    } else {
        leave(barrier.expected);
    }
    if (type == "barrier.arrived") {
        known.now = state::arrived;
        ++barrier.arrived;
    } else {
        known.now = type == "barrier.withdrawn" ? state::withdrawn : state::failed;
    }
}

void barrier_rules::reservation(std::string_view type, const record& event) {
    generation& barrier = of(event);
    const std::string node = event.text("node");
    if (type == "barrier.reserved") {
        if (!barrier.reserved.insert(node).second)
            event.wrong("'" + node + "' reserves " + barrier.name + " twice");
        if (!barrier.decision.empty())
            event.wrong("'" + node + "' reserves " + barrier.name + " after the decision");
    } else if (barrier.reserved.erase(node) == 0) {
        event.wrong("'" + node + "' settles what it did not reserve at " + barrier.name);
    }
}

void barrier_rules::decision(std::string_view type, const record& event) {
    generation& barrier = of(event);
    if (!barrier.decision.empty()) {
        event.wrong(barrier.name + " is decided a second time");
        return;
    }
    barrier.decision = type;
    // A quorum goes on without those who failed, waiting or not.
    const json* quorum = event.find("quorum");
    const std::size_t here = barrier.arrived - (quorum ? barrier.fell_out : 0);
    if (event.number("parties") != static_cast<std::int64_t>(here)) {
        event.wrong(barrier.name + ": `parties` is not " + std::to_string(here) +
                    ", who had arrived");
    }
    if (type == "barrier.released")
        return released(barrier, event);
    if (type == "barrier.broken")
        return broken(barrier, event);
    voided(barrier, event);
}

void barrier_rules::released(const generation& barrier, const record& event) const {
    ++event.into().released;
    if (const json* why = event.find("reason"); why && *why == "by hand")
        return;
    if (barrier.arrived == 0)
        event.wrong(barrier.name + " is released and nobody had arrived");
    if (!barrier.reserved.empty())
        event.wrong(barrier.name + " is released while it is reserved");
    if (const json* quorum = event.find("quorum")) {
        if (barrier.arrived - barrier.fell_out < quorum->get<std::size_t>())
            event.wrong(barrier.name + " is released before its quorum has arrived");
        return;
    }
    for (const auto& [who, known] : barrier.parties) {
        if (known.now == state::expected) {
            event.wrong(barrier.name + " is released while '" + who + "' is expected");
        }
        if (known.now == state::failed) {
            event.wrong(barrier.name + " is released although '" + who + "' failed");
        }
    }
}

void barrier_rules::broken(const generation& barrier, const record& event) const {
    ++event.into().broken;
    if (event.text("reason").empty())
        event.wrong(barrier.name + " breaks without a reason");
    std::unordered_set<std::string> missing;
    if (const json* list = event.find("missing"); list && list->is_array()) {
        for (const json& who : *list)
            missing.insert(who.get<std::string>());
    }
    for (const auto& [who, known] : barrier.parties) {
        if (known.now == state::expected && missing.erase(who) == 0) {
            event.wrong(barrier.name + " breaks and does not name '" + who +
                        "', who was expected, as missing");
        }
        if (known.now == state::failed)
            missing.erase(who);
    }
    for (const std::string& who : missing) {
        event.wrong(barrier.name + " names '" + who + "' as missing, who was not expected");
    }
}

void barrier_rules::voided(const generation& barrier, const record& event) const {
    ++event.into().voided;
    if (barrier.arrived + barrier.expected != 0 || !barrier.reserved.empty()) {
        event.wrong(barrier.name + " is void although somebody arrived or is awaited");
    }
}

void barrier_rules::barrier_step_finished(const record& event) {
    const std::string outcome = event.outcome();
    // Whose condition can never hold is no party; cut off before that is looked at, it is
    // cancelled.
    if (!event.find("barrier") && (outcome == "skipped" || outcome == "cancelled"))
        return;
    generation& barrier = of(event);
    const std::string who = event.text("party"), path = event.text("path");
    const auto found = barrier.parties.find(who);
    if (found == barrier.parties.end()) {
        event.wrong("'" + path + "' ends for party '" + who + "', who was never expected at " +
                    barrier.name);
        return;
    }
    found->second.finished = true;
    if (outcome == "skipped")
        return;
    if (found->second.expected_at > nodes_.started_at(path)) {
        event.wrong("'" + path + "' started before '" + who + "' was expected at " + barrier.name);
    }
    // One that failed before it could arrive, and was forgiven, has withdrawn: it need not wait.
    const bool waits = found->second.now == state::expected || found->second.now == state::arrived;
    if (barrier.decision.empty() && waits) {
        const std::string early = "'" + path + "' goes on before " + barrier.name + " is decided";
        if (outcome == "succeeded" || outcome == "ignored_failure")
            event.wrong(early);
        else
            early_.push_back({event.line(), early, path, &found->second});
    }
    if (outcome != "succeeded")
        return;
    if (barrier.decision == "barrier.broken" && !event.find("error")) {
        event.wrong("'" + path + "' succeeds although " + barrier.name + " is broken");
    }
    if (event.find("error"))
        return;  // a failure before the arrival that was marked as success
    if (barrier.decision == "barrier.released" && found->second.now != state::arrived) {
        event.wrong("'" + path + "' passes " + barrier.name + " without having arrived");
    }
}

void barrier_rules::end(proof& into) const {
    // Its group's try was given up: another came, or the party was lost with it.
    for (const early_end& one : early_) {
        const bool lost = one.party->gone || one.party->now == state::failed ||
                          one.party->now == state::withdrawn;
        if (!lost && !nodes_.tried_again(one.path))
            into.violations.push_back({one.line, one.what});
    }
    for (const auto& [key, barrier] : generations_) {
        if (barrier.decision.empty()) {
            into.violations.push_back({barrier.first_line, barrier.name + " is never decided"});
        }
        for (const auto& [who, known] : barrier.parties) {
            if (known.now == state::arrived && !known.finished) {
                into.violations.push_back({known.line, "'" + who + "' arrived at " + barrier.name +
                                                           " and never went on"});
            }
        }
    }
}

}  // namespace weir::test
