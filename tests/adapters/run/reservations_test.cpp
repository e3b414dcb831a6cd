// SPDX-License-Identifier: BSL-1.0
// Barriers whose parties are not known yet, and what those do who wait at a broken one.
#include "tests/adapters/run/barrier_story.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a timeout at a reserved barrier blames the loop whose size nobody knows yet") {
    const auto told = simulate(
        beside({stage("a", {step("x"), group("g", {meet("m", "q")},
                                             "strategy: {repeat: {items: "
                                             "<+execution.steps.x.output.outputVariables.l>}}")})},
               "timeout: 2s"),
        R"({"steps": {"a/x": {"ms": 9000, "outputs": {"l": [1, 2]}}}})");
    check_broken(told, 2000, "timeout", "a/g");
    CHECK_THAT(told.message("w/m"), ContainsSubstring("a/g"));
    CHECK(told.one(barrier_expected, "a/g_1").late);
    CHECK(told.how("a/g_1/m") == outcome::failed);
}

TEST_CASE("strategies for BarrierBroken match; those for Timeout too when that was the reason") {
    const auto failed = R"({"steps": {"a/x": {"outcome": "failed"}}})";
    const texts others{stage("a", {step("x"), meet("m", "q")})};
    CHECK(simulate(beside(others, on("BarrierBroken", "Ignore")), failed).how("w/m") ==
          outcome::ignored_failure);
    CHECK(simulate(beside(others, on("AllErrors", "Ignore")), failed).how("w/m") ==
          outcome::ignored_failure);
    CHECK(simulate(beside(others, on("Timeout", "Ignore")), failed).how("w/m") == outcome::failed);
    const texts late{stage("a", {step("x"), meet("m", "q")}, "timeout: 500ms")};
    CHECK(simulate(beside(late, on("Timeout", "Ignore"))).how("w/m") == outcome::ignored_failure);
    CHECK(simulate(beside(late, on("BarrierBroken", "Ignore"))).how("w/m") ==
          outcome::ignored_failure);
}

TEST_CASE("a Barrier step is not tried again: what follows the Retry decides") {
    const auto told = simulate(
        beside(
            {stage("a", {step("x"), meet("m", "q")})},
            on_failure(
                "Retry",
                "retryCount: 3, retryIntervals: [1s], onRetryFailure: {action: {type: Ignore}}")),
        R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.how("w/m") == outcome::ignored_failure);
    CHECK(told.finished("w/m") == 1000);
}

TEST_CASE("a barrier from which all withdrew is void, and whoever still comes passes") {
    const auto told = simulate(
        pipeline({parallel({stage("a", {step("x"), meet("m", "q", when_step("Failure"))}),
                            stage("b", {step("x"), meet("m", "q", when_step("Failure"))})})}));
    CHECK(told.decision("q").type == barrier_voided);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE(
    "a loop of unknown size holds its barriers until its size is known, then all its instances "
    "do") {
    const auto told = simulate(
        beside({stage(
            "a",
            {step("x"),
             group(
                 "g", {step("y"), meet("m", "q")},
                 "strategy: {repeat: {items: <+execution.steps.x.output.outputVariables.l>}}")})}),
        R"({"steps": {"a/x": {"outputs": {"l": [1, 2, 3]}}}})");
    check_released(told, 2000, 4);
    const auto& settled = told.one(barrier_settled, "a/g");
    CHECK(told.in_order(told.one(barrier_expected, "a/g_2"), settled));
    CHECK(settled.ms() == 1000);
}

TEST_CASE(
    "a rollback's barriers are reserved, expected when it starts, withdrawn when there is none") {
    const auto document = pipeline({parallel(
        {stage("a", {step("x")}, on_failure("StageRollback"), {step("u"), meet("m", "q")}),
         stage("b", {step("x")}, on_failure("StageRollback"), {step("u"), meet("m", "q")})})});
    SECTION("one rolls back") {
        const auto told =
            simulate(document, R"({"steps": {"a/x": {"outcome": "failed"}, "b/x": {"ms": 5000}}})");
        check_released(told, 5000, 1);
        CHECK(told.one(barrier_reserved, "a/rollback").ms() == 0);
        CHECK(told.one(barrier_expected, "a").ms() == 1000);
        CHECK(told.how("a/rollback/m") == outcome::succeeded);
    }
    SECTION("both do") {
        const auto told = simulate(document, R"({"steps": {"*/x": {"outcome": "failed"}}})");
        check_released(told, 2000, 2);
    }
    SECTION("none does") {
        CHECK(simulate(document).decision("q").type == barrier_voided);
    }
    SECTION("a stage that times out rolls back to its barrier too") {
        const auto timed = pipeline(
            {parallel({stage("a", {step("x")}, "timeout: 2s, " + on_failure("StageRollback"),
                             {step("u"), meet("m", "q")}),
                       stage("w", {meet("m", "q")})})});
        const auto told = simulate(timed, R"({"steps": {"a/x": {"ms": 9000}}})");
        check_released(told, 3000, 2);
    }
    SECTION("a rollback that fails before its barrier breaks it") {
        const auto told = simulate(
            document,
            R"({"steps": {"*/x": {"outcome": "failed"}, "a/rollback/u": {"outcome": "failed"}}})");
        check_broken(told, 2000, "failed", "a", {"b"});
    }
}

TEST_CASE("every party ends exactly once: arrived, withdrawn or failed") {
    const auto told = simulate(
        beside({stage("a",
                      {parallel({step("bad"),
                                 group("g", {step("slow"), meet("m", "q"), meet("n", "other")})}),
                       meet("m", "third")},
                      "timeout: 9s, " + on_failure("StageRollback"), {step("undo")}),
                stage("b", {step("late"), meet("m", "q"), meet("n", "other"), meet("o", "third")},
                      "timeout: 5s")}),
        R"({"steps": {"a/bad": {"outcome": "failed"}, "a/g/slow": {"ms": 3000},
                       "b/late": {"ms": 60000}}})");
    std::map<std::string, int> ends;
    for (const auto& r : told.all) {
        if (r.type == barrier_expected) {
            ends[r.barrier + " " + r.path] += 0;
        } else if (r.type == barrier_arrived || r.type == barrier_withdrawn ||
                   r.type == barrier_failed) {
            ++ends[r.barrier + " " + r.path];
        }
    }
    for (const auto& [who, times] : ends) {
        INFO(who << "\n" << told.text());
        CHECK(times == 1);
    }
}
