// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;

TEST_CASE("a cancel asks steps to end, and the run ends when they have") {
    world w;
    w.start(pipeline(
        {parallel({stage("a", {step("x"), step("y", when_step("All"))}), stage("b", {step("x")})}),
         stage("c", {step("x")}, when_stage("All"))}));
    w.finish("b/x");
    w.cancel("a reason");
    const auto& control = w.told().one(event_type::control, "");
    CHECK(control.action == "cancel");
    CHECK(control.why == "a reason");
    CHECK_FALSE(w.told().one(event_type::step_cancel, "a/x").hard);
    CHECK_FALSE(w.host.over());
    w.finish("a/x", outcome::succeeded);
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::cancelled);
    CHECK(w.how("a") == outcome::cancelled);
    CHECK(w.how("b") == outcome::succeeded);
    CHECK_FALSE(w.told().has(event_type::node_started, "a/y"));
    CHECK_FALSE(w.told().has(event_type::node_started, "c"));
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("a step that does not answer is cancelled hard after its grace, and then given up") {
    world w;
    w.start(pipeline({stage("a", {step("x")})}), {.grace_ns = 50'000'000});
    const auto handle = w.told().one(event_type::step_started, "a/x").step;
    w.advance(7);
    w.cancel();
    w.advance(49);
    CHECK_FALSE(w.host.over());
    w.advance(1);
    CHECK(w.host.over());
    CHECK(w.told().all.back().ms() == 57);
    CHECK(w.told().count(event_type::step_cancel) == 2);
    CHECK_FALSE(w.host.answer(handle, outcome::succeeded));  // too late: the handle is stale
}

TEST_CASE("an answer that was given before the cancel is told still counts as cancelled") {
    world w;
    auto& run = w.start(pipeline({stage("a", {step("x")})}));
    w.host.cancel(run, "both at once");
    CHECK(w.host.answer("a/x", outcome::succeeded));
    w.poll();
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::cancelled);
}

TEST_CASE("an answer on its way when the grace ends is waited for") {
    world w;
    w.start(pipeline({stage("a", {step("x")})}), {.grace_ns = 10'000'000});
    w.cancel();
    w.advance(9);
    w.runtime().advance(1'000'000);
    CHECK(w.host.answer("a/x", outcome::succeeded));
    w.poll();
    CHECK(w.host.over());
}

TEST_CASE("a cancel right after the start, before any lane ran") {
    world w;
    run r{load(pipeline({stage("a", {step("x")})})), w.runtime().at(0), w.host, {}};
    r.start();
    w.host.cancel(r, "at once");
    w.poll();
    CHECK(w.host.over());
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("a second cancel, and one after the end, do nothing") {
    world w;
    w.start(pipeline({stage("a", {step("x")})}));
    w.cancel("one");
    w.cancel("two");
    w.finish("a/x", outcome::cancelled);
    w.cancel("three");
    CHECK(w.told().count(event_type::control) == 1);
    CHECK(w.told().count(event_type::run_finished) == 1);
}

TEST_CASE("a cancel ends pauses, waits for slots and waits at barriers at once") {
    world w;
    w.start(pipeline({parallel(
        {stage("a", {step("x", on_failure("Retry",
                                          "retryCount: 9, retryIntervals: [1h], onRetryFailure: "
                                          "{action: {type: Ignore}}"))}),
         stage("b", {step("x", "strategy: {repeat: {times: 3, maxConcurrency: 1}}")}),
         stage("c", {meet("m", "q")}), stage("d", {step("x"), meet("m", "q")})})}));
    w.fail("a/x");
    w.cancel();
    CHECK(w.how("a") == outcome::cancelled);
    CHECK(w.how("c/m") == outcome::cancelled);
    const auto& broken = w.told().decision("q");
    CHECK(broken.type == event_type::barrier_broken);
    CHECK(broken.reason == "cancelled");
    CHECK(broken.culprit.empty());  // nobody is to blame
    w.finish("b/x_0", outcome::cancelled);
    w.finish("d/x", outcome::cancelled);
    CHECK(w.host.over());
    CHECK(w.told().count(event_type::slot_given) == w.told().count(event_type::slot_taken));
}
