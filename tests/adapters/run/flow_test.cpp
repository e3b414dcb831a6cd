// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;

TEST_CASE("stages and steps follow one another; each starts when the one before has ended") {
    const auto told =
        simulate(pipeline({stage("a", {step("x"), step("y")}), stage("b", {step("z")})}));
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.finished("a/x") == 1000);
    CHECK(told.started("a/y") == 1000);
    CHECK(told.finished("a") == 2000);
    CHECK(told.started("b/z") == 2000);
    CHECK(told.all.back().ms() == 3000);
    CHECK(told.all.front().type == event_type::run_started);
}

TEST_CASE("parallel stages, groups and steps run side by side and are waited for") {
    const auto told = simulate(pipeline(
        {parallel({stage("a", {step("x")}),
                   stage("b", {parallel({step("y"), group("g", {step("z"), step("u")})})})}),
         stage("c", {step("w")})}));
    CHECK(told.finished("a") == 1000);
    CHECK(told.started("b/g/z") == 0);
    CHECK(told.finished("b/y") == 1000);
    CHECK(told.finished("b/g") == 2000);
    CHECK(told.started("c") == 2000);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("groups nest forty deep on the one stack of their lane") {
    std::string inner = step("x");
    std::string path = "x";
    for (int i = 0; i < 40; ++i) {
        inner = group("g", {inner});
        path.insert(0, "g/");
    }
    const auto told = simulate(pipeline({stage("a", {inner})}));
    CHECK(told.how("a/" + path) == outcome::succeeded);
    CHECK(told.count(event_type::node_started) == told.count(event_type::node_finished));
}

TEST_CASE("after a failure the rest is skipped, save what asks for failures or for all") {
    const auto told =
        simulate(pipeline({stage("a", {step("bad"), step("next"), step("clean", when_step("All")),
                                       step("on_failure", when_step("Failure")), step("last")}),
                           stage("b", {step("x")}), stage("c", {step("x")}, when_stage("Failure")),
                           stage("d", {step("x")}, when_stage("All"))}),
                 R"({"steps": {"a/bad": {"outcome": "failed", "message": "no"}}})");
    CHECK(told.how("a/bad") == outcome::failed);
    CHECK(told.message("a/bad") == "no");
    CHECK(told.how("a/next") == outcome::skipped);
    CHECK(told.how("a/clean") == outcome::succeeded);
    CHECK(told.how("a/on_failure") == outcome::succeeded);
    CHECK(told.how("a/last") == outcome::skipped);
    CHECK(told.how("a") == outcome::failed);
    CHECK(told.how("b") == outcome::skipped);
    CHECK(told.how("b/x") == outcome::none);
    CHECK(told.how("c") == outcome::succeeded);
    CHECK(told.how("d/x") == outcome::succeeded);
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE("a node that asks for a failure is skipped when there is none") {
    const auto told = simulate(pipeline({stage("a", {step("x", when_step("Failure")), step("y")}),
                                         stage("b", {step("z")}, when_stage("Failure"))}));
    CHECK(told.how("a/x") == outcome::skipped);
    CHECK(told.how("a/y") == outcome::succeeded);
    CHECK(told.how("b") == outcome::skipped);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("a group that runs after a failure skips those steps in it that want success") {
    const auto told = simulate(
        pipeline({stage("a", {step("bad"), group("g", {step("x"), step("y", when_step("All"))},
                                                 when_step("All"))})}),
        R"({"steps": {"a/bad": {"outcome": "failed"}}})");
    CHECK(told.how("a/g/x") == outcome::skipped);
    CHECK(told.how("a/g/y") == outcome::succeeded);
}

TEST_CASE("literal conditions and conditions on outputs decide at the node's turn") {
    const auto told =
        simulate(pipeline({stage("a", {step("x"), step("no", when_step("Success", "false")),
                                       step("yes", when_step("Success", "true")),
                                       step("out", when_step("Success",
                                                             "<+execution.steps.x.output."
                                                             "outputVariables.v> == 'go'")),
                                       step("not", when_step("Success",
                                                             "<+execution.steps.x.output."
                                                             "outputVariables.v> != 'go'")),
                                       step("status", when_step("Success",
                                                                "<+execution.steps.x.status> == "
                                                                "'SUCCEEDED'"))})}),
                 R"({"steps": {"a/x": {"outputs": {"v": "go"}}}})");
    CHECK(told.how("a/no") == outcome::skipped);
    CHECK(told.how("a/yes") == outcome::succeeded);
    CHECK(told.how("a/out") == outcome::succeeded);
    CHECK(told.how("a/not") == outcome::skipped);
    CHECK(told.how("a/status") == outcome::succeeded);
}

TEST_CASE("a condition that cannot be evaluated fails its node, and says why") {
    const auto told = simulate(pipeline({stage(
        "a", {step("x", when_step("Success", "<+execution.steps.nobody.output.v> == 1"))})}));
    CHECK(told.how("a/x") == outcome::failed);
    CHECK_THAT(told.message("a/x"), Catch::Matchers::ContainsSubstring("condition"));
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE("a parallel ends as the worst of its entries; all skipped is skipped") {
    const auto told =
        simulate(pipeline({stage("a", {parallel({step("x", on_failure("Ignore")), step("y")})}),
                           stage("b", {parallel({step("x", when_step("Success", "false")),
                                                 step("y", when_step("Success", "false"))})})}),
                 R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.how("a") == outcome::ignored_failure);
    CHECK(told.how("b") == outcome::succeeded);
    CHECK(told.ending() == outcome::ignored_failure);
}

TEST_CASE("in a parallel the others go on after a failure, and what follows is skipped") {
    const auto told = simulate(
        pipeline({stage(
            "a", {parallel({step("bad"), group("g", {step("x"), step("y")})}), step("after")})}),
        R"({"steps": {"a/bad": {"outcome": "failed"}}})");
    CHECK(told.how("a/g/y") == outcome::succeeded);
    CHECK(told.how("a/after") == outcome::skipped);
    CHECK(told.how("a") == outcome::failed);
}

TEST_CASE("a host that takes no further step fails it instead of waiting for ever") {
    world w;
    w.host.full = true;
    w.start(pipeline({stage("a", {step("x")})}));
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::failed);
    CHECK(w.told().count(event_type::step_started) == 0);
}

TEST_CASE("what a host says of a step is how it ends") {
    world w;
    w.start(
        pipeline({parallel({stage("a", {step("x"), step("y")}), stage("b", {step("x"), step("y")}),
                            stage("c", {step("x"), step("y")})})}));
    w.finish("a/x", outcome::skipped);
    w.finish("b/x", outcome::cancelled);
    w.finish("c/x", outcome::timed_out);
    CHECK(w.how("a/x") == outcome::skipped);
    CHECK(w.how("b/x") == outcome::cancelled);
    CHECK(w.how("c/x") == outcome::timed_out);
    CHECK(w.told().error("c/x") == "Timeout");
    CHECK(w.how("b/y") == outcome::skipped);
    CHECK(w.how("c") == outcome::timed_out);
    w.finish("a/y");
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("a step is told with all that the host needs") {
    world w;
    w.start(pipeline({stage("a", {step("x", "timeout: 90s", "echo hi")})}));
    const auto input = weir::json::parse(w.told().one(event_type::step_started, "a/x").input);
    CHECK(input["type"] == "ShellScript");
    CHECK(input["id"] == "x");
    CHECK(input["path"] == "a/x");
    CHECK(input["attempt"] == 1);
    CHECK(input["timeout_ms"] == 90'000);
    CHECK(input["spec"]["source"]["spec"]["script"] == "echo hi");
    w.finish("a/x");
    CHECK(w.told().ending() == outcome::succeeded);
}
