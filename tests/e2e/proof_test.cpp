// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proof.hpp"
#include "adapters/plan/json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using weir::json;
using namespace weir::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using lines = std::vector<json>;

json node(const char* type, const char* path, const char* kind, const char* outcome = nullptr) {
    json event{{"type", type}, {"path", path}, {"kind", kind}};
    if (outcome)
        event["outcome"] = outcome;
    return event;
}

json at(const char* type, const char* barrier, const char* party = nullptr) {
    json event{{"type", type}, {"barrier", barrier}, {"scope", "p"}, {"generation", 0}};
    if (party)
        event["party"] = party;
    return event;
}

json passed(const char* path, const char* barrier, const char* party, const char* outcome) {
    json event = node("node.finished", path, "barrier", outcome);
    event.update(at("node.finished", barrier, party));
    return event;
}

json decided(const char* type, const char* barrier, int parties, json more = json::object()) {
    json event = at(type, barrier);
    event["parties"] = parties;
    event.update(more);
    return event;
}

json step(const char* type, const char* path, int attempt, const char* outcome = nullptr) {
    json event{{"type", type}, {"path", path}, {"attempt", attempt}};
    if (outcome)
        event["outcome"] = outcome;
    return event;
}

json slot(const char* type, const char* path) {
    return {{"type", type}, {"path", path}, {"loop", "loop"}};
}

// One of everything: a release, a break, a void barrier, a reservation, a retry, a slot.
const lines good{
    {{"type", "run.started"}},
    at("barrier.expected", "met", "a"),
    at("barrier.expected", "met", "b"),
    at("barrier.expected", "met", "c"),
    at("barrier.expected", "torn", "a"),
    at("barrier.expected", "torn", "b"),
    at("barrier.expected", "empty", "c"),
    {{"type", "barrier.reserved"},
     {"barrier", "met"},
     {"scope", "p"},
     {"generation", 0},
     {"node", "loop"}},
    node("node.started", "a", "stage"),
    node("node.started", "b", "stage"),
    node("node.started", "a/work", "step"),
    step("step.started", "a/work", 1),
    step("step.finished", "a/work", 1, "failed"),
    step("step.started", "a/work", 2),
    step("step.finished", "a/work", 2, "succeeded"),
    node("node.finished", "a/work", "step", "succeeded"),
    node("node.started", "a/met", "barrier"),
    at("barrier.arrived", "met", "a"),
    {{"type", "barrier.settled"},
     {"barrier", "met"},
     {"scope", "p"},
     {"generation", 0},
     {"node", "loop"}},
    node("node.started", "b/met", "barrier"),
    at("barrier.withdrawn", "met", "c"),
    at("barrier.withdrawn", "empty", "c"),
    decided("barrier.voided", "empty", 0),
    at("barrier.arrived", "met", "b"),
    decided("barrier.released", "met", 2),
    passed("a/met", "met", "a", "succeeded"),
    passed("b/met", "met", "b", "succeeded"),
    node("node.started", "a/torn", "barrier"),
    at("barrier.arrived", "torn", "a"),
    at("barrier.failed", "torn", "b"),
    decided("barrier.broken", "torn", 1,
            {{"reason", "failed"}, {"culprit", "b"}, {"missing", json::array({"b"})}}),
    passed("a/torn", "torn", "a", "failed"),
    slot("slot.waiting", "loop_0"),
    slot("slot.taken", "loop_0"),
    slot("slot.given", "loop_0"),
    node("node.finished", "a", "stage", "failed"),
    node("node.finished", "b", "stage", "failed"),
    {{"type", "run.finished"}, {"outcome", "failed"}},
};

// As a file, with what every line has.
std::string file_of(const lines& events) {
    std::string text;
    for (std::size_t i = 0; i < events.size(); ++i) {
        json event{{"seq", i + 1}, {"t_ns", i * 10}, {"run", "p"}};
        event.update(events[i]);
        text += event.dump() + "\n";
    }
    return text;
}

proof proof_of(const std::string& text) {
    std::istringstream file{text};
    return prove(file);
}

std::size_t index_of(const std::function<bool(const json&)>& wanted) {
    for (std::size_t i = 0; i < good.size(); ++i) {
        if (wanted(good[i]))
            return i;
    }
    FAIL("no such line");
    return 0;
}

std::size_t first(const std::string& type, const std::string& field = {},
                  const std::string& value = {}) {
    return index_of([&](const json& event) {
        return event["type"] == type &&
               (field.empty() || (event.contains(field) && event[field] == value));
    });
}

}  // namespace

TEST_CASE("a run that is right is proven") {
    const proof result = proof_of(file_of(good));
    INFO(report(result));
    REQUIRE(result.holds());
    CHECK(result.events == good.size());
    CHECK(result.nodes == 6);
    CHECK(result.steps == 2);
    CHECK(result.released == 1);
    CHECK(result.broken == 1);
    CHECK(result.voided == 1);
}

TEST_CASE("every line that is taken away is missed, though seq be mended") {
    for (std::size_t i = 0; i < good.size(); ++i) {
        if (good[i]["type"] == "slot.waiting" || good[i]["type"] == "barrier.failed")
            continue;  // nothing hangs on it
        lines fewer = good;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        INFO("without " << good[i].dump());
        CHECK_FALSE(proof_of(file_of(fewer)).holds());
    }
}

TEST_CASE("every line that comes twice is noticed, though seq be mended") {
    for (std::size_t i = 0; i < good.size(); ++i) {
        if (good[i]["type"] == "slot.given")
            continue;
        lines more = good;
        more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
        INFO("twice " << good[i].dump());
        CHECK_FALSE(proof_of(file_of(more)).holds());
    }
}

TEST_CASE("every field that an event must have is missed") {
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const auto& [name, value] : good[i].items()) {
            if (name == "culprit" || name == "missing")
                continue;  // a break may have none
            lines changed = good;
            changed[i].erase(name);
            INFO("without `" << name << "`: " << good[i].dump());
            CHECK_FALSE(proof_of(file_of(changed)).holds());
        }
    }
}

TEST_CASE("every event that stands before what it follows from is noticed") {
    // The first of each pair is moved behind the second.
    const std::vector<std::pair<std::size_t, std::size_t>> orders{
        {first("run.started"), first("barrier.expected")},
        {first("barrier.expected", "party", "a"), first("node.started", "path", "a/met")},
        {first("barrier.expected", "party", "b"), first("barrier.arrived", "party", "b")},
        {first("barrier.withdrawn", "barrier", "met"), first("barrier.released")},
        {first("barrier.arrived", "party", "b"), first("barrier.released")},
        {first("barrier.settled"), first("barrier.released")},
        {first("barrier.released"), first("node.finished", "path", "a/met")},
        {first("barrier.broken"), first("node.finished", "path", "a/torn")},
        {first("barrier.withdrawn", "barrier", "empty"), first("barrier.voided")},
        {first("node.started", "path", "a"), first("node.started", "path", "a/work")},
        {first("node.finished", "path", "a/torn"), first("node.finished", "path", "a")},
        {first("step.finished"), first("node.finished", "path", "a/work")},
        {first("slot.taken"), first("slot.given")},
        {first("node.finished", "path", "b"), first("run.finished")}};
    for (const auto& [earlier, later] : orders) {
        if (earlier > later)
            continue;
        lines moved = good;
        const json event = moved[earlier];
        moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(later) + 1, event);
        moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(earlier));
        INFO("late: " << event.dump());
        CHECK_FALSE(proof_of(file_of(moved)).holds());
    }
}

TEST_CASE("what contradicts itself is noticed, on its line") {
    struct lie {
        std::size_t line;
        std::string field;
        json value;
        std::string says;
    };
    const std::vector<lie> lies{
        {first("barrier.released"), "parties", 3, "`parties` is not 2"},
        {first("barrier.broken"), "missing", json::array(), ""},
        {first("barrier.broken"), "missing", json::array({"b", "nobody"}), "'nobody'"},
        {first("barrier.broken"), "reason", "", "without a reason"},
        {first("barrier.broken"), "type", "barrier.released", ""},
        {first("barrier.released"), "type", "barrier.voided", "is void although"},
        {first("barrier.arrived"), "late", true, "is late"},
        {first("barrier.arrived"), "scope", "q", "never expected"},
        {first("barrier.arrived"), "generation", 1, "never expected"},
        {first("node.finished", "path", "a/torn"), "outcome", "succeeded", "succeeds although"},
        {first("node.finished", "path", "a/met"), "party", "c", ""},
        {first("node.finished", "path", "a"), "kind", "step", "another kind"},
        {first("node.finished", "path", "a"), "outcome", "well", "`outcome` is 'well'"},
        {first("step.started"), "attempt", 2, "tries do not count"},
        {first("node.started", "path", "b"), "type", "node.begun", "no known type"},
        {first("node.started", "path", "b"), "run", "other", "another run"},
        {first("node.started", "path", "b"), "t_ns", -5, "time goes back"},
        {first("node.started", "path", "b"), "seq", 99, "`seq` is not"}};
    for (const lie& planted : lies) {
        lines changed = good;
        changed[planted.line][planted.field] = planted.value;
        const proof result = proof_of(file_of(changed));
        INFO(planted.field << " = " << planted.value.dump() << " in " << good[planted.line].dump());
        if (planted.field == "missing" && planted.value.empty()) {
            CHECK(result.holds());  // who failed need not be named: the event before says it
            continue;
        }
        CHECK_FALSE(result.holds());
        CHECK_THAT(report(result),
                   ContainsSubstring("line " + std::to_string(planted.line + 1) + ": "));
        CHECK_THAT(report(result), ContainsSubstring(planted.says));
    }
}

TEST_CASE("who was expected and never came is to be named at a break") {
    lines changed = good;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(first("barrier.failed")));
    CHECK(proof_of(file_of(changed)).holds());
    changed[first("barrier.broken") - 1]["missing"] = json::array();
    CHECK_FALSE(proof_of(file_of(changed)).holds());
}

TEST_CASE("a file that is cut, empty or no JSON proves nothing") {
    CHECK_FALSE(proof_of("").holds());
    CHECK_FALSE(proof_of("no json\n").holds());
    const std::string whole = file_of(good);
    for (std::size_t length = 1; length < whole.size() - 2; length += 37) {
        CHECK_FALSE(proof_of(whole.substr(0, length)).holds());
    }
}
