// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"

#include "adapters/harness/load.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace {

using weir::plan::code;

std::string stage(const std::string& id, const std::string& barriers,
                  const std::string& more = {}) {
    std::string text = "{stage: {identifier: " + id + ", name: " + id +
                       ", type: Custom, spec: {execution: {steps: [";
    for (std::size_t at = 0; at < barriers.size(); ++at) {
        const std::string name{barriers[at]};
        text += (at ? ", " : "") + std::string{"{step: {type: Barrier, identifier: at_"} + name +
                ", name: " + name + ", spec: {barrierRef: " + name + "}}}";
    }
    return text + "]}}" + more + "}}";
}

std::string pipeline(const std::string& stages) {
    return "pipeline: {identifier: p, name: p, stages: [" + stages +
           "], flowControl: {barriers: [{identifier: A, name: A}, {identifier: B, name: B}, "
           "{identifier: C, name: C}, {identifier: R, name: R, cyclic: true}]}}";
}

weir::plan::diagnostics check(const std::string& stages) {
    const auto loaded = weir::harness::load(pipeline(stages), {});
    for (const auto& finding : loaded.findings.all())
        INFO(finding.message);
    REQUIRE(loaded.plan);
    weir::plan::diagnostics findings;
    weir::check::check(*loaded.plan, findings);
    return findings;
}

std::string parallel(const std::string& stages) {
    return "{parallel: [" + stages + "]}";
}

}  // namespace

TEST_CASE("parallel stages that meet at their barriers in one order are sound") {
    CHECK(check(parallel(stage("a", "AB") + ", " + stage("b", "AB") + ", " + stage("c", "B")))
              .all()
              .empty());
}

TEST_CASE("one reference in stages that follow each other is a deadlock, with both places") {
    const auto found = check(stage("a", "A") + ", " + stage("b", "A"));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].what == code::sequential_reuse);
    CHECK(found.all()[0].path == "b/at_A");
    CHECK(found.all()[0].message ==
          "barrier `A` can never be released: `b/at_A` comes only after `a/at_A`");
    REQUIRE(found.all()[0].notes.size() == 2);
    CHECK(found.all()[0].notes[0].where.known());
    CHECK(found.all()[0].notes[1].where.known());
}

TEST_CASE("crossing orders are a deadlock, with four places") {
    const auto found = check(parallel(stage("a", "AB") + ", " + stage("b", "BA")));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].message == "barriers `A` and `B` wait for each other");
    CHECK(found.all()[0].notes.size() == 4);
}

TEST_CASE("a cycle of three orders is found") {
    const auto found =
        check(parallel(stage("a", "AB") + ", " + stage("b", "BC") + ", " + stage("c", "CA")));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].notes.size() == 6);
}

TEST_CASE("a cap below the parties is a deadlock, with the numbers and the least cap") {
    const std::string six = ", strategy: {matrix: {n: [1, 2, 3, 4, 5, 6], maxConcurrency: 2}}";
    const auto found = check(stage("a", "A", six));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].message == "barrier `A` can never be released: 6 parties, 2 slots");
    CHECK(found.all()[0].help.find("to 6") != std::string::npos);
}

TEST_CASE("a cap that holds all parties is sound") {
    CHECK(check(stage("a", "A", ", strategy: {matrix: {n: [1, 2, 3], maxConcurrency: 3}}"))
              .all()
              .empty());
}

TEST_CASE("a cap below the parties is sound where turns that wait give their slots to others") {
    CHECK(check(stage("a", "A",
                      ", strategy: {matrix: {n: [1, 2, 3], maxConcurrency: 1}, slotWhileWaiting: "
                      "release}"))
              .all()
              .empty());
}

TEST_CASE("turns that go round a cyclic barrier keep their slot, whatever their loop says") {
    const auto found = check(stage("a", "AR",
                                   ", strategy: {matrix: {n: [1, 2, 3], maxConcurrency: 1}, "
                                   "slotWhileWaiting: release}"));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].message == "barrier `A` can never be released: 3 parties, 1 slot");
}

TEST_CASE("a capped loop that holds no barrier is no obstacle") {
    const std::string step =
        "{step: {type: Run, identifier: s, name: s, spec: {command: x}, strategy: {repeat: {times: "
        "9, maxConcurrency: 1}}}}";
    const std::string looped =
        "{stage: {identifier: c, name: c, type: Custom, spec: {execution: {steps: [" + step +
        "]}}}}";
    CHECK(check(parallel(stage("a", "A") + ", " + stage("b", "A") + ", " + looped)).all().empty());
}

TEST_CASE("a stage that never runs is no party") {
    const std::string never = ", when: {pipelineStatus: Success, condition: \"false\"}";
    CHECK(check(stage("a", "A") + ", " + stage("b", "A", never)).all().empty());
}

TEST_CASE(
    "a condition that comes to its turn after a waiter of its barrier is a deadlock, true or not") {
    const std::string maybe =
        ", when: {pipelineStatus: Success, condition: <+pipeline.variables.deploy> == \"yes\"}";
    const auto found = check(stage("a", "A") + ", " + stage("b", "A", maybe));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].notes.size() == 2);
}

TEST_CASE("a deadlock that hangs on a condition names it, and no other") {
    const std::string maybe =
        ", when: {pipelineStatus: Success, condition: "
        "<+execution.steps.x.output.outputVariables.y> == \"yes\"}";
    const auto found = check(parallel(stage("a", "AB", maybe) + ", " + stage("b", "BA") + ", " +
                                      stage("c", "C", maybe) + ", " + stage("d", "C")));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].what == code::crossing_orders);
    CHECK(found.all()[0].notes.back().message == "this is so when the condition of `a` holds");
}

TEST_CASE("a sequential loop over a barrier that another stage waits at is a deadlock") {
    const auto found =
        check(parallel(stage("a", "A") + ", " +
                       stage("b", "A", ", strategy: {repeat: {times: 2, maxConcurrency: 1}}")));
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].message ==
          "barrier `A` can never be released: 2 of its 3 parties are in `b`, which has 1 slot");
}
