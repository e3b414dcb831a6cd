// SPDX-License-Identifier: BSL-1.0
// What happens to a party before it arrives, row by row (SEMANTICS, section 2).
#include "tests/adapters/run/barrier_story.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("nobody passes before the last has come; then all do, at one moment") {
    const auto told = simulate(beside({stage("a", {step("x"), meet("m", "q"), step("y")}),
                                       stage("b", {step("x"), step("y"), meet("m", "q")})}));
    check_released(told, 2000, 3);
    for (const auto* path : {"w/m", "a/m", "b/m"}) {
        CHECK(told.finished(path) == 2000);
        CHECK(told.in_order(told.decision("q"), told.one(node_finished, path)));
        CHECK(told.one(node_finished, path).barrier == "q");
    }
    CHECK(told.one(node_finished, "a/m").party == "a");
    CHECK(told.one(node_finished, "a/m").scope == "p");
    CHECK(told.count(barrier_expected) == 3);
    CHECK(told.started("a/y") == 2000);
}

TEST_CASE("the party is the innermost lane: entries of a parallel, loop instances") {
    const auto told = simulate(beside(
        {stage("a", {parallel({meet("m", "q"), group("g", {group("h", {meet("n", "q")})})})}),
         stage("b", {group("g", {meet("m", "q")}, "strategy: {parallelism: 2}")},
               "strategy: {parallelism: 2}")}));
    check_released(told, 0, 7);
    for (const auto* who : {"w", "a/m", "a/g", "b_0/g_0", "b_0/g_1", "b_1/g_0", "b_1/g_1"}) {
        CHECK(told.has(barrier_arrived, who, "q"));
    }
}

TEST_CASE("row 1: a Barrier step, group, stage or loop that is skipped by a condition withdraws") {
    const std::string late = "<+pipeline.stages.a.spec.execution.steps.x.status> == 'FAILED'";
    const auto cond = when_step("Success", late);
    const texts withdraws{
        stage("a", {step("x"), meet("m", "q", cond)}),
        stage("a", {step("x"), group("g", {meet("m", "q")}, cond)}),
        stage("a",
              {step("x"), group("g", {meet("m", "q")}, "strategy: {parallelism: 2}, " + cond)}),
        stage("a", {step("x"), meet("m", "q", when_step("Failure"))}),
    };
    for (const auto& one : withdraws) {
        const auto told = simulate(beside({one}));
        check_released(told, 1000, 1);
        CHECK(told.count(barrier_withdrawn) >= 1);
        CHECK(told.ending() == outcome::succeeded);
    }
    const auto of_stage = simulate(
        pipeline({stage("a", {step("x")}),
                  parallel({stage("w", {meet("m", "q")}), stage("b", {step("y"), meet("m", "q")},
                                                                when_stage("Success", late))})}));
    check_released(of_stage, 1000, 1);
}

TEST_CASE("a condition that can never hold makes no party at all") {
    const auto told =
        simulate(beside({stage("a", {step("x"), meet("m", "q", when_step("Success", "false"))})}));
    check_released(told, 0, 1);
    CHECK(told.count(barrier_expected) == 1);
    CHECK(told.how("a/m") == outcome::skipped);
}

TEST_CASE("row 2: a loop of none, or skipped by strategy.when, withdraws") {
    const std::string empty =
        "strategy: {repeat: {items: <+execution.steps.x.output.outputVariables.list>}}";
    const auto none =
        simulate(beside({stage("a", {step("x"), group("g", {meet("m", "q")}, empty)})}),
                 R"({"steps": {"a/x": {"outputs": {"list": []}}}})");
    check_released(none, 1000, 1);
    CHECK(none.one(barrier_reserved, "a/g").barrier == "q");
    CHECK(none.one(barrier_settled, "a/g").ms() == 1000);
    const auto by_when = simulate(beside({stage(
        "a",
        {step("x"),
         group(
             "g", {meet("m", "q")},
             "strategy: {parallelism: 2, when: \"<+execution.steps.x.status> == 'FAILED'\"}")})}));
    check_released(by_when, 1000, 1);
    CHECK(by_when.count(barrier_withdrawn) == 2);
}

TEST_CASE("row 3: a lane that ends well without meeting the step withdraws") {
    const auto told =
        simulate(beside({stage("a", {group("g", {step("x"), meet("m", "q")},
                                           "timeout: 500ms, " + on("Timeout", "Ignore"))})}));
    // A timeout breaks at once, whatever follows it.
    check_broken(told, 500, "timeout", "a");
    const auto early = simulate(
        beside({stage("a", {step("x"), meet("m", "q", when_step("Failure")), step("y")})}));
    check_released(early, 1000, 1);
}

TEST_CASE("row 4: after an ignored failure the lane goes on and is still expected") {
    for (const auto* action : {"Ignore", "MarkAsSuccess", "ProceedWithDefaultValues"}) {
        const auto told = simulate(
            beside({stage("a", {step("x", on_failure(action)), step("y"), meet("m", "q")})}),
            R"({"steps": {"a/x": {"outcome": "failed"}}})");
        check_released(told, 2000, 2);
    }
}

TEST_CASE("row 5: while a Retry is due or running the party is still expected") {
    world w;
    w.start(beside(
        {stage("a", {step("x", on_failure("Retry",
                                          "retryCount: 1, retryIntervals: [5s], onRetryFailure: "
                                          "{action: {type: MarkAsFailure}}")),
                     meet("m", "q")})}));
    w.fail("a/x");
    w.advance(5000);
    CHECK_FALSE(w.told().has(barrier_failed, "a"));
    SECTION("that succeeds") {
        w.finish("a/x");
        check_released(w.told(), 5000, 2);
    }
    SECTION("that fails") {
        w.fail("a/x", "again");
        check_broken(w.told(), 5000, "failed", "a");
    }
}

TEST_CASE(
    "row 6: a step that fails for good breaks at once what its lane owed, before any rollback") {
    const auto told = simulate(
        pipeline({parallel({stage("w", {meet("m", "q"), step("z")}),
                            stage("a", {step("x"), meet("m", "q"), meet("n", "other")},
                                  on_failure("StageRollback"), {step("undo")}),
                            stage("b", {meet("n", "other")}), stage("c", {meet("n", "fine")}),
                            stage("d", {step("y"), meet("n", "fine")})})}),
        R"({"steps": {"a/x": {"outcome": "failed", "message": "disk full"},
                       "d/y": {"ms": 9000}}})");
    check_broken(told, 1000, "failed", "a");
    CHECK(told.decision("other").type == barrier_broken);
    CHECK(told.decision("other").ms() == 1000);
    CHECK(told.decision("fine").type == barrier_released);  // and only those
    CHECK(told.in_order(told.decision("q"), told.one(node_started, "a/rollback")));
    CHECK(told.how("w/m") == outcome::failed);
    CHECK(told.error("w/m") == "BarrierBroken");
    for (const auto* word : {"q", "failed", "a/x", "disk full"}) {
        CHECK_THAT(told.message("w/m"), ContainsSubstring(word));
    }
    CHECK(told.how("w/z") == outcome::skipped);
    CHECK(told.decision("q").message.find("disk full") != std::string::npos);
}

TEST_CASE("a break names who else had not come") {
    const auto told = simulate(
        beside({stage("a", {step("x"), meet("m", "q")}), stage("b", {step("y"), meet("m", "q")})}),
        R"({"steps": {"a/x": {"outcome": "failed"}, "b/y": {"ms": 9000}}})");
    check_broken(told, 1000, "failed", "a", {"b"});
    CHECK_THAT(told.message("w/m"), ContainsSubstring("b"));
    CHECK(told.one(barrier_arrived, "b").late);
    CHECK(told.how("b/m") == outcome::failed);
    CHECK(told.finished("b/m") == 9000);
}

TEST_CASE("a failure breaks what later stages owed, when they will be skipped for it") {
    const auto told =
        simulate(pipeline({parallel({stage("w", {group("g", {meet("m", "q")})}),
                                     stage("a", {parallel({step("x"), step("slow")}), step("y")})}),
                           stage("b", {meet("m", "q")})}),
                 R"({"steps": {"a/x": {"outcome": "failed"}, "a/slow": {"ms": 9000}}})");
    check_broken(told, 1000, "failed", "b");
    CHECK(told.how("b") == outcome::skipped);
}

TEST_CASE("row 6b: who will still be reached after the failure is still expected") {
    for (const auto* status : {"All", "Failure"}) {
        const auto told = simulate(beside({stage("a", {step("x"), step("clean", when_step("All")),
                                                       meet("m", "q", when_step(status))})}),
                                   R"({"steps": {"a/x": {"outcome": "failed"}}})");
        check_released(told, 2000, 2);
        CHECK(told.how("a") == outcome::failed);
    }
}

TEST_CASE(
    "a group that still runs after the failure loses those in it that want success, at once") {
    const auto told = simulate(
        beside({stage("a", {step("x"), group("g", {step("clean", when_step("All")), meet("m", "q")},
                                             when_step("All"))})}),
        R"({"steps": {"a/x": {"outcome": "failed"}}})");
    check_broken(told, 1000, "failed", "a");
}

TEST_CASE("a node that cannot begin breaks what is in it") {
    const auto condition = simulate(
        beside({stage("a", {step("x"), meet("m", "q", when_step("Success", "<+nothing>"))})}));
    check_broken(condition, 1000, "failed", "a");
    const auto loop = simulate(beside({stage(
        "a",
        {step("x"),
         group("g", {meet("m", "q")},
               "strategy: {repeat: {items: <+execution.steps.x.output.outputVariables.v>}}")})}));
    check_broken(loop, 1000, "failed", "a/g");
}

TEST_CASE("a step that the host reports as cancelled breaks what its lane owed") {
    world w;
    w.start(beside({stage("a", {step("x"), meet("m", "q")})}));
    w.finish("a/x", outcome::cancelled);
    check_broken(w.told(), 0, "cancelled", "a");
}

TEST_CASE("row 7: queued instances fail with the culprit under SkipQueued and CancelAll") {
    for (const auto* policy : {"SkipQueued", "CancelAll"}) {
        const auto told = simulate(
            beside({stage(
                "a", {group("g",
                            {step("x"),
                             meet("m", "q", when_step("Success", "<+strategy.iteration> == 2"))},
                            "strategy: {repeat: {times: 3, maxConcurrency: 1}, onFailure: " +
                                std::string{policy} + "}")})}),
            R"({"steps": {"a/g_0/x": {"outcome": "failed"}}})");
        check_broken(told, 1000, "failed", "a/g_2");
        CHECK_THAT(told.decision("q").message, ContainsSubstring("a/g_0/x"));
    }
}

TEST_CASE("row 8: a lane, stage or run that times out or is cancelled breaks at once") {
    const auto behaviour = R"({"steps": {"*/x": {"ms": 9000}, "*/*/x": {"ms": 9000}}})";
    check_broken(
        simulate(beside({stage("a", {step("x"), meet("m", "q")}, "timeout: 3s")}), behaviour), 3000,
        "timeout", "a");
    check_broken(
        simulate(beside({stage("a", {group("g", {step("x"), meet("m", "q")}, "timeout: 2s")})}),
                 behaviour),
        2000, "timeout", "a");
    const auto run = simulate(
        pipeline(
            {parallel({stage("w", {meet("m", "q")}), stage("a", {step("x"), meet("m", "q")})})},
            "timeout: 4s"),
        behaviour);
    CHECK(run.decision("q").reason == "timeout");
    CHECK(run.decision("q").ms() == 4000);
    CHECK(run.how("w/m") == outcome::cancelled);
}

TEST_CASE(
    "a stage that times out while it waits breaks for the others, who learn it by that name") {
    const auto told = simulate(beside({stage("a", {meet("m", "q")}, "timeout: 3s"),
                                       stage("b", {step("x"), meet("m", "q")})}),
                               R"({"steps": {"b/x": {"ms": 9000}}})");
    check_broken(told, 3000, "timeout", "a", {"b"});
    CHECK(told.one(barrier_failed, "a").type == barrier_failed);
    CHECK(told.how("w/m") == outcome::failed);
    CHECK(told.error("w/m") == "BarrierBroken");
    CHECK(told.how("a/m") == outcome::cancelled);
    CHECK(told.how("a") == outcome::timed_out);
}

TEST_CASE(
    "row 9: a waiting party's own timeout: it times out, all break, who was missing is to blame") {
    const auto told = simulate(
        beside({stage("a", {meet("m", "q", "timeout: 2500ms")}),
                stage("b", {step("x"), meet("m", "q")}), stage("c", {step("x"), meet("m", "q")})}),
        R"({"steps": {"*/x": {"ms": 9000}}})");
    check_broken(told, 2500, "timeout", "b", {"b", "c"});
    CHECK(told.how("a/m") == outcome::timed_out);
    CHECK(told.error("a/m") == "Timeout");
    for (const auto* word : {"2500 ms", "q", "b", "c"}) {
        CHECK_THAT(told.message("a/m"), ContainsSubstring(word));
    }
    CHECK(told.how("w/m") == outcome::failed);
    CHECK(told.error("w/m") == "BarrierBroken");
    CHECK_THAT(told.message("w/m"), ContainsSubstring("timeout"));
    CHECK(told.one(barrier_arrived, "c").late);
    CHECK(told.how("c/m") == outcome::failed);
}
