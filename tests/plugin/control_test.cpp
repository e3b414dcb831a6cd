// SPDX-License-Identifier: BSL-1.0
// What a host may order while a run goes on.
#include "adapters/plan/json.hpp"
#include "tests/plugin/library.hpp"

using namespace weir;
using namespace weir::plugin::test;

namespace {

constexpr int64_t a_second = 1'000'000'000;

std::string meet(const std::string& id, const std::string& more = {}) {
    return "{step: {identifier: " + id + ", name: " + id + ", type: Barrier, " + more +
           "spec: {barrierRef: q}}}";
}
const std::string barriers = "flowControl: {barriers: [{identifier: q, name: q}]}, ";
// Two stages that meet; the one has a step before it.
const std::string two_meet = pipeline("{parallel: [" + stage("a", step("x") + ", " + meet("m")) +
                                          ", " + stage("b", meet("m") + ", " + step("y")) + "]}",
                                      barriers);

uint32_t size_of(std::string_view text) {
    return static_cast<uint32_t>(text.size());
}

// The control event of the last order, and what it said.
struct answer {
    explicit answer(host& h) : event{h.until(WEIR_EVENT_CONTROL)}, said(json::parse(event.input)) {}

    told event;
    json said;
};

weir_outcome end_of(const std::vector<told>& events, const std::string& path) {
    for (const told& t : events) {
        if (t.event.kind == WEIR_EVENT_NODE_FINISHED && t.path == path)
            return t.event.outcome;
    }
    return 0;
}

}  // namespace

TEST_CASE("a paused run starts nothing, until it is resumed") {
    host h;
    const auto run = h.start(pipeline(stage("a", step("x") + ", " + step("y"))));
    const auto x = h.until(WEIR_EVENT_STEP_STARTED);
    CHECK(weir_run_pause(run, "lunch", 5) == WEIR_OK);
    const answer paused{h};
    CHECK(paused.event.event.outcome == WEIR_SUCCEEDED);
    CHECK(paused.said["action"] == "pause");
    CHECK(paused.said["why"] == "lunch");
    CHECK(json::parse(paused.event.json)["outcome"] == "succeeded");

    CHECK(weir_run_pause(run, nullptr, 0) == WEIR_OK);
    CHECK(answer{h}.event.event.outcome == WEIR_FAILED);  // it is paused already

    CHECK(weir_step_finish(x.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    for (bool over = false; !over;) {
        for (const told& t : h.take()) {
            CHECK(t.event.kind != WEIR_EVENT_STEP_STARTED);
            over = over || t.event.kind == WEIR_EVENT_NODE_FINISHED;
        }
    }
    CHECK(h.take().empty());

    CHECK(weir_run_resume(run, nullptr, 0) == WEIR_OK);
    CHECK(end_of(h.until_finished(), "a/y") == WEIR_SUCCEEDED);
    CHECK(weir_run_resume(run, nullptr, 0) == WEIR_E_STALE);
}

TEST_CASE("a paused run can be cancelled") {
    host h;
    const auto run = h.start(pipeline(stage("a", step("x"))));
    CHECK(weir_run_pause(run, nullptr, 0) == WEIR_OK);
    h.until(WEIR_EVENT_CONTROL);
    CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_OK);
    const auto events = h.until_finished(1, WEIR_CANCELLED);
    CHECK(events.back().event.outcome == WEIR_CANCELLED);
}

TEST_CASE("timeouts of stages and Barrier steps stand still while a run is paused") {
    host h{0, 0, WEIR_CLOCK_VIRTUAL};
    const std::string ten = "timeout: 10s, ";
    const auto run =
        h.start(pipeline("{parallel: [" + stage("a", step("x") + ", " + meet("m", ten), ten) +
                             ", " + stage("b", meet("m", ten), ten) + "]}",
                         barriers));
    const auto x = h.until(WEIR_EVENT_STEP_STARTED);
    CHECK(weir_run_pause(run, nullptr, 0) == WEIR_OK);
    h.until(WEIR_EVENT_CONTROL);
    // The host owes nothing any more, so that the clock may run.
    CHECK(weir_step_finish(x.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until(WEIR_EVENT_STEP_FINISHED);

    const auto plan = load(pipeline(stage("c", step("z"))));
    auto options = sized<weir_run_options>();
    const std::string script = R"({"steps": {"c/z": {"ms": 30000}}})";
    options.flags = WEIR_RUN_SIMULATE;
    options.simulation = script.data();
    options.simulation_length = size_of(script);
    weir_run other = 0;
    REQUIRE(weir_run_start(h.runtime, plan, h.queue, &options, &other, nullptr) == WEIR_OK);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    const auto passed = h.until(WEIR_EVENT_RUN_FINISHED);
    CHECK(passed.event.run == other);
    CHECK(passed.event.t_ns == 30 * a_second);

    CHECK(weir_run_resume(run, nullptr, 0) == WEIR_OK);
    const auto rest = h.until_finished();
    CHECK(end_of(rest, "a") == WEIR_SUCCEEDED);
    CHECK(end_of(rest, "b/m") == WEIR_SUCCEEDED);
}

TEST_CASE(
    "a step that failed is not forgotten when its stage rolls back while a pause holds its retry") {
    host h;
    const auto failing = [](const std::string& id, const std::string& action) {
        return "{step: {identifier: " + id + ", name: " + id +
               ", type: ShellScript, failureStrategies: [{onFailure: {errors: [AllErrors], "
               "action: " +
               action +
               "}}], spec: {shell: Bash, source: {type: Inline, spec: {script: \"true\"}}}}}";
    };
    const auto x = failing("x",
                           "{type: Retry, spec: {retryCount: 1, retryIntervals: [10ms], "
                           "onRetryFailure: {action: {type: MarkAsFailure}}}}");
    const auto y = failing("y", "{type: StageRollback}");
    const auto run = h.start(pipeline(
        "{stage: {identifier: a, name: a, type: Custom, spec: {execution: {steps: [{parallel: [" +
        x + ", " + y + "]}], rollbackSteps: [" + step("r") + "]}}}}"));
    weir_step open[2] = {};
    for (int found = 0; found < 2;) {
        for (const told& t : h.take()) {
            if (t.event.kind == WEIR_EVENT_STEP_STARTED)
                open[t.path == "a/x" ? 0 : 1] = t.event.step, ++found;
        }
    }
    CHECK(weir_run_pause(run, nullptr, 0) == WEIR_OK);
    h.until(WEIR_EVENT_CONTROL);
    // The interval passes on the real clock, so that the retry is what is held.
    CHECK(weir_step_finish(open[0], WEIR_FAILED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until(WEIR_EVENT_STEP_FINISHED);
    for (bool held = false; !held;) {
        h.take();
        CHECK(weir_run_snapshot(run, 0) == WEIR_OK);
        held =
            h.until(WEIR_EVENT_SNAPSHOT).input.find(R"("waits_for":"resume")") != std::string::npos;
    }
    CHECK(weir_step_finish(open[1], WEIR_FAILED, nullptr, 0, nullptr, 0) == WEIR_OK);
    CHECK(weir_run_resume(run, nullptr, 0) == WEIR_OK);
    CHECK(end_of(h.until_finished(), "a/x") == WEIR_FAILED);
}

TEST_CASE("a barrier is broken, or released, by hand") {
    host h;
    const auto run = h.start(two_meet);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED);
    CHECK(weir_run_break_barrier(run, "nobody", 6, nullptr, 0) == WEIR_OK);
    const answer unknown{h};
    CHECK(unknown.event.event.outcome == WEIR_FAILED);
    CHECK(unknown.said["message"] == "the run has no barrier 'nobody' in use");

    const bool releases = GENERATE(true, false);
    const auto decide = releases ? weir_run_release_barrier : weir_run_break_barrier;
    CHECK(decide(run, "q", 1, "enough", 6) == WEIR_OK);
    CHECK(decide(run, "q", 1, nullptr, 0) == WEIR_OK);  // it has decided
    CHECK(weir_step_finish(x.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    const auto rest = h.until_finished();

    std::string orders;
    json decided;
    for (const told& t : rest) {
        if (t.event.kind == WEIR_EVENT_CONTROL)
            orders += t.event.outcome == WEIR_SUCCEEDED ? "+" : "-";
        if (t.event.kind == (releases ? WEIR_EVENT_BARRIER_RELEASED : WEIR_EVENT_BARRIER_BROKEN))
            decided = json::parse(t.json);
    }
    CHECK(orders == "+-");
    REQUIRE(decided.is_object());
    CHECK(decided["reason"] == "by hand");
    CHECK(decided["message"] == "enough");
    // Who comes later is told the same.
    CHECK(end_of(rest, "a/m") == (releases ? WEIR_SUCCEEDED : WEIR_FAILED));
}

TEST_CASE("a loop's concurrency is raised and lowered, but not below what a barrier in it needs") {
    host h;
    const auto looped = [](const std::string& steps, int cap) {
        return pipeline(
            "{stage: {identifier: l, name: l, type: Custom, strategy: {repeat: {times: "
            "4, maxConcurrency: " +
                std::to_string(cap) + "}}, spec: {execution: {steps: [" + steps + "]}}}}",
            barriers);
    };
    std::vector<weir_step> steps;
    const auto started = [&] {
        for (auto more = h.take(); !more.empty(); more = h.take()) {
            for (const told& t : more) {
                if (t.event.kind == WEIR_EVENT_STEP_STARTED)
                    steps.push_back(t.event.step);
            }
        }
        return steps.size();
    };
    SECTION("raised") {
        const auto run = h.start(looped(step("x"), 1));
        CHECK(started() == 1);
        CHECK(weir_run_set_concurrency(run, "l", 1, 3) == WEIR_OK);
        CHECK(started() == 3);
        CHECK(weir_run_set_concurrency(run, "none", 4, 3) == WEIR_OK);
        CHECK(answer{h}.event.event.outcome == WEIR_FAILED);
        CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_OK);
    }
    SECTION("too few for its barrier") {
        const auto run = h.start(looped(step("x") + ", " + meet("m"), 4));
        CHECK(started() == 4);
        CHECK(weir_run_set_concurrency(run, "l", 1, 3) == WEIR_OK);
        const answer refused{h};
        CHECK(refused.event.event.outcome == WEIR_FAILED);
        CHECK(refused.said["message"] == "barrier 'q' waits for 4 of its instances at once");
        CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_OK);
    }
    for (const auto open : steps)
        CHECK(weir_step_finish(open, WEIR_CANCELLED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until_finished(1, 0);
}

TEST_CASE("a snapshot shows what is under way, what it waits for, and who is missing") {
    host h;
    const auto run = h.start(two_meet);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED);
    h.take();
    CHECK(weir_run_snapshot(run, 99) == WEIR_OK);
    const auto shot = h.until(WEIR_EVENT_SNAPSHOT);
    CHECK(shot.event.tag == 99);
    const auto seen = json::parse(shot.input);
    CHECK(seen["paused"] == false);
    CHECK(seen["barriers"][0]["barrier"] == "q");
    CHECK(seen["barriers"][0]["state"] == "waiting");
    CHECK(seen["barriers"][0]["arrived"] == json::array({"b"}));
    CHECK(seen["barriers"][0]["missing"] == json::array({"a"}));
    std::string waits;
    for (const auto& node : seen["nodes"]) {
        if (node.contains("waits_for"))
            waits +=
                node["path"].get<std::string>() + ":" + node["waits_for"].get<std::string>() + " ";
    }
    CHECK_THAT(waits, Catch::Matchers::ContainsSubstring("a/x:step"));
    CHECK_THAT(waits, Catch::Matchers::ContainsSubstring("b/m:barrier"));
    CHECK(weir_step_finish(x.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until_finished();
}

TEST_CASE("a step tells its progress") {
    host h;
    h.start(pipeline(stage("a", step("x"))));
    const auto x = h.until(WEIR_EVENT_STEP_STARTED).event.step;
    const std::string half = "{\"done\":\n50}";
    CHECK(weir_step_progress(x, half.data(), size_of(half)) == WEIR_OK);
    const auto said = h.until(WEIR_EVENT_STEP_PROGRESS);
    CHECK(said.input == half);
    CHECK(said.path == "a/x");
    CHECK(said.json.find('\n') == std::string::npos);
    CHECK(json::parse(said.json)["progress"]["done"] == 50);
    CHECK(weir_step_progress(x, "[1]", 3) == WEIR_E_NOT_JSON);
    CHECK(weir_step_progress(x, "\xFF", 1) == WEIR_E_NOT_UTF8);
    CHECK(weir_step_progress(x, nullptr, 3) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_step_progress(x, nullptr, 0) == WEIR_OK);
    CHECK(h.take().empty());
    CHECK(weir_step_finish(x, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    CHECK(weir_step_progress(x, nullptr, 0) == WEIR_E_STALE);
    h.until_finished();
}

TEST_CASE("a step of which nothing is heard times out") {
    host h;
    const auto plan = load(pipeline(stage("a", step("x"))));
    auto options = sized<weir_run_options>();
    options.heartbeat_ns = a_second / 100;
    weir_run run = 0;
    REQUIRE(weir_run_start(h.runtime, plan, h.queue, &options, &run, nullptr) == WEIR_OK);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    const auto cancel = h.until(WEIR_EVENT_STEP_CANCEL);
    CHECK(weir_step_finish(cancel.event.step, WEIR_CANCELLED, nullptr, 0, nullptr, 0) == WEIR_OK);
    const auto rest = h.until_finished();
    CHECK(end_of(rest, "a/x") == WEIR_TIMED_OUT);
}

TEST_CASE("every order that was accepted is told of, also when the run ends meanwhile") {
    host h{1};
    for (int round = 0; round < 200; ++round) {
        const auto run = h.start(two_meet);
        std::size_t accepted = 0;
        std::size_t answers = 0;
        for (bool over = false; !over;) {
            // Some at a time: orders are served in turn, and a flood of them would hold the run up.
            if (accepted - answers < 8)
                accepted += weir_run_snapshot(run, 1) == WEIR_OK ? 1 : 0;
            for (const auto& t : h.take()) {
                answers += t.event.kind == WEIR_EVENT_SNAPSHOT && t.event.tag == 1 ? 1 : 0;
                over = over || t.event.kind == WEIR_EVENT_RUN_FINISHED;
                if (t.event.kind == WEIR_EVENT_STEP_STARTED)
                    weir_step_finish(t.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0);
            }
        }
        CHECK(accepted == answers);
    }
}
