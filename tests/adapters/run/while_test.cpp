// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string loop_while(const std::string& condition, int most = 10, const std::string& more = {}) {
    return "strategy: {while: {condition: \"" + condition +
           "\", maxIterations: " + std::to_string(most) + "}" + (more.empty() ? "" : ", " + more) +
           "}";
}

}  // namespace

TEST_CASE("a while makes its turns one after another, as long as its condition holds") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", loop_while("<+strategy.iteration> < 3"))})}));
    CHECK(told.one(event_type::node_started, "a/x").kind == "loop");
    CHECK(told.started("a/x_0") == 0);
    CHECK(told.started("a/x_1") == 1000);
    CHECK(told.started("a/x_2") == 2000);
    CHECK_FALSE(told.has(event_type::node_started, "a/x_3"));
    CHECK(told.how("a/x") == outcome::succeeded);
    CHECK(told.finished("a/x") == 3000);
    CHECK(told.count(event_type::slot_taken) == 0);
}

TEST_CASE("a while ends at its bound, whatever its condition says") {
    const auto told = simulate(pipeline({stage("a", {step("x", loop_while("true", 2))})}));
    CHECK(told.has(event_type::node_finished, "a/x_1"));
    CHECK_FALSE(told.has(event_type::node_started, "a/x_2"));
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("a while without a turn is skipped") {
    const auto told = simulate(pipeline({stage("a", {step("x", loop_while("false")), step("y")})}));
    CHECK(told.how("a/x") == outcome::skipped);
    CHECK(told.how("a/y") == outcome::succeeded);
    CHECK_FALSE(told.has(event_type::node_started, "a/x_0"));
    const auto not_at_all =
        simulate(pipeline({stage("a", {step("x", loop_while("true", 2, "when: \"false\""))})}));
    CHECK(not_at_all.how("a/x") == outcome::skipped);
}

TEST_CASE("the condition of a while knows what earlier turns left") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x", loop_while("<+strategy.iteration> == 0 || "
                                          "<+step.output.outputVariables.state> != 'ready'"))})}));
    w.finish("a/x_0", outcome::succeeded, R"({"state": "starting"})");
    w.finish("a/x_1", outcome::succeeded, R"({"state": "ready"})");
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::succeeded);
    CHECK_FALSE(w.told().has(event_type::node_started, "a/x_2"));
}

TEST_CASE("so it does in a group and in a stage") {
    world w;
    w.start(pipeline(
        {stage("a",
               {group("g", {step("x")},
                      loop_while("<+strategy.iteration> == 0 || "
                                 "<+stepGroup.steps.x.output.outputVariables.more> == 'yes'"))},
               loop_while("<+strategy.iteration> == 0 || "
                          "<+stage.spec.execution.steps.y.status> == 'SKIPPED'"))}));
    w.finish("a_0/g_0/x", outcome::succeeded, R"({"more": "yes"})");
    w.finish("a_0/g_1/x", outcome::succeeded, R"({"more": "no"})");
    CHECK(w.how("a_0/g") == outcome::succeeded);
    CHECK(w.how("a") == outcome::failed);  // there is no `y`
    CHECK_THAT(w.told().message("a"), ContainsSubstring("before turn 1"));
}

TEST_CASE("a condition that cannot be evaluated fails the loop, not its turns") {
    const auto told = simulate(pipeline({stage("a", {step("x", loop_while("<+nothing.here>"))})}));
    CHECK(told.how("a/x") == outcome::failed);
    CHECK_THAT(told.message("a/x"), ContainsSubstring("before turn 0"));
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE("a turn that fails ends the loop where onFailure says so") {
    const std::string behaviour = R"({"steps": {"a/x_0": {"outcome": "failed"}}})";
    const auto goes_on =
        simulate(pipeline({stage("a", {step("x", loop_while("true", 2))})}), behaviour);
    CHECK(goes_on.how("a/x_1") == outcome::succeeded);
    CHECK(goes_on.how("a/x") == outcome::failed);
    const auto stops = simulate(
        pipeline({stage("a", {step("x", loop_while("true", 2, "onFailure: SkipQueued"))})}),
        behaviour);
    CHECK_FALSE(stops.has(event_type::node_started, "a/x_1"));
    CHECK(stops.how("a/x") == outcome::failed);
}

TEST_CASE("a cancel ends a while in the middle of a turn") {
    world w;
    w.start(pipeline({stage("a", {step("x", loop_while("true"))})}));
    w.finish("a/x_0");
    w.cancel();
    w.finish("a/x_1", outcome::cancelled);
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::cancelled);
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("a while holds nothing back beside the turn that runs") {
    const auto told = simulate(pipeline({stage("a", {step("x", loop_while("true", 1000))})}),
                               R"({"default_ms": 0})");
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.has(event_type::node_finished, "a/x_999"));
}

TEST_CASE("lanes meet at a cyclic barrier turn by turn of their while") {
    const auto looping = [](const std::string& id) {
        return stage(
            id, {group("g", {step("x"), meet("m", "q")}, loop_while("<+strategy.iteration> < 3"))});
    };
    auto document = pipeline({parallel({looping("a"), looping("b")})});
    const std::string plain = "{identifier: q, name: q}";
    document.replace(document.find(plain), plain.size(), "{identifier: q, name: q, cyclic: true}");
    const auto told = simulate(document, R"({"steps": {"b/g_1/x": {"ms": 4000}}})");
    INFO(told.text());
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.count(event_type::barrier_released) == 3);
    CHECK(told.finished("a/g_1/m") == 5000);
}
