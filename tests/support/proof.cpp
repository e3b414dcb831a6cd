// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proof.hpp"

#include "tests/support/proof_barriers.hpp"
#include "tests/support/proof_nodes.hpp"
#include "tests/support/proof_record.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <limits>

namespace weir::test {

std::string record::text(std::string_view name) const {
    const json* found = find(name);
    if (found && found->is_string())
        return found->get<std::string>();
    wrong("has no text `" + std::string{name} + "`");
    return {};
}

std::int64_t record::number(std::string_view name) const {
    const json* found = find(name);
    if (found && found->is_number_integer())
        return found->get<std::int64_t>();
    wrong("has no whole number `" + std::string{name} + "`");
    return -1;
}

const json* record::find(std::string_view name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? nullptr : &*found;
}

bool record::flag(std::string_view name) const {
    const json* found = find(name);
    return found && found->is_boolean() && found->get<bool>();
}

std::string record::outcome() const {
    constexpr std::array<std::string_view, 6> known{"succeeded", "failed",    "skipped",
                                                    "cancelled", "timed_out", "ignored_failure"};
    const std::string found = text("outcome");
    if (std::ranges::find(known, found) == known.end())
        wrong("`outcome` is '" + found + "'");
    return found;
}

namespace {

// Reads the lines in order and hands each event to the rules for its kind.
class prover {
public:
    void line(const std::string& text) {
        ++lines_;
        const json fields = json::parse(text, nullptr, false);
        if (!fields.is_object()) {
            result_.violations.push_back({lines_, "is not a JSON object"});
            return;
        }
        ++result_.events;
        const record event{fields, lines_, result_};
        order(event);
        const std::string type = event.text("type");
        ends(type, event);
        hand_out(type, event);
    }

    proof finish() {
        if (result_.events == 0)
            result_.violations.push_back({0, "there are no events"});
        if (result_.events > 0 && !finished_)
            result_.violations.push_back({lines_, "run.finished is missing"});
        nodes_.end(result_);
        barriers_.end(result_);
        std::ranges::stable_sort(result_.violations, {}, &violation::line);
        return std::move(result_);
    }

private:
    void order(const record& event) {
        if (event.number("seq") != static_cast<std::int64_t>(result_.events)) {
            event.wrong("`seq` is not " + std::to_string(result_.events));
        }
        const std::int64_t t = event.number("t_ns");
        if (t < last_t_)
            event.wrong("time goes back");
        last_t_ = t;
        const std::string run = event.text("run");
        if (result_.events == 1)
            run_ = run;
        if (run != run_)
            event.wrong("belongs to another run");
        if (finished_)
            event.wrong("comes after run.finished");
    }

    void ends(const std::string& type, const record& event) {
        const bool first = result_.events == 1;
        if (first != (type == "run.started")) {
            event.wrong(first ? "is first and not run.started" : "run.started comes again");
        }
        if (type == "run.finished") {
            finished_ = true;
            static_cast<void>(event.outcome());
        }
    }

    void hand_out(const std::string& type, const record& event) {
        if (type == "node.started") {
            nodes_.node_started(event);
        } else if (type == "node.finished") {
            nodes_.node_finished(event);
            if (event.text("kind") == "barrier")
                barriers_.barrier_step_finished(event);
        } else if (type == "step.started") {
            nodes_.step_started(event);
        } else if (type == "step.finished") {
            nodes_.step_finished(event);
        } else if (type == "slot.waiting" || type == "slot.taken" || type == "slot.given") {
            nodes_.slot(type, event);
        } else if (type == "barrier.reserved" || type == "barrier.settled") {
            barriers_.reservation(type, event);
        } else if (type == "barrier.released" || type == "barrier.broken" ||
                   type == "barrier.voided") {
            barriers_.decision(type, event);
        } else if (type == "barrier.expected" || type == "barrier.arrived" ||
                   type == "barrier.withdrawn" || type == "barrier.failed" ||
                   type == "barrier.retracted") {
            barriers_.party(type, event);
        } else if (type != "run.started" && type != "run.finished" && type != "control" &&
                   type != "log" && type != "step.cancel" && type != "intervention.wanted" &&
                   type != "intervention.closed") {
            event.wrong("is of no known type: '" + type + "'");
        }
    }

    proof result_;
    std::size_t lines_ = 0;
    std::int64_t last_t_ = std::numeric_limits<std::int64_t>::min();
    std::string run_;
    bool finished_ = false;
    node_rules nodes_;
    barrier_rules barriers_{nodes_};
};

}  // namespace

proof prove(std::istream& events) {
    prover all;
    for (std::string line; std::getline(events, line);)
        all.line(line);
    return all.finish();
}

std::string report(const proof& of) {
    std::string text;
    for (const violation& found : of.violations) {
        text += "line " + std::to_string(found.line) + ": " + found.what + "\n";
    }
    if (!of.holds())
        return text;
    return std::to_string(of.events) + " events prove it: " + std::to_string(of.nodes) +
           " nodes, " + std::to_string(of.steps) +
           " steps, barriers: " + std::to_string(of.released) + " released, " +
           std::to_string(of.broken) + " broken, " + std::to_string(of.voided) + " void\n";
}

}  // namespace weir::test
