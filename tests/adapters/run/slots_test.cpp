// SPDX-License-Identifier: BSL-1.0
// Slots that go round while turns wait (SEMANTICS, section 6).
#include "tests/adapters/run/barrier_story.hpp"

#include <map>
#include <set>

using namespace weir::runs;
using namespace weir::runs::test;

namespace {

std::string turns(int n, int cap, const std::string& slots = "slotWhileWaiting: release") {
    return "strategy: {repeat: {times: " + std::to_string(n) +
           ", maxConcurrency: " + std::to_string(cap) + "}, " + slots + "}";
}

// The most slots of a loop that were held at once, and that all were given back.
int most_held(const story& told, const std::string& loop) {
    int now = 0, most = 0;
    for (const auto& r : told.all) {
        if (r.kind != loop)
            continue;
        now += r.type == slot_taken ? 1 : r.type == slot_given ? -1 : 0;
        most = std::max(most, now);
    }
    CHECK(now == 0);
    return most;
}

std::vector<std::string> order_of(const story& told, event_type type, const std::string& loop,
                                  std::int64_t ms) {
    std::vector<std::string> paths;
    for (const auto& r : told.all) {
        if (r.type == type && r.kind == loop && r.ms() == ms)
            paths.push_back(r.path);
    }
    return paths;
}

}  // namespace

TEST_CASE("release: six turns meet with two slots, and never are more than two active") {
    const auto told = simulate(
        pipeline({stage("a", {group("g", {step("x"), meet("m", "q"), step("y")}, turns(6, 2))})}));
    INFO(told.text());
    CHECK(told.decision("q").type == barrier_released);
    CHECK(told.decision("q").ms() == 3000);
    CHECK(told.decision("q").parties == 6);
    CHECK(most_held(told, "a/g") == 2);
    CHECK(told.finished("a") == 6000);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE(
    "release: who waits gives the slot at once; the last keeps its own; the others return in "
    "lane order") {
    const auto told = simulate(
        pipeline({stage("a", {group("g", {step("x"), meet("m", "q"), step("y")}, turns(4, 1))})}));
    INFO(told.text());
    CHECK(told.one(slot_given, "a/g_0").ms() == 1000);
    CHECK(told.started("a/g_1") == 1000);
    CHECK(told.decision("q").ms() == 4000);
    // g_3 came last and goes on; 0, 1 and 2 wait for it, then go in that order.
    CHECK(order_of(told, slot_waiting, "a/g", 4000) ==
          std::vector<std::string>{"a/g_0", "a/g_1", "a/g_2"});
    CHECK(told.started("a/g_3/y") == 4000);
    CHECK(told.started("a/g_0/y") == 5000);
    CHECK(told.started("a/g_1/y") == 6000);
    CHECK(told.started("a/g_2/y") == 7000);
}

TEST_CASE("release: those who return go before those not yet started") {
    // g_0 waits at a barrier that another stage opens at 1500 ms; g_1 has the slot then.
    const auto told = simulate(
        pipeline({parallel(
            {stage("a", {group("g",
                               {meet("m", "q", when_step("Success", "<+strategy.iteration> == 0")),
                                step("y")},
                               turns(3, 1))}),
             stage("b", {step("z"), meet("m", "q")})})}),
        R"({"steps": {"b/z": {"ms": 500}}})");
    INFO(told.text());
    CHECK(told.started("a/g_1/y") == 0);
    CHECK(told.decision("q").ms() == 500);
    CHECK(told.started("a/g_0/y") == 1000);
    CHECK(told.started("a/g_2") == 2000);
    CHECK(most_held(told, "a/g") == 1);
}

TEST_CASE("release: a turn is active while any of its lanes is") {
    const auto told = simulate(
        pipeline({stage("a", {group("g", {parallel({meet("m", "q"), step("y")})}, turns(2, 1))})}));
    INFO(told.text());
    // The barrier waits at 0, the step beside it runs: only then does g_1 begin.
    CHECK(told.one(slot_given, "a/g_0").ms() == 1000);
    CHECK(told.started("a/g_1") == 1000);
    CHECK(told.decision("q").ms() == 1000);
    CHECK(most_held(told, "a/g") == 1);
}

TEST_CASE("release: loops nest; the outermost slot is taken first") {
    const auto told = simulate(pipeline({stage(
        "a", {group("g", {step("x"), meet("m", "q"), step("y")}, turns(3, 1))}, turns(3, 1))}));
    INFO(told.text());
    CHECK(told.decision("q").parties == 9);
    CHECK(most_held(told, "a") == 1);
    for (const auto* loop : {"a_0/g", "a_1/g", "a_2/g"})
        CHECK(most_held(told, loop) == 1);
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.finished("a") == 18'000);
    // An inner turn that goes on has both.
    std::set<std::string> held;
    for (const auto& r : told.all) {
        if (r.type == slot_taken)
            held.insert(r.path);
        if (r.type == slot_given)
            held.erase(r.path);
        if (r.type == step_started) {
            const auto inner = r.path.substr(0, r.path.rfind('/'));
            CHECK(held.contains(inner));
            CHECK(held.contains(inner.substr(0, inner.find('/'))));
        }
    }
}

TEST_CASE("release: a loop that holds inside one that gives back") {
    const auto told = simulate(pipeline({stage(
        "a",
        {group("g", {step("x"), meet("m", "q"), step("y")}, turns(2, 2, "slotWhileWaiting: hold"))},
        turns(3, 1))}));
    CHECK(told.decision("q").parties == 6);
    CHECK(told.ending() == outcome::succeeded);
    CHECK(most_held(told, "a") == 1);
}

TEST_CASE("release: the pause before a retry gives the slot too") {
    const auto told = simulate(
        pipeline(
            {stage("a", {step("x", turns(2, 1) + ", " +
                                       on_failure("Retry",
                                                  "retryCount: 1, retryIntervals: [10s], "
                                                  "onRetryFailure: {action: {type: Ignore}}"))})}),
        R"({"steps": {"a/x_0": {"outcome": "failed"}}})");
    INFO(told.text());
    CHECK(told.started("a/x_1") == 1000);
    CHECK(told.one(slot_given, "a/x_0").ms() == 1000);
    CHECK(told.finished("a/x_0") == 12'000);
}

TEST_CASE("release: while a turn waits for its slot its clocks stand still") {
    // g_0 returns at 1000 and waits until g_1 has ended its step of 5 s.
    const auto told = simulate(
        pipeline({parallel(
            {stage("a", {group("g",
                               {meet("m", "q", when_step("Success", "<+strategy.iteration> == 0")),
                                step("y")},
                               "timeout: 3s, " + turns(2, 1))}),
             stage("b", {step("z"), meet("m", "q")})})}),
        R"({"steps": {"a/g_1/y": {"ms": 2500}, "a/g_0/y": {"ms": 1500}}})");
    INFO(told.text());
    CHECK(told.started("a/g_0/y") == 2500);
    CHECK(told.how("a/g_0") == outcome::succeeded);
    CHECK(told.finished("a/g_0") == 4000);
}

TEST_CASE("a Barrier step's timeout stands still while a missing party is queued for a slot") {
    const auto document = [](const std::string& slots) {
        return pipeline({parallel(
            {stage("w", {meet("m", "q", "timeout: 1500ms")}),
             stage("a", {group("g",
                               {step("x"),
                                meet("m", "q", when_step("Success", "<+strategy.iteration> == 2"))},
                               turns(3, 1, slots))})})});
    };
    for (const auto* slots : {"slotWhileWaiting: hold", "slotWhileWaiting: release"}) {
        const auto told = simulate(document(slots));
        check_released(told, 3000, 2);
    }
    // Once the last one has its slot, time runs.
    const auto late =
        simulate(document("slotWhileWaiting: hold"), R"({"steps": {"a/g_2/x": {"ms": 1501}}})");
    check_broken(late, 3500, "timeout", "a/g_2", {"a/g_2"});
}

TEST_CASE("a pause and a queue for a slot both hold a Barrier step's timeout") {
    world w;
    w.start(pipeline({parallel(
        {stage("w", {meet("m", "q", "timeout: 1500ms")}),
         stage("a", {group("g",
                           {step("x"),
                            meet("m", "q", when_step("Success", "<+strategy.iteration> == 1"))},
                           turns(2, 1))})})}));
    w.advance(5000);
    w.give(action::pause);
    w.advance(5000);
    w.finish("a/g_0/x");
    w.advance(5000);
    w.give(action::resume);
    w.advance(1499);
    CHECK_FALSE(w.told().has(node_finished, "w/m"));
    w.advance(1);
    CHECK(w.how("w/m") == outcome::timed_out);
}

TEST_CASE("release: a cancel ends turns that wait, rest and queue") {
    for (const int after : {500, 1500, 4500, 5500}) {
        world w{weir::fibers::clock_kind::manual};
        std::string error;
        w.start(pipeline({stage(
                    "a", {group("g", {step("x"), meet("m", "q"), step("y")}, turns(4, 1))})}),
                {.id = "r", .simulated = simulation::parse("", error)});
        w.advance(after);
        w.cancel();
        CHECK(w.host.over());
        CHECK(most_held(w.told(), "a/g") == 1);
        CHECK(w.told().ending() == outcome::cancelled);
    }
}

TEST_CASE("release: a broken barrier lets all return to fail, one at a time") {
    const auto told = simulate(
        pipeline({stage("a", {group("g", {step("x"), meet("m", "q"), step("y", when_step("All"))},
                                    turns(3, 1))})}),
        R"({"steps": {"a/g_2/x": {"outcome": "failed"}}})");
    INFO(told.text());
    check_broken(told, 3000, "failed", "a/g_2");
    CHECK(told.started("a/g_2/y") == 3000);
    CHECK(told.started("a/g_0/y") == 4000);
    CHECK(told.started("a/g_1/y") == 5000);
    CHECK(most_held(told, "a/g") == 1);
}

TEST_CASE("the run's option counts where the loop does not say") {
    const auto document = [](const std::string& own) {
        return pipeline({stage("a", {group("g", {step("x"), meet("m", "q")}, turns(2, 1, own))})});
    };
    const auto started = [](const std::string& text, weir::plan::slot_policy slots) {
        std::string error;
        world w{weir::fibers::clock_kind::virtual_};
        w.start(text, {.id = "r", .slots = slots, .simulated = simulation::parse("", error)});
        return w.told().decision("q").type;
    };
    using weir::plan::slot_policy;
    CHECK(started(document("when: \"true\""), slot_policy::release) == barrier_released);
    CHECK(started(document("slotWhileWaiting: release"), slot_policy::unset) == barrier_released);
    CHECK(started(document("slotWhileWaiting: hold"), slot_policy::release) == barrier_broken);
    weir::plan::load_options how;
    how.slots_release = true;
    CHECK(load(document("when: \"true\""), how)->nodes[2].loop()->slot_while_waiting ==
          slot_policy::release);
    CHECK(load(document("slotWhileWaiting: hold"), how)->nodes[2].loop()->slot_while_waiting ==
          slot_policy::hold);
}

TEST_CASE("set_concurrency: with slots that are held no lower than who must meet at once") {
    for (const bool holds : {true, false}) {
        world w;
        w.start(pipeline({stage(
            "a", {group("g", {step("x"), meet("m", "q"), step("y")},
                        turns(4, 4,
                              holds ? "slotWhileWaiting: hold" : "slotWhileWaiting: release"))})}));
        w.give(action::set_concurrency, "a/g", 2);
        const auto& said = w.told().all.back();
        REQUIRE(said.type == event_type::control);
        CHECK(said.how == (holds ? outcome::failed : outcome::succeeded));
        for (const auto* x : {"a/g_0/x", "a/g_1/x", "a/g_2/x", "a/g_3/x"})
            w.finish(x);
        CHECK(w.told().decision("q").type == barrier_released);
        // Four were active; with release no more than two are from now on.
        CHECK(w.host.open_steps() == (holds ? 4 : 2));
    }
}

TEST_CASE("compat harness: the first who have slots are the parties, later ones pass") {
    weir::plan::load_options how;
    how.compat_harness = true;
    std::string error;
    world w{weir::fibers::clock_kind::virtual_};
    w.start(
        load(pipeline({parallel({stage("w", {step("z"), meet("m", "q")}),
                                 stage("a", {group("g", {step("x"), meet("m", "q"), step("y")},
                                                   turns(5, 2, "slotWhileWaiting: hold"))})})}),
             how),
        {.id = "r", .simulated = simulation::parse(R"({"steps": {"w/z": {"ms": 1500}}})", error)});
    const auto& told = w.told();
    check_released(told, 1500, 3);
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.one(barrier_expected, "a/g_2").late);
    CHECK(told.one(barrier_arrived, "a/g_4").late);
    CHECK(told.how("a/g_4/m") == outcome::succeeded);
    CHECK(told.finished("a/g_0/y") == 2500);
    CHECK(told.started("a/g_2/x") == 2500);
}
