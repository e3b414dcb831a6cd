// SPDX-License-Identifier: BSL-1.0
// What Weir adds to a barrier: quorum, cyclic, exchange, onRelease, timeout (SEMANTICS, section 2).
#include "tests/adapters/run/barrier_story.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// One barrier `q` with options, and stages side by side.
std::string with(const std::string& options, const texts& stages, const std::string& more = {}) {
    return "{pipeline: {identifier: p, name: p, flowControl: {barriers: [{identifier: q, name: "
           "q, " +
           options + "}]}, " + (more.empty() ? "" : more + ", ") +
           "stages: " + listed({parallel(stages)}) + "}}";
}

std::string give(const std::string& id, const std::string& value, const std::string& more = {}) {
    return entry("step", id, "type: Barrier, spec: {barrierRef: q, value: " + value + "}", more);
}

texts decisions(const story& told, const std::string& barrier = "q") {
    texts all;
    for (const auto& r : told.all) {
        if (r.barrier == barrier && r.type >= barrier_released && r.type <= barrier_voided) {
            all.push_back(std::string{word(r.type)}.substr(8) + " " + std::to_string(r.generation) +
                          " at " + std::to_string(r.ms()) + " of " + std::to_string(r.parties));
        }
    }
    return all;
}

std::string rounds(int n) {
    return "strategy: {repeat: {times: " + std::to_string(n) + ", maxConcurrency: 1}}";
}

const char* const three_speeds =
    R"({"steps": {"a/x": {"ms": 1000}, "b/x": {"ms": 2000}, "c/x": {"ms": 3000}}})";

texts three(const std::string& more = {}) {
    return {stage("a", {step("x"), meet("m", "q", more), step("y")}),
            stage("b", {step("x"), meet("m", "q", more), step("y")}),
            stage("c", {step("x"), meet("m", "q", more), step("y")})};
}

}  // namespace

TEST_CASE("quorum: so many release it; who comes later passes") {
    const auto told = simulate(with("quorum: 2", three()), three_speeds);
    check_released(told, 2000, 2);
    CHECK(told.decision("q").quorum == 2);
    CHECK(told.decision("q").culprit.empty());
    CHECK(told.one(barrier_arrived, "c").late);
    CHECK(told.how("c/m") == outcome::succeeded);
    CHECK(told.started("c/y") == 3000);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("quorum with stragglers: fail: who comes later fails, and its own strategy decides") {
    const auto told = simulate(with("quorum: 2, stragglers: fail", three()), three_speeds);
    CHECK(told.how("a/m") == outcome::succeeded);
    CHECK(told.how("c/m") == outcome::failed);
    CHECK(told.error("c/m") == "BarrierBroken");
    CHECK_THAT(told.message("c/m"), ContainsSubstring("after it had been released"));
    CHECK(told.how("c/y") == outcome::skipped);
    const auto ignored = simulate(
        with("quorum: 2, stragglers: fail", three(on("BarrierBroken", "Ignore"))), three_speeds);
    CHECK(ignored.how("c/m") == outcome::ignored_failure);
}

TEST_CASE("quorum: goes on without those who fail, and breaks once it cannot be reached") {
    const auto told = simulate(
        with("quorum: 2", three()),
        R"({"steps": {"a/x": {"outcome": "failed"}, "b/x": {"ms": 2000}, "c/x": {"ms": 3000}}})");
    check_released(told, 3000, 2);
    CHECK(told.has(barrier_failed, "a"));
    CHECK(told.decision("q").message.empty());
    const auto broken = simulate(
        with("quorum: 2", three()),
        R"({"steps": {"a/x": {"outcome": "failed"}, "b/x": {"ms": 2000, "outcome": "failed",
            "message": "no disk"}, "c/x": {"ms": 3000}}})");
    check_broken(broken, 2000, "failed", "b", {"c"});
    CHECK_THAT(broken.decision("q").message, ContainsSubstring("no disk"));
    CHECK(broken.how("c/m") == outcome::failed);
}

TEST_CASE("quorum: a party whose own timeout ends falls out; the others go on") {
    const auto told =
        simulate(with("quorum: 2", {stage("a", {meet("m", "q", "timeout: 500ms"), step("y")}),
                                    stage("b", {step("x"), meet("m", "q")}),
                                    stage("c", {step("x"), meet("m", "q")})}));
    check_released(told, 1000, 2);
    CHECK(told.one(barrier_failed, "a").ms() == 500);
    CHECK(told.how("a/m") == outcome::timed_out);
    CHECK(told.error("a/m") == "Timeout");
    CHECK(told.finished("a/m") == 500);
    CHECK(told.how("a/y") == outcome::skipped);
}

TEST_CASE("quorum: too few are left when others withdraw: unreachable") {
    const auto skipped = when_step("Success", "<+execution.steps.x.status> == 'FAILED'");
    const auto told =
        simulate(with("quorum: 2", {stage("a", {meet("m", "q")}),
                                    stage("b", {step("x"), meet("m", "q", skipped)})}));
    check_broken(told, 1000, "unreachable", "");
    CHECK(told.how("a/m") == outcome::failed);
    const auto none =
        simulate(with("quorum: 2", {stage("a", {step("x"), meet("m", "q", skipped)}),
                                    stage("b", {step("x"), meet("m", "q", skipped)})}));
    check_broken(none, 1000, "unreachable", "", {"b"});
}

TEST_CASE("quorum: a loop of unknown size holds it until its size is known") {
    const auto told = simulate(
        with("quorum: 2",
             {stage("a", {meet("m", "q")}), stage("b", {meet("m", "q")}),
              stage("c", {step("x"), group("g", {meet("m", "q")},
                                           "strategy: {repeat: {items: "
                                           "<+execution.steps.x.output.outputVariables.l>}}")})}),
        R"({"steps": {"c/x": {"outputs": {"l": [1, 2]}}}})");
    check_released(told, 1000, 2);
}

TEST_CASE("cyclic: the lane around a loop is the party, a turn the generation") {
    const auto body = [](const std::string& more) {
        return group("g", {step("x"), meet("m", "q"), step("y")}, more);
    };
    const auto told = simulate(
        with("cyclic: true", {stage("a", {body(rounds(3))}), stage("b", {body(rounds(3))})}),
        R"({"steps": {"a/*/x": {"ms": 500}, "b/*/x": {"ms": 1500}}})");
    INFO(told.text());
    CHECK(decisions(told) == texts{"released 1 at 1500 of 2", "released 2 at 4000 of 2",
                                   "released 3 at 6500 of 2", "voided 4 at 6500 of 0"});
    CHECK(told.has(barrier_arrived, "a", "q"));
    CHECK_FALSE(told.has(barrier_expected, "a/g_0"));
    for (int turn = 0; turn < 3; ++turn) {
        const auto& end = told.one(node_finished, "b/g_" + std::to_string(turn) + "/m");
        CHECK(end.how == outcome::succeeded);
        CHECK(end.generation == static_cast<std::uint32_t>(turn) + 1);
        CHECK(end.party == "b");
    }
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("cyclic: turns that meet one by one keep their slot, whatever the run's option") {
    const auto body = group("g", {meet("m", "q"), step("y")},
                            "strategy: {repeat: {times: 2, maxConcurrency: 1}, slotWhileWaiting: "
                            "release}");
    const auto told =
        simulate(with("cyclic: true", {stage("a", {body}), stage("b", {step("x"), body})}));
    CHECK(decisions(told) ==
          texts{"released 1 at 1000 of 2", "released 2 at 2000 of 2", "voided 3 at 2000 of 0"});
}

TEST_CASE("cyclic: lanes inside a turn are parties of every generation too") {
    const auto body = group(
        "g", {parallel({group("u", {step("x"), meet("m", "q")}), group("v", {meet("m", "q")})})},
        rounds(2));
    const auto told = simulate(with("cyclic: true", {stage("a", {body})}));
    INFO(told.text());
    CHECK(decisions(told) ==
          texts{"released 1 at 1000 of 2", "released 2 at 2000 of 2", "voided 3 at 2000 of 0"});
    CHECK(told.has(barrier_expected, "a/g/u"));
}

TEST_CASE("cyclic: nested sequential loops multiply the turns") {
    const auto body = group("g", {group("h", {meet("m", "q"), step("y")}, rounds(2))}, rounds(2));
    const auto told =
        simulate(with("cyclic: true",
                      {stage("a", {body}), stage("b", {group("g", {meet("m", "q")}, rounds(4))})}));
    INFO(told.text());
    CHECK(decisions(told) == texts{"released 1 at 0 of 2", "released 2 at 1000 of 2",
                                   "released 3 at 2000 of 2", "released 4 at 3000 of 2",
                                   "voided 5 at 3000 of 0"});
}

TEST_CASE("cyclic: a turn that does not come withdraws its lane for all that follow") {
    const auto told = simulate(with(
        "cyclic: true",
        {stage("a", {group("g",
                           {step("x"),
                            meet("m", "q", when_step("Success", "<+strategy.iteration> != 1"))},
                           rounds(3))}),
         stage("b", {group("g", {meet("m", "q"), step("y")}, rounds(3))})}));
    INFO(told.text());
    CHECK(decisions(told) == texts{"released 1 at 1000 of 2", "released 2 at 2000 of 1",
                                   "released 3 at 3000 of 1", "voided 4 at 3000 of 0"});
    CHECK(told.one(barrier_withdrawn, "a").generation == 2);
    CHECK(told.how("a/g_2/m") == outcome::skipped);
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("cyclic: a break is for good") {
    const auto told = simulate(
        with("cyclic: true",
             {stage("a", {group("g", {step("x"), meet("m", "q")}, rounds(3))}),
              stage("b",
                    {group("g", {meet("m", "q", on_failure("Ignore")), step("y")}, rounds(3))})}),
        R"({"steps": {"a/g_1/x": {"outcome": "failed"}, "b/*/y": {"ms": 500}}})");
    INFO(told.text());
    CHECK(decisions(told) == texts{"released 1 at 1000 of 2", "broken 2 at 2000 of 1"});
    CHECK(told.how("b/g_1/m") == outcome::ignored_failure);
    CHECK(told.how("b/g_2/m") == outcome::ignored_failure);
    CHECK(told.one(node_finished, "b/g_2/m").generation == 2);
    CHECK(told.how("a/g_2/m") == outcome::failed);
}

TEST_CASE("cyclic: a loop of unknown size is a party from the start") {
    const auto told = simulate(
        with("cyclic: true",
             {stage("a",
                    {step("l"),
                     group("g", {step("x"), meet("m", "q")},
                           "strategy: {repeat: {items: "
                           "<+execution.steps.l.output.outputVariables.l>, maxConcurrency: 1}}")}),
              stage("b", {group("g", {meet("m", "q")}, rounds(2))})}),
        R"({"steps": {"a/l": {"outputs": {"l": [1, 2]}}}})");
    INFO(told.text());
    CHECK(told.one(barrier_expected, "a").ms() == 0);
    CHECK(decisions(told) ==
          texts{"released 1 at 2000 of 2", "released 2 at 3000 of 2", "voided 3 at 3000 of 0"});
    const auto none = simulate(
        with("cyclic: true",
             {stage("a",
                    {step("l"),
                     group("g", {step("x"), meet("m", "q")},
                           "strategy: {repeat: {items: "
                           "<+execution.steps.l.output.outputVariables.l>, maxConcurrency: 1}}")}),
              stage("b", {group("g", {meet("m", "q")}, rounds(2))})}),
        R"({"steps": {"a/l": {"outputs": {"l": []}}}})");
    CHECK(decisions(none) ==
          texts{"released 1 at 1000 of 1", "released 2 at 1000 of 1", "voided 3 at 1000 of 0"});
}

TEST_CASE("cyclic with a quorum: who is late gets the generation that it owed, then goes on") {
    const auto body = [](const std::string& id) {
        return stage(id, {group("g", {step("x"), meet("m", "q")}, rounds(2))});
    };
    const auto told = simulate(
        with("cyclic: true, quorum: 2", {body("a"), body("b"), body("c")}),
        R"({"steps": {"a/*/x": {"ms": 1000}, "b/*/x": {"ms": 1000}, "c/*/x": {"ms": 5000}}})");
    INFO(told.text());
    CHECK(told.one(node_finished, "c/g_0/m").generation == 1);
    CHECK(told.one(node_finished, "c/g_1/m").generation == 2);
    CHECK(told.one(barrier_arrived, "c").late);
    CHECK(told.how("c/g_1/m") == outcome::succeeded);
}

TEST_CASE("cyclic: the loop's cap cannot be changed while its turns meet one by one") {
    world w;
    w.start(with("cyclic: true", {stage("a", {group("g", {step("x"), meet("m", "q")}, rounds(3))}),
                                  stage("b", {group("g", {meet("m", "q")}, rounds(3))})}));
    w.give(action::set_concurrency, "a/g", 2);
    CHECK(w.told().all.back().how == outcome::failed);
    CHECK_THAT(w.told().all.back().message, ContainsSubstring("cyclic"));
}

TEST_CASE("exchange: what the steps give is a map by lane, in the plan's order, afterwards") {
    const auto told = simulate(
        with("exchange: true",
             {stage("a", {step("l"), give("m", "<+execution.steps.l.output.outputVariables.v>"),
                          step("y", when_step("Success", "<+barriers.q.values.c.n> == 7"))}),
              stage("b", {meet("m", "q"),
                          group("g", {step("z")},
                                "strategy: {repeat: {items: \"<+barriers.q.values.keys()>\"}}")}),
              stage("c", {give("m", "{n: 7, list: [1, two]}"),
                          step("y", when_step("Success", "<+barriers.q.values.a> == 'hello'"))})}),
        R"({"steps": {"a/l": {"outputs": {"v": "hello"}}}})");
    INFO(told.text());
    CHECK(told.how("a/y") == outcome::succeeded);
    CHECK(told.how("c/y") == outcome::succeeded);
}

TEST_CASE("exchange: a value that cannot be evaluated fails the step, and breaks the barrier") {
    const auto told = simulate(with("exchange: true", {stage("a", {give("m", "<+nothing.here>")}),
                                                       stage("b", {give("m", "1")})}));
    check_broken(told, 0, "failed", "a", {"b"});
    CHECK(told.how("a/m") == outcome::failed);
    CHECK_THAT(told.message("a/m"), ContainsSubstring("nothing"));
}

TEST_CASE("exchange: the values of a generation are there until the next is released") {
    const auto body = [](const std::string& id) {
        return stage(
            id, {group("g",
                       {give("m", "<+strategy.iteration>"),
                        step("y", when_step("Success",
                                            "<+barriers.q.values.b> == <+strategy.iteration>"))},
                       rounds(3))});
    };
    const auto told = simulate(with("cyclic: true, exchange: true", {body("a"), body("b")}));
    INFO(told.text());
    for (const auto* path : {"a/g_0/y", "a/g_1/y", "a/g_2/y"})
        CHECK(told.how(path) == outcome::succeeded);
}

TEST_CASE("onRelease: its steps run once, before anyone goes on") {
    const auto told = simulate(with("onRelease: [" + step("tell") + ", " + step("wipe") + "]",
                                    {stage("a", {meet("m", "q", "timeout: 1500ms"), step("y")}),
                                     stage("b", {step("x"), meet("m", "q")})}));
    INFO(told.text());
    check_released(told, 3000, 2);
    CHECK(told.started("q") == 1000);
    CHECK(told.one(node_started, "q").kind == "on_release");
    CHECK(told.started("q/tell") == 1000);
    CHECK(told.finished("q/wipe") == 3000);
    CHECK(told.finished("a/m") == 3000);
    CHECK(told.how("a/m") == outcome::succeeded);
    CHECK(told.in_order(told.one(node_finished, "q"), told.decision("q")));
    CHECK(told.ending() == outcome::succeeded);
}

TEST_CASE("onRelease: a failure breaks the barrier") {
    const auto told = simulate(
        with("onRelease: [" + step("tell") + "]",
             {stage("a", {meet("m", "q"), step("y")}), stage("b", {step("x"), meet("m", "q")})}),
        R"({"steps": {"q/tell": {"outcome": "failed", "message": "no pager"}}})");
    check_broken(told, 2000, "failed", "q");
    CHECK_THAT(told.decision("q").message, ContainsSubstring("no pager"));
    CHECK(told.how("a/m") == outcome::failed);
    CHECK(told.how("a/y") == outcome::skipped);
    CHECK(told.ending() == outcome::failed);
    const auto ignored =
        simulate(with("onRelease: [" + step("tell", on_failure("Ignore")) + "]",
                      {stage("a", {meet("m", "q")}), stage("b", {step("x"), meet("m", "q")})}),
                 R"({"steps": {"q/tell": {"outcome": "failed"}}})");
    check_released(ignored, 2000, 2);
    CHECK(ignored.ending() == outcome::succeeded);
}

TEST_CASE("onRelease: a party that is lost meanwhile breaks it, and ends the steps") {
    const auto told = simulate(with("onRelease: [" + step("tell") + ", " + step("more") + "]",
                                    {stage("a", {meet("m", "q")}, "timeout: 2s"),
                                     stage("b", {step("x"), meet("m", "q")})}),
                               R"({"steps": {"q/tell": {"ms": 9000}}})");
    check_broken(told, 2000, "timeout", "a");
    CHECK(told.how("q/tell") == outcome::cancelled);
    CHECK(told.how("q") == outcome::cancelled);
    CHECK(told.all.back().ms() == 2000);
}

TEST_CASE("onRelease: a cancel ends the steps too, and the run waits for them") {
    world w;
    w.start(with("onRelease: [" + step("tell") + "]",
                 {stage("a", {meet("m", "q")}), stage("b", {meet("m", "q")})}));
    CHECK(w.host.open_steps() == 1);
    w.cancel();
    CHECK_FALSE(w.host.over());
    w.finish("q/tell", outcome::cancelled);
    CHECK(w.host.over());
    CHECK(w.told().decision("q").reason == "cancelled");
}

TEST_CASE("onRelease of a cyclic barrier runs for each generation") {
    const auto body = group("g", {meet("m", "q")}, rounds(2));
    const auto told = simulate(with("cyclic: true, onRelease: [" + step("tell") + "]",
                                    {stage("a", {body}), stage("b", {body})}));
    INFO(told.text());
    CHECK(told.started("q_0/tell") == 0);
    CHECK(told.started("q_1/tell") == 1000);
    CHECK(decisions(told) ==
          texts{"released 1 at 1000 of 2", "released 2 at 2000 of 2", "voided 3 at 2000 of 0"});
}

TEST_CASE(
    "timeout: the barrier's own runs from the first arrival, and nobody who came is to blame") {
    const auto told =
        simulate(with("timeout: 3s", {stage("a", {step("x"), meet("m", "q")}),
                                      stage("b", {step("x"), meet("m", "q")}),
                                      stage("c", {step("x"), step("z"), meet("m", "q")})}),
                 R"({"steps": {"a/x": {"ms": 1000}, "b/x": {"ms": 2000}, "c/x": {"ms": 9000}}})");
    check_broken(told, 4000, "timeout", "c", {"c"});
    CHECK(told.how("a/m") == outcome::failed);
    CHECK(told.error("a/m") == "BarrierBroken");
}

TEST_CASE("timeout: stands still while the run is paused, and while a missing party is queued") {
    SECTION("pause") {
        world w;
        w.start(with("timeout: 3s",
                     {stage("a", {meet("m", "q")}), stage("b", {step("x"), meet("m", "q")})}));
        w.advance(1000);
        w.give(action::pause);
        w.advance(9000);
        w.give(action::resume);
        w.advance(1999);
        CHECK_FALSE(w.told().has(node_finished, "a/m"));
        w.advance(1);
        CHECK(w.told().decision("q").reason == "timeout");
    }
    SECTION("queue") {
        const auto told = simulate(with(
            "timeout: 1500ms",
            {stage("w", {meet("m", "q")}),
             stage("a", {group("g",
                               {step("x"),
                                meet("m", "q", when_step("Success", "<+strategy.iteration> == 2"))},
                               rounds(3))})}));
        check_released(told, 3000, 2);
    }
}

TEST_CASE("timeout of a cyclic barrier counts anew in each generation") {
    const auto told =
        simulate(with("cyclic: true, timeout: 1500ms",
                      {stage("a", {group("g", {meet("m", "q")}, rounds(3))}),
                       stage("b", {group("g", {step("x"), meet("m", "q")}, rounds(3))})}),
                 R"({"steps": {"b/g_2/x": {"ms": 2000}}})");
    INFO(told.text());
    CHECK(decisions(told) ==
          texts{"released 1 at 1000 of 2", "released 2 at 2000 of 2", "broken 3 at 3500 of 1"});
}

TEST_CASE(
    "cyclic: while a party is queued for a slot, the timeouts of who waits for it stand still") {
    const auto in_turn = group("g", {step("x"), meet("m", "q")}, rounds(2));
    const auto told = simulate(
        with("cyclic: true",
             {stage("w", {group("g", {meet("m", "q", "timeout: 1500ms")}, rounds(4))}),
              stage("a", {in_turn},
                    "strategy: {repeat: {times: 2, maxConcurrency: 1}, slotWhileWaiting: hold}")}),
        "{}");
    INFO(told.text());
    // a is one party: its turns, and those in them, are rounds; nothing of it is queued.
    CHECK(decisions(told).front() == "released 1 at 1000 of 2");

    const auto two = [](const std::string& more) {
        return with(
            "cyclic: true",
            {stage("w", {group("g", {meet("m", "q", "timeout: 1500ms" + more)}, rounds(2))}),
             stage("a", {group("b", {group("g", {step("x"), meet("m", "q")}, rounds(2))},
                               "strategy: {repeat: {times: 3, maxConcurrency: 2}, "
                               "slotWhileWaiting: release}")})});
    };
    const auto slow = simulate(two(""), R"({"steps": {"a/b_0/g_0/x": {"ms": 4000},
                                                     "a/b_1/g_0/x": {"ms": 4000}}})");
    INFO(slow.text());
    // b_2 waits for a slot until 4000; its first step then takes a second of the patience.
    CHECK(decisions(slow).front() == "released 1 at 5000 of 4");
    const auto late = simulate(two(""), R"({"steps": {"a/b_0/g_0/x": {"ms": 4000},
                                                     "a/b_1/g_0/x": {"ms": 4000},
                                                     "a/b_2/g_0/x": {"ms": 1501}}})");
    INFO(late.text());
    CHECK(decisions(late).front() == "broken 1 at 5500 of 3");
}
