// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string times(int n, const std::string& more = {}) {
    return "strategy: {repeat: {times: " + std::to_string(n) + (more.empty() ? "" : ", " + more) +
           "}}";
}

// The most turns of a loop that were under way at once.
int most_at_once(const story& told, const std::string& prefix) {
    int now = 0, most = 0;
    for (const auto& r : told.all) {
        if (!r.path.starts_with(prefix) || r.path.find('/', prefix.size()) != std::string::npos) {
            continue;
        }
        now += r.type == event_type::node_started    ? 1
               : r.type == event_type::node_finished ? -1
                                                     : 0;
        most = std::max(most, now);
    }
    return most;
}

}  // namespace

TEST_CASE("a matrix runs each combination, first axis slowest, excluded ones not at all") {
    const auto told = simulate(pipeline({stage(
        "a", {step("x")}, "strategy: {matrix: {k: [u, v], n: [1, 2], exclude: [{k: u, n: 2}]}}")}));
    CHECK(told.one(event_type::node_started, "a").kind == "loop");
    CHECK(told.one(event_type::node_started, "a_0_0").kind == "stage");
    CHECK(told.has(event_type::node_started, "a_1_0/x"));
    CHECK(told.has(event_type::node_started, "a_1_1/x"));
    CHECK_FALSE(told.has(event_type::node_started, "a_0_1"));
    CHECK(told.finished("a") == 1000);
    CHECK(told.how("a") == outcome::succeeded);
}

TEST_CASE("repeat and parallelism number their instances") {
    const auto told = simulate(pipeline(
        {stage("a", {step("x", times(3)), group("g", {step("y")}, "strategy: {parallelism: 2}"),
                     step("z", "strategy: {repeat: {items: [p, q]}}")})}));
    for (const auto* path : {"a/x_0", "a/x_2", "a/g_0/y", "a/g_1/y", "a/z_0", "a/z_1"}) {
        CHECK(told.how(path) == outcome::succeeded);
    }
    CHECK(told.started("a/g") == 1000);
    CHECK(told.started("a/z_1") == 2000);
}

TEST_CASE("no more instances than maxConcurrency are active, and slots go round in order") {
    const auto told = simulate(pipeline({stage("a", {step("x", times(5, "maxConcurrency: 2"))})}));
    CHECK(most_at_once(told, "a/x_") == 2);
    CHECK(told.finished("a/x") == 3000);
    CHECK(told.started("a/x_2") == 1000);
    CHECK(told.started("a/x_4") == 2000);
    CHECK(told.count(event_type::slot_taken) == 5);
    CHECK(told.count(event_type::slot_given) == 5);
    CHECK(told.count(event_type::slot_waiting) == 2);  // x_2 and x_4: x_3 finds a slot free
    CHECK(told.one(event_type::slot_taken, "a/x_3").kind == "a/x");
}

TEST_CASE("a cap larger than any number of instances is no cap") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", times(3, "maxConcurrency: 4294967296"))})}));
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.finished("a/x") == 1000);
}

TEST_CASE("loops nest, each with a cap of its own") {
    const auto told = simulate(
        pipeline({stage("a", {group("g", {step("x", times(4, "maxConcurrency: 2"))}, times(2))},
                        times(2, "maxConcurrency: 1"))}));
    CHECK(told.how("a_1/g_1/x_3") == outcome::succeeded);
    CHECK(most_at_once(told, "a_0/g_0/x_") == 2);
    CHECK(most_at_once(told, "a_") == 1);
    CHECK(told.finished("a") == 4000);
}

TEST_CASE("a loop of none is skipped, and so is one whose strategy.when does not hold") {
    const auto told =
        simulate(pipeline({stage("a", {step("l"),
                                       step("x",
                                            "strategy: {repeat: {items: <+execution.steps.l.output."
                                            "outputVariables.list>}}"),
                                       step("y", "strategy: {repeat: {times: 2}, when: \"false\"}"),
                                       step("z")})}),
                 R"({"steps": {"a/l": {"outputs": {"list": []}}}})");
    CHECK(told.how("a/x") == outcome::skipped);
    CHECK(told.how("a/y") == outcome::skipped);
    CHECK_FALSE(told.has(event_type::node_started, "a/y_0"));
    CHECK(told.how("a/z") == outcome::succeeded);
}

TEST_CASE("items may be computed from an output, with methods") {
    const auto told = simulate(
        pipeline(
            {stage("a", {step("l"), step("x",
                                         "strategy: {repeat: {items: \"<+execution.steps.l.output."
                                         "outputVariables.csv>.split(',')\"}}")})}),
        R"({"steps": {"a/l": {"outputs": {"csv": "p,q,r"}}}})");
    CHECK(told.how("a/x_2") == outcome::succeeded);
    CHECK_FALSE(told.has(event_type::node_started, "a/x_3"));
}

TEST_CASE("a loop that cannot be expanded fails, and says why") {
    const auto told = simulate(
        pipeline({stage("a", {step("x",
                                   "strategy: {repeat: {items: <+execution.steps.nobody.output."
                                   "outputVariables.list>}}"),
                              step("y")})}));
    CHECK(told.how("a/x") == outcome::failed);
    CHECK_THAT(told.message("a/x"), ContainsSubstring("nobody"));
    CHECK(told.how("a/y") == outcome::skipped);
}

TEST_CASE("a node's own condition is looked at in each instance") {
    const auto told = simulate(
        pipeline({stage("a", {step("x", "strategy: {repeat: {items: [p, q, r]}}, " +
                                            when_step("Success", "<+repeat.item> != 'q'"))})}));
    CHECK(told.how("a/x_0") == outcome::succeeded);
    CHECK(told.how("a/x_1") == outcome::skipped);
    CHECK(told.how("a/x_2") == outcome::succeeded);
    CHECK(told.how("a/x") == outcome::succeeded);
}

TEST_CASE("a loop whose instances were all skipped is skipped") {
    const auto told = simulate(pipeline({stage(
        "a", {step("x", times(2) + ", " + when_step("Success", "<+strategy.iteration> > 5"))})}));
    CHECK(told.how("a/x") == outcome::skipped);
}

TEST_CASE("RunAll: a failed instance leaves the others alone; the loop ends as the worst") {
    const auto told = simulate(pipeline({stage("a", {step("x", times(4, "maxConcurrency: 1"))})}),
                               R"({"steps": {"a/x_1": {"outcome": "failed"}}})");
    CHECK(told.how("a/x_3") == outcome::succeeded);
    CHECK(told.how("a/x") == outcome::failed);
}

TEST_CASE("SkipQueued: instances that have not started do not start after a failure") {
    const auto told =
        simulate(pipeline({stage("a", {step("x",
                                            "strategy: {repeat: {times: 5, maxConcurrency: 2}, "
                                            "onFailure: SkipQueued}")})}),
                 R"({"steps": {"a/x_0": {"outcome": "failed", "ms": 500}}})");
    CHECK(told.how("a/x_1") == outcome::succeeded);
    CHECK_FALSE(told.has(event_type::node_started, "a/x_2"));
    CHECK(told.count(event_type::slot_given) == told.count(event_type::slot_taken));
    CHECK(told.how("a/x") == outcome::failed);
}

TEST_CASE("CancelAll: instances that run are cancelled, those that queue do not start") {
    const auto told =
        simulate(pipeline({stage("a", {step("x",
                                            "strategy: {repeat: {times: 5, maxConcurrency: 2}, "
                                            "onFailure: CancelAll}")})}),
                 R"({"steps": {"a/x_0": {"outcome": "failed", "ms": 500}}})");
    CHECK(told.how("a/x_1") == outcome::cancelled);
    CHECK(told.finished("a/x_1") == 500);
    CHECK_FALSE(told.has(event_type::node_started, "a/x_2"));
    CHECK(told.count(event_type::slot_given) == told.count(event_type::slot_taken));
    CHECK(told.how("a/x") == outcome::cancelled);
}

TEST_CASE("a loop that waits for a slot is ended by a cancel, a timeout and a rollback") {
    const auto loop = step("x", times(5, "maxConcurrency: 1"));
    SECTION("cancel") {
        world w;
        w.start(pipeline({stage("a", {loop})}));
        w.cancel();
        w.finish("a/x_0", outcome::cancelled);
        CHECK(w.told().ending() == outcome::cancelled);
        CHECK_FALSE(w.told().has(event_type::node_started, "a/x_1"));
    }
    SECTION("timeout") {
        const auto told = simulate(pipeline({stage("a", {loop}, "timeout: 1500ms")}));
        CHECK(told.how("a") == outcome::timed_out);
        CHECK(told.finished("a") == 1500);
        CHECK_FALSE(told.has(event_type::node_started, "a/x_2"));
    }
    SECTION("rollback beside it") {
        const auto told = simulate(pipeline({stage("a", {parallel({loop, step("bad")})},
                                                   on_failure("StageRollback"), {step("undo")})}),
                                   R"({"steps": {"a/bad": {"outcome": "failed", "ms": 500}}})");
        CHECK(told.how("a/x_0") == outcome::succeeded);
        CHECK_FALSE(told.has(event_type::node_started, "a/x_1"));
        CHECK(told.how("a/rollback/undo") == outcome::succeeded);
        CHECK(told.started("a/rollback") == 1000);
    }
}

TEST_CASE("a plan that was loaded for Harness's ways runs its axes in Harness's order") {
    const auto text = pipeline(
        {stage("a", {step("x")}, "strategy: {matrix: {service: [s, t], environment: [e]}}")});
    const auto simulated = [] {
        std::string error;
        return simulation::parse("", error);
    };
    world ours{weir::fibers::clock_kind::virtual_};
    ours.start(text, {.id = "r", .simulated = simulated()});
    CHECK(ours.how("a_1_0") == outcome::succeeded);
    world theirs{weir::fibers::clock_kind::virtual_};
    weir::plan::load_options how;
    how.compat_harness = true;
    theirs.start(load(text, how), {.id = "r", .simulated = simulated()});
    CHECK(theirs.how("a_0_1") == outcome::succeeded);
}
