// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string node(const std::string& id, const std::string& depends_on,
                 const texts& steps = {step("x")}, const std::string& more = {}) {
    return stage(id, steps, "dependsOn: [" + depends_on + "]" + (more.empty() ? "" : ", " + more));
}

const std::string failing = R"({"steps": {"a/x": {"outcome": "failed"}}})";

}  // namespace

TEST_CASE("each stage of a graph starts when those that it depends on have ended") {
    const auto told = simulate(
        pipeline({node("d", "b, c"), node("a", ""), node("b", "a"), node("c", "a"), node("e", "")}),
        R"({"steps": {"c/x": {"ms": 5000}}})");
    CHECK(told.started("a") == 0);
    CHECK(told.started("e") == 0);
    CHECK(told.started("b") == 1000);
    CHECK(told.started("c") == 1000);
    CHECK(told.started("d") == 6000);
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.all.back().ms() == 7000);
}

TEST_CASE("an entry without dependsOn follows the one before it, a parallel as a whole") {
    const auto told =
        simulate(pipeline({node("a", ""), stage("b", {step("x")}),
                           parallel({stage("c", {step("x")}), stage("d", {step("x")})}),
                           stage("e", {step("x")})}),
                 R"({"steps": {"c/x": {"ms": 3000}}})");
    CHECK(told.started("b") == 1000);
    CHECK(told.started("c") == 2000);
    CHECK(told.started("d") == 2000);
    CHECK(told.started("e") == 5000);
}

TEST_CASE("what depends on a failed stage is skipped, the rest goes on") {
    const auto told = simulate(
        pipeline({node("a", ""), node("b", "a"), node("c", "b"), node("d", ""), node("e", "d")}),
        failing);
    CHECK(told.how("a") == outcome::failed);
    CHECK(told.how("b") == outcome::skipped);
    CHECK(told.how("c") == outcome::skipped);
    CHECK(told.how("d") == outcome::succeeded);
    CHECK(told.how("e") == outcome::succeeded);
    CHECK(told.started("e") == 1000);
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE("a stage whose when lets it run does run after what it depends on has failed") {
    const auto told =
        simulate(pipeline({node("a", ""), node("b", "a", {step("x")}, when_stage("Failure")),
                           node("c", "b", {step("x")}, when_stage("All")), node("d", "b"),
                           node("e", "", {step("x")}, when_stage("Failure"))}),
                 failing);
    CHECK(told.how("b") == outcome::succeeded);
    CHECK(told.how("c") == outcome::succeeded);
    CHECK(told.how("d") == outcome::skipped);  // further up something has failed
    CHECK(told.how("e") == outcome::skipped);  // nothing that it depends on has
}

TEST_CASE("an ignored failure is none for those that depend on it") {
    const auto told = simulate(
        pipeline({node("a", "", {step("x", on_failure("Ignore"))}), node("b", "a")}), failing);
    CHECK(told.how("b") == outcome::succeeded);
    CHECK(told.ending() == outcome::ignored_failure);
}

TEST_CASE("barriers of stages that are skipped because of a failure break at once") {
    const auto told =
        simulate(pipeline({node("a", ""), node("b", "a"), node("c", "b", {meet("m", "q")}),
                           node("d", "", {meet("m", "q")}), node("e", "", {meet("m", "r")}),
                           node("f", "a", {meet("m", "r")}, when_stage("All"))}),
                 failing);
    const auto& broken = told.decision("q");
    CHECK(broken.type == event_type::barrier_broken);
    CHECK(broken.ms() == 1000);
    CHECK(told.how("d") == outcome::failed);
    CHECK_THAT(told.message("d/m"), ContainsSubstring("a/x"));
    CHECK(told.decision("r").type == event_type::barrier_released);
}

TEST_CASE("a second failure tells its own dependents") {
    const auto told = simulate(
        pipeline({node("a", ""), node("b", ""), node("c", "a", {meet("m", "q")}),
                  node("d", "b", {meet("m", "r")}), node("e", "", {meet("m", "q")}),
                  node("f", "", {meet("m", "r")})}),
        R"({"steps": {"a/x": {"outcome": "failed"}, "b/x": {"outcome": "failed", "ms": 3000}}})");
    CHECK(told.decision("q").ms() == 1000);
    CHECK(told.decision("r").ms() == 3000);
    CHECK_THAT(told.message("f/m"), ContainsSubstring("b/x"));
}

TEST_CASE("stages of a graph meet at a barrier when they run side by side") {
    const auto told =
        simulate(pipeline({node("b", "a", {step("x"), meet("m", "q")}), node("a", ""),
                           node("c", "", {meet("m", "q")}), node("d", "b, c", {step("x")})}));
    CHECK(told.decision("q").type == event_type::barrier_released);
    CHECK(told.decision("q").ms() == 2000);
    CHECK(told.started("d") == 2000);
}

TEST_CASE("a loop in a graph is waited for as a whole") {
    const auto told = simulate(
        pipeline({node("a", "", {step("x")}, "strategy: {repeat: {times: 3, maxConcurrency: 1}}"),
                  node("b", "a")}));
    CHECK(told.started("b") == 3000);
}

TEST_CASE("an abort and a cancel end a graph: what has not started does not") {
    const auto aborted =
        simulate(pipeline({node("a", "", {step("x", on_failure("Abort"))}), node("b", "a"),
                           node("c", "", {step("y")})}),
                 R"({"steps": {"a/x": {"outcome": "failed"}, "c/y": {"ms": 9000}}})");
    CHECK_FALSE(aborted.has(event_type::node_started, "b"));
    CHECK(aborted.how("c") == outcome::cancelled);
    world w;
    w.start(pipeline({node("a", ""), node("b", "a")}));
    w.cancel();
    w.finish("a/x", outcome::cancelled);
    CHECK(w.host.over());
    CHECK_FALSE(w.told().has(event_type::node_started, "b"));
}

TEST_CASE("names of earlier stages of a graph are known to later ones") {
    world w;
    w.start(pipeline({node("b", "a",
                           {step("x", {},
                                 "<+pipeline.stages.a.spec.execution.steps.x.output."
                                 "outputVariables.v>")}),
                      node("a", "")}));
    w.finish("a/x", outcome::succeeded, R"({"v": "7"})");
    CHECK(w.told().has(event_type::step_started, "b/x"));
    w.play();
}

TEST_CASE("a pipeline's rollback takes a graph back level by level, the last first") {
    const auto back = [](const std::string& id, const std::string& on,
                         const std::string& more = {}) {
        return stage(id, {step("x", more)}, "dependsOn: [" + on + "]", {step("u")});
    };
    const auto told = simulate(pipeline({back("a", ""), back("b", "a"), back("c", "a"),
                                         back("d", "b, c", on_failure("PipelineRollback"))}),
                               R"({"steps": {"d/x": {"outcome": "failed"}}})");
    std::vector<std::string> order;
    for (const auto& r : told.all) {
        if (r.type == event_type::step_started && r.path.ends_with("/u")) {
            order.push_back(r.path + "@" + std::to_string(r.ms()));
        }
    }
    INFO(told.text());
    REQUIRE(order.size() == 4);
    CHECK(order[0].find("/d/") != std::string::npos);
    CHECK(order[1].substr(order[1].find('@')) == order[2].substr(order[2].find('@')));
    CHECK(order[3].find("/a/") != std::string::npos);
}
