// SPDX-License-Identifier: BSL-1.0
// Stalls that only the run can see, or that the checker was told to let pass.
#include "tests/adapters/run/two_runs.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {

std::string queue(const std::string& id, const std::string& key,
                  const std::string& scope = "Stage") {
    return entry("step", id, "type: Queue, spec: {key: \"" + key + "\", scope: " + scope + "}", {});
}

const record& broken(const world& w, std::string_view barrier) {
    const auto& said = w.told().decision(barrier);
    INFO(w.told().text());
    CHECK(said.type == event_type::barrier_broken);
    CHECK(said.reason == "deadlock");
    return said;
}

bool is_open(const world& w, std::string_view barrier) {
    return std::ranges::none_of(w.told().all, [&](const record& r) {
        return r.barrier == barrier && r.type >= event_type::barrier_released &&
               r.type <= event_type::barrier_voided;
    });
}

}  // namespace

TEST_CASE("two lanes that come to two barriers crosswise end at once, and hear why") {
    world w;
    w.start(pipeline({parallel({stage("a", {meet("ap", "p"), meet("aq", "q")}),
                                stage("b", {meet("bq", "q"), meet("bp", "p")})})}));
    const std::string story =
        "barrier 'p' waits for b, which waits at barrier 'q' for a, which waits at barrier 'p'";
    for (const char* barrier : {"p", "q"}) {
        const auto& said = broken(w, barrier);
        CHECK(said.ms() == 0);
        CHECK_THAT(said.message, Equals(story));
    }
    CHECK(broken(w, "p").culprit == "b");
    CHECK(w.told().in_order(broken(w, "p"), broken(w, "q")));
    CHECK(w.how("a/ap") == outcome::failed);
    CHECK(w.how("b/bq") == outcome::failed);
    CHECK_THAT(w.told().message("a/ap"), ContainsSubstring("deadlock") && ContainsSubstring(story));
    CHECK(w.told().error("b/bq") == "BarrierBroken");
    CHECK(w.told().ending() == outcome::failed);
}

TEST_CASE("a ring is broken though another lane is busy with something else") {
    world w;
    w.start(pipeline(
        {parallel({stage("a", {meet("ap", "p"), meet("aq", "q")}),
                   stage("b", {meet("bq", "q"), meet("bp", "p")}), stage("c", {step("long")})})}));
    (void)broken(w, "p");
    CHECK(w.how("a") == outcome::failed);
    w.finish("c/long");
    CHECK(w.told().ending() == outcome::failed);
}

TEST_CASE("as long as one of those who are missing goes on, nothing is certain") {
    world w;
    w.start(pipeline({parallel({stage("a", {meet("ap", "p"), meet("aq", "q")}),
                                stage("b", {meet("bq", "q"), meet("bp", "p")}),
                                stage("c", {step("x"), meet("cp", "p")})})}));
    CHECK(is_open(w, "p"));
    CHECK(is_open(w, "q") == true);
    SECTION("it comes: now it is") {
        w.finish("c/x");
        (void)broken(w, "p");
        CHECK(w.how("c") == outcome::failed);
    }
    SECTION("it fails: that breaks the one, and who fails there the other") {
        w.fail("c/x");
        CHECK(w.told().decision("p").reason == "failed");
        CHECK(w.told().decision("q").reason == "failed");
    }
}

TEST_CASE("three in a ring, and one who waits for them") {
    world w;
    w.start(pipeline({parallel({stage("a", {meet("a1", "p"), meet("a2", "q")}),
                                stage("b", {meet("b1", "q"), meet("b2", "r")}),
                                stage("c", {meet("c1", "r"), meet("c2", "p"), meet("c3", "s")}),
                                stage("d", {meet("d1", "s")})})}));
    for (const char* barrier : {"p", "q", "r"}) {
        (void)broken(w, barrier);
    }
    CHECK(w.told().decision("s").reason == "failed");
    CHECK(w.told().decision("s").culprit == "c");
}

TEST_CASE("what comes later in the same lane, or behind it, never comes") {
    SECTION("a stage after that which waits") {
        world w;
        w.start(pipeline({stage("a", {meet("am", "p")}), stage("b", {meet("bm", "p")})}));
        CHECK_THAT(broken(w, "p").message,
                   Equals("barrier 'p' waits for b, which goes on only after a, which waits at "
                          "barrier 'p'"));
    }
    SECTION("after a group of lanes") {
        world w;
        w.start(pipeline(
            {stage("s", {parallel({group("g", {meet("gm", "p")}), group("h", {step("x")})}),
                         group("i", {meet("im", "p")})})}));
        CHECK(is_open(w, "p"));
        w.finish("s/h/x");
        (void)broken(w, "p");
    }
    SECTION("what depends on it") {
        world w;
        w.start(pipeline({stage("a", {meet("am", "p")}, "dependsOn: []"),
                          stage("b", {meet("bm", "p")}, "dependsOn: [a]")}));
        (void)broken(w, "p");
    }
}

TEST_CASE("a barrier for which a loop has too few slots") {
    world w;
    w.start(pipeline(
        {stage("a", {meet("m", "p")}, "strategy: {repeat: {times: 3, maxConcurrency: 2}}")}));
    CHECK_THAT(broken(w, "p").message,
               Equals("barrier 'p' waits for a_2, which has no slot before a_0, which waits at "
                      "barrier 'p'"));
    SECTION("more slots in time, and it is none") {
        world other;
        other.start(pipeline({parallel({stage("a", {step("x"), meet("m", "p")},
                                              "strategy: {repeat: {times: 3, maxConcurrency: 2}}"),
                                        stage("b", {step("y"), meet("n", "p")})})}));
        other.give(action::set_concurrency, "a", 3);
        for (const char* path : {"a_0/x", "a_1/x", "a_2/x", "b/y"}) {
            other.finish(path);
        }
        CHECK(other.told().decision("p").type == event_type::barrier_released);
    }
}

TEST_CASE("a wait for a time, a person or the run to go on is no stall") {
    world w;
    const auto crossing = [](const std::string& first) {
        return pipeline({parallel({stage("a", {first, meet("ap", "p"), meet("aq", "q")}),
                                   stage("b", {meet("bq", "q"), meet("bp", "p")})})});
    };
    SECTION("a retry") {
        w.start(crossing(step("x", on_failure("Retry",
                                              "retryCount: 1, retryIntervals: [1h], "
                                              "onRetryFailure: {action: {type: "
                                              "MarkAsFailure}}"))));
        w.fail("a/x");
        w.advance(1000);
        CHECK(is_open(w, "q"));
    }
    SECTION("a person") {
        w.start(crossing(step("x", on_failure("ManualIntervention",
                                              "timeout: 1h, onTimeout: {action: {type: "
                                              "MarkAsFailure}}"))));
        w.fail("a/x");
        w.advance(1000);
        CHECK(is_open(w, "q"));
    }
    SECTION("a pause") {
        w.start(crossing(step("x")));
        w.give(action::pause);
        w.finish("a/x");
        CHECK(is_open(w, "q"));
        w.give(action::resume);
        (void)broken(w, "p");
        (void)broken(w, "q");
    }
}

TEST_CASE("where a failure elsewhere may end the wait, nothing is certain before all wait") {
    world w;
    w.start(pipeline({parallel({stage("a", {meet("ap", "p"), meet("aq", "q")}),
                                stage("b", {meet("bq", "q"), meet("bp", "p")}),
                                stage("c", {step("x", on_failure("Abort"))})})}));
    CHECK(is_open(w, "p"));
    w.finish("c/x");
    (void)broken(w, "p");
}

TEST_CASE("a quorum that nobody can reach any more") {
    world w;
    std::string document = pipeline({stage("a", {meet("am", "p")}), stage("b", {meet("bm", "p")})});
    document.replace(document.find("identifier: p, name: p}"), 23,
                     "identifier: p, name: p, quorum: 2}");
    w.start(document);
    (void)broken(w, "p");
}

TEST_CASE("a lock and a barrier that wait for each other") {
    world w;
    w.start(pipeline({parallel({stage("a", {queue("aq", "k"), meet("am", "p")}),
                                stage("b", {queue("bq", "k"), meet("bm", "p")})})}));
    CHECK_THAT(broken(w, "p").message,
               Equals("barrier 'p' waits for b, which waits for lock 'k', held by a, in which a "
                      "waits at barrier 'p'"));
    CHECK(w.told().ending() == outcome::failed);
}

TEST_CASE("two locks taken crosswise: who asked last does not get it") {
    world w;
    w.start(pipeline({parallel({stage("a", {queue("a1", "k"), step("x"), queue("a2", "l")}),
                                stage("b", {queue("b1", "l"), step("x"), queue("b2", "k")})})}));
    w.finish("a/x");
    CHECK(w.told().finished("a/a1") == 0);
    CHECK_FALSE(w.told().find(event_type::node_finished, "a/a2"));
    w.finish("b/x");
    CHECK(w.told().error("b/b2") == "Deadlock");
    CHECK_THAT(w.told().message("b/b2"),
               ContainsSubstring("lock 'k' is held by `a/a1` of run 'p', which waits for lock 'l', "
                                 "held by `b/b1` of run 'p', which waits for lock 'k'"));
    CHECK(w.how("a") == outcome::succeeded);
    CHECK(w.told().ending() == outcome::failed);
}

namespace {

std::string holder(const std::string& first, const std::string& second) {
    return pipeline({stage("s", {queue("q", first), step("x"), queue("r", second)})});
}

}  // namespace

TEST_CASE("two runs that take two locks crosswise") {
    two_runs both{holder("k", "l"), holder("l", "k")};
    both.host.answer("s/x", outcome::succeeded);
    both.one.poll();
    CHECK_FALSE(both.host.over());
    both.one.finish("s/x");
    CHECK(both.one.told().error("s/r") == "Deadlock");
    CHECK_THAT(both.one.told().message("s/r"),
               ContainsSubstring("lock 'l' is held by `s/q` of run 'other', which waits for lock "
                                 "'k', held by `s/q` of run 'one', which waits for lock 'l'"));
    CHECK(both.host.told().ending() == outcome::succeeded);
}

TEST_CASE("two runs, of which one holds its lock for a barrier's sake") {
    two_runs both{pipeline({parallel({stage("a", {queue("q", "k"), meet("am", "p")}),
                                      stage("b", {step("x"), queue("r", "l"), meet("bm", "p")})})}),
                  holder("l", "k")};
    both.host.answer("s/x", outcome::succeeded);
    both.one.poll();
    CHECK_FALSE(both.host.over());
    both.one.finish("b/x");
    INFO(both.one.told().text());
    CHECK(both.one.told().decision("p").reason == "deadlock");
    CHECK(both.host.told().ending() == outcome::succeeded);
    CHECK(both.one.told().error("a/am") == "BarrierBroken");
}

TEST_CASE("a run that only waits for those who are in a ring is not in it") {
    // "one" waits for k, which "other" holds for its barrier's sake. Of what "one" holds, nobody
    // wants anything.
    const auto ring =
        pipeline({parallel({stage("a", {queue("q", "k"), meet("am", "p")}),
                            stage("b", {step("x"), queue("r", "k"), meet("bm", "p")})})});
    const auto behind =
        pipeline({stage("s", {queue("own", "x", "Pipeline")}),
                  parallel({stage("a", {step("y"), queue("q", "k"), meet("am", "p")}),
                            stage("b", {meet("bm", "p")})})});
    two_runs both{behind, ring};
    both.one.finish("a/y");
    CHECK(is_open(both.one, "p"));
    both.host.answer("b/x", outcome::succeeded);
    both.one.poll();
    CHECK(both.host.told().decision("p").reason == "deadlock");
    CHECK(both.one.told().decision("p").type == event_type::barrier_released);
    CHECK(both.one.told().ending() == outcome::succeeded);
}
