// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const slow_x = R"({"steps": {"*/x": {"ms": 60000}, "*/*/x": {"ms": 60000}}})";

}  // namespace

TEST_CASE("a step times out to the millisecond, with an error of kind Timeout") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", "timeout: 1234ms"), step("y")})}), slow_x);
    CHECK(told.finished("a/x") == 1234);
    CHECK(told.how("a/x") == outcome::timed_out);
    CHECK(told.error("a/x") == "Timeout");
    CHECK_THAT(told.message("a/x"), ContainsSubstring("1234 ms"));
    CHECK(told.how("a/y") == outcome::skipped);
    CHECK(told.how("a") == outcome::timed_out);
    CHECK(told.ending() == outcome::timed_out);
}

TEST_CASE("a strategy for Timeout catches a step's timeout and lets others pass") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", "timeout: 2s, " + on("Timeout", "Ignore")),
                                       step("bad", on("Timeout", "Ignore"))})}),
                 R"({"steps": {"a/x": {"ms": 60000}, "a/bad": {"outcome": "failed"}}})");
    CHECK(told.how("a/x") == outcome::ignored_failure);
    CHECK(told.how("a/bad") == outcome::failed);
}

TEST_CASE("without a timeout a step, a group and a stage have ten hours") {
    const auto told =
        simulate(pipeline({stage("a", {step("x")})}), R"({"steps": {"a/x": {"ms": 1e11}}})");
    CHECK(told.ending() == outcome::timed_out);
    CHECK(told.finished("a") == 36'000'000);
}

TEST_CASE("a group, a stage and the pipeline time out; what runs in them is cancelled") {
    SECTION("group") {
        const auto told = simulate(
            pipeline({stage("a", {group("g", {step("x")}, "timeout: 3s"), step("y")})}), slow_x);
        CHECK(told.how("a/g/x") == outcome::cancelled);
        CHECK(told.how("a/g") == outcome::timed_out);
        CHECK(told.finished("a/g") == 3000);
        CHECK(told.error("a/g") == "Timeout");
        CHECK(told.how("a/y") == outcome::skipped);
    }
    SECTION("stage") {
        const auto told = simulate(
            pipeline({stage("a", {step("x")}, "timeout: 3s"), stage("b", {step("y")})}), slow_x);
        CHECK(told.how("a/x") == outcome::cancelled);
        CHECK(told.how("a") == outcome::timed_out);
        CHECK(told.how("b") == outcome::skipped);
        CHECK(told.ending() == outcome::timed_out);
    }
    SECTION("each instance of a loop by itself") {
        const auto told =
            simulate(pipeline({stage("a", {step("x")}, "timeout: 3s, strategy: {parallelism: 2}")}),
                     R"({"steps": {"a_1/x": {"ms": 9000}}})");
        CHECK(told.how("a_0") == outcome::succeeded);
        CHECK(told.how("a_1") == outcome::timed_out);
        CHECK(told.finished("a_1") == 3000);
    }
    SECTION("pipeline") {
        const auto told =
            simulate(pipeline({stage("a", {step("x")}), stage("b", {step("y")}, when_stage("All"))},
                              "timeout: 3s"),
                     slow_x);
        CHECK(told.how("a") == outcome::cancelled);
        CHECK_FALSE(told.has(event_type::node_started, "b"));
        CHECK(told.ending() == outcome::timed_out);
        CHECK(told.all.back().ms() == 3000);
    }
}

TEST_CASE("a group's timeout may be ignored, and the stage goes on") {
    const auto told = simulate(
        pipeline({stage(
            "a", {group("g", {step("x"), step("z")}, "timeout: 3s, " + on("Timeout", "Ignore")),
                  step("y")})}),
        slow_x);
    CHECK(told.how("a/g") == outcome::ignored_failure);
    CHECK(told.how("a/y") == outcome::succeeded);
    CHECK(told.ending() == outcome::ignored_failure);
}

TEST_CASE("a timeout does not make good what had failed before it") {
    const auto told =
        simulate(pipeline({stage("a", {group("g", {step("bad"), step("x", when_step("All"))},
                                             "timeout: 3s, " + on("Timeout", "Ignore")),
                                       step("y")})}),
                 R"({"steps": {"a/g/bad": {"outcome": "failed"}, "a/g/x": {"ms": 60000}}})");
    CHECK(told.how("a/g") == outcome::timed_out);
    CHECK(told.how("a/y") == outcome::skipped);
}

TEST_CASE("a stage that times out rolls back when its strategy says so, once") {
    const auto told =
        simulate(pipeline({stage("a", {step("x")}, "timeout: 3s, " + on_failure("StageRollback"),
                                 {step("undo")})}),
                 slow_x);
    CHECK(told.started("a/rollback/undo") == 3000);
    CHECK(told.how("a/rollback/undo") == outcome::succeeded);
    CHECK(told.how("a") == outcome::timed_out);
}

TEST_CASE("a stage that times out in its rollback ends there and does not roll back again") {
    const auto told =
        simulate(pipeline({stage("a", {step("bad")}, "timeout: 3s, " + on_failure("StageRollback"),
                                 {step("x"), step("y")})}),
                 R"({"steps": {"a/bad": {"outcome": "failed"}, "a/rollback/x": {"ms": 60000}}})");
    CHECK(told.how("a/rollback/x") == outcome::cancelled);
    CHECK(told.finished("a") == 3000);
    CHECK(told.count(event_type::node_started) == 4);
}

TEST_CASE("a step that is cancelled by its timeout has its grace") {
    world w;
    w.start(pipeline({stage("a", {step("x", "timeout: 2s")})}), {.grace_ns = 3'000'000'000});
    w.advance(1999);
    CHECK_FALSE(w.told().has(event_type::step_cancel, "a/x"));
    w.advance(1);
    CHECK_FALSE(w.told().one(event_type::step_cancel, "a/x").hard);
    w.advance(2999);
    CHECK_FALSE(w.host.over());
    w.advance(1);
    CHECK(w.host.over());
    CHECK(w.told().count(event_type::step_cancel) == 2);
    CHECK(w.told().finished("a/x") == 5000);
    CHECK(w.how("a/x") == outcome::timed_out);
}

TEST_CASE("a run that is cancelled while a stage times out does not roll back") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x")}, "timeout: 2s, " + on_failure("StageRollback"), {step("undo")})}));
    w.advance(2000);
    w.cancel();
    w.finish("a/x", outcome::cancelled);
    CHECK(w.host.over());
    CHECK_FALSE(w.told().has(event_type::node_started, "a/rollback"));
    CHECK(w.told().ending() == outcome::cancelled);
}

TEST_CASE("a timeout of its step ends a retry's pause no sooner: the clock is each try's own") {
    const auto told = simulate(
        pipeline(
            {stage("a", {step("x", "timeout: 2s, " +
                                       on_failure("Retry",
                                                  "retryCount: 1, retryIntervals: [10s], "
                                                  "onRetryFailure: {action: {type: Ignore}}"))})}),
        slow_x);
    CHECK(told.finished("a/x") == 14'000);
    CHECK(told.how("a/x") == outcome::ignored_failure);
}

TEST_CASE("a stage's timeout ends a retry's pause") {
    const auto told = simulate(
        pipeline(
            {stage("a",
                   {step("x", on_failure("Retry",
                                         "retryCount: 1, retryIntervals: [1h], onRetryFailure: "
                                         "{action: {type: Ignore}}"))},
                   "timeout: 5s")}),
        R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.how("a/x") == outcome::cancelled);
    CHECK(told.finished("a") == 5000);
}

TEST_CASE("a timeout known only in the run is evaluated when its node starts") {
    SECTION("of a step, from an output; the host is told it") {
        world w;
        w.start(pipeline(
            {stage("a", {step("x"),
                         step("y", "timeout: <+execution.steps.x.output.outputVariables.limit>, " +
                                       on("Timeout", "Ignore"))})}));
        w.finish("a/x", outcome::succeeded, R"({"limit": "1s 500ms"})");
        const auto& told = w.told().one(event_type::step_started, "a/y");
        CHECK(weir::json::parse(told.input)["timeout_ms"] == 1500);
        w.advance(1499);
        CHECK_FALSE(w.told().has(event_type::step_cancel, "a/y"));
        w.advance(1);
        CHECK(w.told().has(event_type::step_cancel, "a/y"));
        w.finish("a/y", outcome::cancelled);
        CHECK_THAT(w.told().message("a/y"), ContainsSubstring("after 1500 ms"));
    }
    SECTION("of each turn of a loop") {
        const auto told =
            simulate(pipeline({stage("a", {step("x",
                                                "timeout: <+matrix.t>, strategy: {matrix: {t: [2s, "
                                                "90s]}}")})}),
                     R"({"steps": {"*/*": {"ms": 60000}}})");
        CHECK(told.how("a/x_0") == outcome::timed_out);
        CHECK(told.finished("a/x_0") == 2000);
        CHECK(told.how("a/x_1") == outcome::succeeded);
    }
    SECTION("of a stage, a group, a lock and a Barrier step") {
        const std::string by_variable =
            "variables: [{name: of_host, type: String, value: <+limits.short>}]";
        const auto ended = [&](const std::string& document, const std::string& path) {
            weir::plan::load_options how;
            struct limits final : weir::plan::resolver {
                weir::plan::resolution resolve(const weir::plan::reference& r) override {
                    return {r.identifier == "limits.short", "3s", {}, "none"};
                }
            } host;
            how.resolver = &host;
            std::string error;
            world w{weir::fibers::clock_kind::virtual_};
            w.start(load(document, how),
                    {.id = "r", .simulated = simulation::parse(slow_x, error)});
            REQUIRE(w.host.over());
            CHECK(w.how(path) == outcome::timed_out);
            return w.told().finished(path) - w.told().started(path);
        };
        const std::string limit = "timeout: <+pipeline.variables.of_host>";
        CHECK(ended(pipeline({stage("a", {step("x")}, limit)}, by_variable), "a") == 3000);
        CHECK(ended(pipeline({stage("a", {group("g", {step("x")}, limit)})}, by_variable), "a/g") ==
              3000);
        const auto queue = entry("step", "q", "type: Queue, spec: {key: k, scope: Stage}", limit);
        const auto holder = entry("step", "h", "type: Queue, spec: {key: k, scope: Stage}", "");
        CHECK(ended(pipeline({parallel({stage("a", {holder, step("x")}), stage("b", {queue})})},
                             by_variable),
                    "b/q") == 3000);
        CHECK(ended(pipeline({parallel({stage("a", {step("x"), meet("m", "g")}),
                                        stage("b", {meet("m", "g", limit)})})},
                             by_variable),
                    "b/m") == 3000);
    }
}

TEST_CASE("a value that is no duration fails its node, and says so") {
    const auto limited = [](const std::string& value) {
        return "variables: [{name: t, type: String, value: \"<+execution.steps.u.output."
               "outputVariables.t>" +
               value + "\"}], timeout: 1d";
    };
    world w;
    w.start(pipeline(
        {stage("a",
               {step("u"), group("g", {step("x")}, "timeout: <+stage.variables.t>"),
                step("y", "timeout: <+stage.variables.missing>, " + when_step("All") + ", " +
                              on_failure("Retry",
                                         "retryCount: 2, onRetryFailure: "
                                         "{action: {type: Ignore}}"))},
               limited("0"))}));
    w.finish("a/u", outcome::succeeded, R"({"t": "1"})");
    CHECK(w.how("a/g") == outcome::failed);
    CHECK_THAT(w.told().message("a/g"),
               ContainsSubstring("`<+stage.variables.t>` is no duration: `10`, a unit is missing"));
    CHECK_FALSE(w.told().has(event_type::node_started, "a/g/x"));
    CHECK(w.how("a/y") == outcome::ignored_failure);
    CHECK_FALSE(w.told().has(event_type::step_started, "a/y"));
    CHECK_THAT(w.told().message("a/y"), ContainsSubstring("the timeout cannot be evaluated"));
    CHECK(w.told().ending() == outcome::failed);
}

TEST_CASE("a pipeline whose timeout cannot be evaluated fails, and the log says why") {
    const auto told = simulate(pipeline({stage("a", {step("x")})}, "timeout: <+limits.none>"));
    CHECK(told.ending() == outcome::failed);
    CHECK_FALSE(told.has(event_type::node_started, "a"));
    const auto& said = told.one(event_type::log, "");
    CHECK(said.error == "error");
    CHECK_THAT(said.message, ContainsSubstring("the timeout cannot be evaluated") &&
                                 ContainsSubstring("limits.none"));
}

TEST_CASE("whatever is heard of a step begins its heartbeat anew, also while nothing is told") {
    world w;
    w.start(pipeline({stage("a", {step("x")})}), {.heartbeat_ns = 100'000'000});
    const auto x = w.host.any();
    for (const std::string said : {"", "{\"done\": 1}", ""}) {
        w.advance(99);
        w.give(action::progress, said, x);
    }
    w.advance(99);
    CHECK_FALSE(w.told().has(event_type::step_cancel, "a/x"));
    w.advance(1);
    CHECK(w.told().has(event_type::step_cancel, "a/x"));
    w.finish("a/x", outcome::cancelled);
    CHECK(w.how("a/x") == outcome::timed_out);
    CHECK_THAT(w.told().message("a/x"), ContainsSubstring("100 ms"));
}
