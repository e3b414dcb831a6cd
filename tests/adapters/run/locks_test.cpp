// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "tests/adapters/run/two_runs.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string queue(const std::string& id, const std::string& key,
                  const std::string& scope = "Pipeline", const std::string& more = {}) {
    return entry("step", id, "type: Queue, spec: {key: \"" + key + "\", scope: " + scope + "}",
                 more);
}

std::string constraint(const std::string& id, const std::string& spec) {
    return entry("step", id, "type: ResourceConstraint, spec: {key: k, " + spec + "}", {});
}

}  // namespace

TEST_CASE("a Queue step takes its key until the run ends") {
    const auto told = simulate(pipeline({stage("a", {queue("q", "k"), step("x")})}));
    const auto& taken = told.one(event_type::lock_taken, "a/q");
    CHECK(taken.kind == "k");
    CHECK_FALSE(told.has(event_type::lock_waiting, "a/q"));
    CHECK(told.one(event_type::node_started, "a/q").kind == "lock");
    CHECK(told.in_order(taken, told.one(event_type::node_finished, "a/q")));
    CHECK(told.in_order(told.one(event_type::node_finished, "a"),
                        told.one(event_type::lock_given, "a/q")));
}

TEST_CASE("a stage's lock is given back when the stage ends, and the next takes it") {
    const auto told =
        simulate(pipeline({parallel({stage("a", {queue("q", "k", "Stage"), step("x")}),
                                     stage("b", {queue("q", "k", "Stage"), step("x")})})}));
    CHECK(told.has(event_type::lock_waiting, "b/q"));
    CHECK(told.one(event_type::lock_taken, "b/q").ms() == 1000);
    CHECK(told.in_order(told.one(event_type::lock_given, "a/q"),
                        told.one(event_type::lock_taken, "b/q")));
    CHECK(told.finished("b") == 2000);
    CHECK(told.count(event_type::lock_given) == 2);
}

TEST_CASE("what the run holds lets all its stages pass") {
    const auto told = simulate(pipeline({parallel({stage("a", {queue("q", "k"), step("x")}),
                                                   stage("b", {queue("q", "k"), step("x")})}),
                                         stage("c", {group("g", {queue("q", "k", "Stage")})})}));
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.count(event_type::lock_taken) == 1);
    CHECK(told.finished("b") == 1000);
}

TEST_CASE("keys are expressions, and different keys do not meet") {
    const auto told =
        simulate(pipeline({stage("a", {queue("q", "to <+matrix.e>", "Stage"), step("x")},
                                 "strategy: {matrix: {e: [dev, prod]}}")}));
    CHECK(told.one(event_type::lock_taken, "a_1/q").kind == "to prod");
    CHECK(told.finished("a") == 1000);
    const auto failing = simulate(pipeline({stage("a", {queue("q", "<+nothing.here>")})}));
    CHECK(failing.how("a/q") == outcome::failed);
    CHECK_THAT(failing.message("a/q"), ContainsSubstring("the key of the lock"));
    const auto empty =
        simulate(pipeline({stage("a", {queue("q", "<+stage.variables.v>")},
                                 "variables: [{name: v, type: String, value: ''}]")}));
    CHECK_THAT(empty.message("a/q"), ContainsSubstring("empty"));
}

TEST_CASE("permits are counted, first come first served") {
    const auto some = [](const std::string& id, int permits) {
        return stage(
            id, {constraint("c", "capacity: 3, scope: Stage, permits: " + std::to_string(permits)),
                 step("x")});
    };
    const auto told = simulate(pipeline({parallel({some("a", 2), some("b", 2), some("d", 1)})}));
    CHECK(told.one(event_type::lock_taken, "a/c").ms() == 0);
    CHECK(told.one(event_type::lock_taken, "b/c").ms() == 1000);
    CHECK(told.one(event_type::lock_taken, "d/c").ms() == 1000);  // it does not overtake
    const auto never = simulate(pipeline({stage("a", {constraint("c", "permits: 2")})}));
    CHECK(never.how("a/c") == outcome::failed);
    CHECK_THAT(never.message("a/c"), ContainsSubstring("2 permits of 'k'"));
    const auto odd =
        simulate(pipeline({stage("a", {constraint("c", "permits: <+pipeline.identifier>")})}));
    CHECK_THAT(odd.message("a/c"), ContainsSubstring("no whole number"));
    const auto none = simulate(pipeline({stage(
        "a", {constraint("c", "permits: <+strategy.iteration>")}, "strategy: {parallelism: 1}")}));
    CHECK_THAT(none.message("a_0/c"), ContainsSubstring("out of range"));
}

TEST_CASE("two runs of a runtime hold each other up, and a run that waits tells so") {
    two_runs both{pipeline({stage("a", {queue("q", "k"), step("x")})}),
                  pipeline({stage("a", {queue("q", "k"), step("x")})})};
    CHECK(both.host.told().has(event_type::lock_waiting, "a/q"));
    CHECK_FALSE(both.host.told().has(event_type::lock_taken, "a/q"));
    both.one.finish("a/x");
    CHECK(both.one.host.over());
    CHECK(both.host.told().has(event_type::lock_taken, "a/q"));
    CHECK(both.host.told().has(event_type::step_started, "a/x"));
}

TEST_CASE("once a run gets the key, all in it who wait for it pass") {
    two_runs both{pipeline({stage("a", {queue("q", "k"), step("x")})}),
                  pipeline({parallel({stage("a", {queue("q", "k"), step("x")}),
                                      stage("b", {queue("q", "k"), step("x")})})})};
    CHECK(both.host.told().count(event_type::lock_waiting) == 2);
    both.one.finish("a/x");
    CHECK(both.host.told().has(event_type::step_started, "a/x"));
    CHECK(both.host.told().has(event_type::step_started, "b/x"));
    CHECK(both.host.told().count(event_type::lock_taken) == 1);
}

TEST_CASE("a wait for a lock ends with its timeout, and then its failure strategy decides") {
    two_runs both{
        pipeline({stage("a", {queue("q", "k"), step("x")})}),
        pipeline(
            {stage("a", {queue("q", "k", "Pipeline", "timeout: 5s, " + on("Timeout", "Ignore")),
                         step("x")}),
             stage("b", {queue("r", "k", "Pipeline", "timeout: 5s")})})};
    both.one.advance(4999);
    CHECK(both.host.told().how("a/q") == outcome::none);
    both.one.advance(1);
    CHECK(both.host.told().how("a/q") == outcome::ignored_failure);
    CHECK(both.host.told().error("a/q") == "Timeout");
    CHECK(both.host.answer("a/x", outcome::succeeded));
    both.one.poll();
    both.one.advance(5000);
    CHECK(both.host.told().how("b/r") == outcome::timed_out);
    CHECK(both.host.over());
}

TEST_CASE("a pause stops the time of a wait for a lock, and nothing else of it") {
    two_runs both{pipeline({stage("a", {queue("q", "k"), step("x")})}),
                  pipeline({stage("a", {queue("q", "k", "Pipeline", "timeout: 5s")})})};
    both.one.advance(4000);
    auto pause = std::make_unique<order>();
    pause->what = action::pause;
    both.other->give(std::move(pause));
    both.one.poll();
    both.one.advance(9000);
    CHECK(both.host.told().how("a/q") == outcome::none);
    auto resume = std::make_unique<order>();
    resume->what = action::resume;
    both.other->give(std::move(resume));
    both.one.poll();
    both.one.advance(999);
    CHECK(both.host.told().how("a/q") == outcome::none);
    both.one.advance(1);
    CHECK(both.host.told().how("a/q") == outcome::timed_out);
}

TEST_CASE("a cancel ends the wait for a lock, and gives back what is held") {
    two_runs both{pipeline({stage("a", {queue("q", "k"), step("x")})}),
                  pipeline({stage("a", {queue("q", "k"), step("x")})})};
    both.host.cancel(*both.other, "enough");
    both.one.poll();
    CHECK(both.host.over());
    CHECK(both.host.told().how("a/q") == outcome::cancelled);
    CHECK_FALSE(both.host.told().has(event_type::lock_taken, "a/q"));
    both.one.cancel();
    both.one.finish("a/x", outcome::cancelled);
    CHECK(both.one.told().has(event_type::lock_given, "a/q"));
    CHECK(both.shared->size() == 0);
}

TEST_CASE("a snapshot names the key that a step waits for") {
    two_runs both{pipeline({stage("a", {queue("q", "k"), step("x")})}),
                  pipeline({stage("a", {queue("q", "k")})})};
    auto ask = std::make_unique<order>();
    ask->what = action::snapshot;
    both.other->give(std::move(ask));
    both.one.poll();
    const auto& told = both.host.told().one(event_type::snapshot, "");
    const auto nodes = weir::json::parse(told.input)["nodes"];
    const auto waiting =
        std::ranges::find_if(nodes, [](const auto& n) { return n["path"] == "a/q"; });
    REQUIRE(waiting != nodes.end());
    CHECK((*waiting)["waits_for"] == "lock");
    CHECK((*waiting)["key"] == "k");
}

TEST_CASE("a lock in a rollback section is the stage's to its end") {
    const auto told = simulate(pipeline({stage("a", {step("x", on_failure("StageRollback"))}, {},
                                               {queue("q", "k", "Stage"), step("y")})}),
                               R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.in_order(told.one(event_type::node_finished, "a/rollback"),
                        told.one(event_type::lock_given, "a/rollback/q")));
}

TEST_CASE("a turn that waits for a lock gives its slot to the next, where loops do so") {
    const auto turns = [](const std::string& more) {
        return pipeline(
            {parallel({stage("z", {queue("q", "k", "Stage"), step("x")}),
                       stage("a", {group("g", {queue("q", "<+matrix.k>", "Stage"), step("x")},
                                         "strategy: {matrix: {k: [k, other]}, maxConcurrency: 1" +
                                             more + "}")})})});
    };
    const std::string slow = R"({"steps": {"z/x": {"ms": 9000}}})";
    CHECK(simulate(turns(""), slow).started("a/g_1") == 10000);
    CHECK(simulate(turns(", slotWhileWaiting: release"), slow).started("a/g_1") == 0);
}
