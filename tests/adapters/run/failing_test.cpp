// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const bad_x = R"({"steps": {"*/x": {"outcome": "failed"}}})";

}  // namespace

TEST_CASE("Ignore: the failure is noted and the lane goes on") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", on_failure("Ignore")), step("y")})}), bad_x);
    CHECK(told.how("a/x") == outcome::ignored_failure);
    CHECK(told.how("a/y") == outcome::succeeded);
    CHECK(told.how("a") == outcome::ignored_failure);
    CHECK(told.ending() == outcome::ignored_failure);
}

TEST_CASE("MarkAsSuccess: nothing shows but the step's own try") {
    const auto told = simulate(
        pipeline({stage("a", {step("x", on_failure("MarkAsSuccess")), step("y")})}), bad_x);
    CHECK(told.one(event_type::step_finished, "a/x").how == outcome::failed);
    CHECK(told.how("a/x") == outcome::succeeded);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("the nearest strategy that names the kind of error decides: step, group, stage") {
    const auto behaviour = R"({"steps": {"a/g/x": {"outcome": "failed"}}})";
    const auto by_group = simulate(
        pipeline({stage(
            "a", {group("g", {step("x", on("Timeout", "MarkAsSuccess"))}, on("Unknown", "Ignore"))},
            on_failure("MarkAsFailure"))}),
        behaviour);
    CHECK(by_group.how("a/g/x") == outcome::ignored_failure);
    const auto by_stage = simulate(
        pipeline(
            {stage("a", {group("g", {step("x")}, on("Timeout", "Ignore"))}, on_failure("Ignore"))}),
        behaviour);
    CHECK(by_stage.how("a/g/x") == outcome::ignored_failure);
}

TEST_CASE("Retry tries again after its intervals, the last of which repeats") {
    const auto told = simulate(
        pipeline({stage("a", {step("x", on_failure("Retry",
                                                   "retryCount: 3, retryIntervals: [2s, 5s], "
                                                   "onRetryFailure: {action: {type: Ignore}}"))})}),
        bad_x);
    std::vector<std::int64_t> starts;
    for (const auto& r : told.all) {
        if (r.type == event_type::step_started) {
            starts.push_back(r.ms());
        }
    }
    CHECK(starts == std::vector<std::int64_t>{0, 3000, 9000, 15000});
    CHECK(told.how("a/x") == outcome::ignored_failure);
    CHECK(told.one(event_type::node_finished, "a/x").ms() == 16000);
}

TEST_CASE("a retry that succeeds leaves no trace of the failure") {
    world w;
    w.start(pipeline({stage("a", {step("x", on_failure("Retry",
                                                       "retryCount: 2, retryIntervals: [1s], "
                                                       "onRetryFailure: {action: {type: Ignore}}")),
                                  step("y")})}));
    w.fail("a/x");
    w.advance(999);
    CHECK(w.host.open_steps() == 0);
    w.advance(1);
    w.finish("a/x", outcome::succeeded, R"({"v": 2})");
    CHECK(w.how("a/x") == outcome::succeeded);
    CHECK(w.told().error("a/x").empty());
    w.finish("a/y");
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("what follows a Retry also decides for what cannot be tried again") {
    const auto told = simulate(pipeline({stage(
        "a", {step("x", when_step("Success", "<+nothing.here>") + ", " +
                            on_failure("Retry",
                                       "retryCount: 2, retryIntervals: [1s], onRetryFailure: "
                                       "{action: {type: Ignore}}")),
              step("y")})}));
    CHECK(told.how("a/x") == outcome::ignored_failure);
    CHECK(told.how("a/y") == outcome::succeeded);
}

TEST_CASE("Abort ends the whole run at once") {
    world w;
    w.start(pipeline(
        {parallel({stage("a", {step("x", on_failure("Abort")), step("y", when_step("All"))}),
                   stage("b", {step("x"), step("y")})}),
         stage("c", {step("x")}, when_stage("All"))}));
    w.fail("a/x");
    CHECK(w.told().has(event_type::step_cancel, "b/x"));
    CHECK_FALSE(w.host.over());
    w.finish("b/x", outcome::cancelled);
    CHECK(w.how("a/x") == outcome::failed);
    CHECK(w.how("a/y") == outcome::none);
    CHECK(w.how("b") == outcome::cancelled);
    CHECK_FALSE(w.told().has(event_type::node_started, "c"));
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("StageRollback: nothing further starts, running siblings end, then the rollback runs") {
    const auto told = simulate(
        pipeline(
            {stage("a",
                   {step("x"), parallel({step("bad"), group("g", {step("slow"), step("never")})}),
                    step("after", when_step("All"))},
                   on_failure("StageRollback"), {step("undo"), step("redo")}),
             stage("b", {step("x")}), stage("c", {step("x")}, when_stage("Failure"))}),
        R"({"steps": {"a/bad": {"outcome": "failed"}, "a/g/slow": {"ms": 3000}}})");
    CHECK(told.how("a/g/slow") == outcome::succeeded);
    CHECK(told.how("a/g/never") == outcome::none);
    CHECK(told.how("a/after") == outcome::none);
    CHECK(told.started("a/rollback/undo") == 4000);
    CHECK(told.started("a/rollback/redo") == 5000);
    CHECK(told.how("a/rollback") == outcome::succeeded);
    CHECK(told.how("a") == outcome::failed);
    CHECK(told.how("b") == outcome::skipped);
    CHECK(told.how("c") == outcome::succeeded);
}

TEST_CASE("a stage that ends well does not roll back, nor one whose failure was another action's") {
    const auto rollback = texts{step("undo")};
    CHECK_FALSE(simulate(pipeline({stage("a", {step("y")}, on_failure("StageRollback"), rollback)}))
                    .has(event_type::node_started, "a/rollback"));
    CHECK_FALSE(
        simulate(pipeline({stage("a", {step("x")}, on_failure("MarkAsFailure"), rollback)}), bad_x)
            .has(event_type::node_started, "a/rollback"));
}

TEST_CASE("a failure in a rollback ends the rollback and is not rolled back") {
    const auto told = simulate(
        pipeline(
            {stage("a", {step("x")}, on_failure("StageRollback"), {step("undo"), step("redo")})}),
        R"({"steps": {"a/x": {"outcome": "failed"}, "a/rollback/undo": {"outcome": "failed"}}})");
    CHECK(told.how("a/rollback/undo") == outcome::failed);
    CHECK(told.how("a/rollback/redo") == outcome::skipped);
    CHECK(told.count(event_type::node_started) == 5);
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE("each instance of a looped stage rolls back by itself") {
    const auto told =
        simulate(pipeline({stage("a", {step("x")},
                                 "strategy: {parallelism: 2}, " + on_failure("StageRollback"),
                                 {step("undo")})}),
                 R"({"steps": {"a_1/x": {"outcome": "failed"}}})");
    CHECK_FALSE(told.has(event_type::node_started, "a_0/rollback"));
    CHECK(told.how("a_1/rollback/undo") == outcome::succeeded);
}

TEST_CASE("a rollback ends the wait for a retry in its stage") {
    const auto told = simulate(
        pipeline({stage(
            "a",
            {parallel({step("x", on_failure("Retry",
                                            "retryCount: 5, retryIntervals: [1h], onRetryFailure: "
                                            "{action: {type: Ignore}}")),
                       step("bad")})},
            on_failure("StageRollback"), {step("undo")})}),
        R"({"steps": {"a/x": {"outcome": "failed"}, "a/bad": {"outcome": "failed", "ms": 2000}}})");
    CHECK(told.how("a/x") == outcome::ignored_failure);
    CHECK(told.started("a/rollback") == 2000);
}
