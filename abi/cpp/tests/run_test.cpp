// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <map>

#include "abi/cpp/tests/host.hpp"

using kind = weir::event_kind;
using end = weir::outcome;
using weir::status;

static constexpr const char* two_steps = R"(
pipeline:
  name: Small
  identifier: small
  stages:
    - stage:
        name: Build
        identifier: build
        type: Custom
        spec:
          execution:
            steps:
              - step: {type: First, name: One, identifier: one, spec: {kind: fast}}
              - step:
                  type: Second
                  name: Two
                  identifier: two
                  spec: {image: <+execution.steps.one.output.outputVariables.image>}
)";

static std::string stage(const std::string& id, const std::string& steps,
                         const std::string& more = {}) {
    return "{stage: {name: " + id + ", identifier: " + id + ", type: Custom, " + more +
           "spec: {execution: {steps: [" + steps + "]}}}}";
}
static std::string step(const std::string& id) {
    return "{step: {type: Do, name: " + id + ", identifier: " + id + ", spec: {}}}";
}
static std::string meet(const std::string& id) {
    return "{step: {type: Barrier, name: " + id + ", identifier: " + id +
           ", spec: {barrierRef: q}}}";
}
static std::string pipeline(const std::string& stages) {
    return "pipeline: {name: p, identifier: p, flowControl: {barriers: [{name: q, identifier: "
           "q}]}, "
           "stages: [" +
           stages + "]}";
}
/// Two stages that meet; the one has a step before.
static std::string meeting() {
    return pipeline("{parallel: [" + stage("a", step("x") + ", " + meet("m")) + ", " +
                    stage("b", meet("m")) + "]}");
}

/// A run, and how its nodes ended.
struct walk : host {
    weir::run run;
    std::map<std::string, end> nodes;

    explicit walk(const std::string& document, weir::run_options how = {},
                  weir::runtime_options on = {}, weir::queue_options fill = {})
        : walk(made(weir::plan::load(document)), how, on, fill) {}
    explicit walk(const weir::plan& plan, weir::run_options how = {}, weir::runtime_options on = {},
                  weir::queue_options fill = {})
        : host(on, fill) {
        run = made(weir::run::start(runtime, plan, queue, how));
    }

    weir::step asked() { return weir::step(until(kind::step_started).event); }

    end ended() {
        for (;;) {
            const told each = next();
            if (each.kind() == kind::node_finished)
                nodes[each.path] = each.outcome();
            if (each.kind() == kind::run_finished)
                return each.outcome();
        }
    }
};

TEST(steps_are_asked_for_and_answered) {
    weir::run_options how;
    how.tag = 12;
    walk w(two_steps, how, {}, {true});
    const told first = w.until(kind::step_started);
    CHECK(first.path == "build/one" && first.tag() == 12 && first.event.attempt() == 1);
    CHECK(first.event.run() == w.run.handle());
    CHECK(first.input.find(R"("spec":{"kind":"fast"})") != std::string::npos);
    CHECK(first.json.find(R"("type":"step.started")") != std::string::npos);
    const weir::step one(first.event);
    CHECK(one.finish(end::succeeded, "5").code() == status::not_json);
    CHECK(one.finish(end::none).code() == status::invalid_argument);
    CHECK(one.finish(end::succeeded, R"({"image": "app:1"})"));
    CHECK(one.finish(end::succeeded).code() == status::stale);
    const told second = w.until(kind::step_started);
    CHECK(second.input.find("app:1") != std::string::npos);
    CHECK(weir::step(second.event).finish(end::failed, {}, "no such image"));
    CHECK(w.ended() == end::failed && w.nodes["build/two"] == end::failed);
    CHECK(w.run.cancel("late").code() == status::stale);
}

TEST(a_cancelled_run_asks_its_steps_to_end) {
    weir::run_options how;
    how.grace = std::chrono::milliseconds(1);
    walk w(two_steps, how);
    const weir::step one = w.asked();
    CHECK(w.run.cancel("enough"));
    const told soft = w.until(kind::step_cancel);
    CHECK(!soft.event.hard() && soft.event.step() == one.handle());
    CHECK(w.until(kind::step_cancel).event.hard());
    static_cast<void>(one.finish(end::cancelled));
    CHECK(w.ended() == end::cancelled);
}

TEST(progress_is_told_and_a_silent_step_times_out) {
    weir::run_options how;
    how.heartbeat = std::chrono::milliseconds(50);
    walk w(two_steps, how);
    const weir::step one = w.asked();
    CHECK(one.progress());
    CHECK(one.progress(R"({"done": 5})"));
    CHECK(one.progress("5").code() == status::not_json);
    const told told = w.until(kind::step_progress);
    CHECK(told.event.step() == one.handle() && told.input.find("\"done\"") != std::string::npos);
    CHECK(w.until(kind::step_cancel).event.step() == one.handle());
    static_cast<void>(one.finish(end::cancelled));
    CHECK(w.ended() == end::timed_out);
    CHECK(one.progress().code() == status::stale);
}

TEST(a_run_is_paused_looked_at_and_resumed) {
    walk w(two_steps);
    const weir::step one = w.asked();
    CHECK(w.run.pause("lunch"));
    const told paused = w.until(kind::control);
    CHECK(paused.outcome() == end::succeeded && paused.input.find("lunch") != std::string::npos);
    CHECK(w.run.snapshot(99));
    const told picture = w.until(kind::snapshot);
    CHECK(picture.tag() == 99 && picture.input.find("build/one") != std::string::npos);
    CHECK(w.run.pause());
    CHECK(w.until(kind::control).outcome() == end::failed);
    CHECK(one.finish(end::succeeded, R"({"image": "a"})") && w.run.resume());
    CHECK(w.asked().finish(end::succeeded));
    CHECK(w.ended() == end::succeeded);
    CHECK(w.run.resume().code() == status::stale);
}

TEST(a_runs_barrier_is_decided_by_hand) {
    {
        walk w(meeting());
        const weir::step x = w.asked();
        CHECK(w.run.release_barrier("q", "enough waiting"));
        CHECK(w.until(kind::control).outcome() == end::succeeded && x.finish(end::succeeded));
        CHECK(w.ended() == end::succeeded);
    }
    walk w(meeting());
    const weir::step x = w.asked();
    CHECK(w.run.break_barrier("none"));
    CHECK(w.until(kind::control).outcome() == end::failed);
    CHECK(w.run.break_barrier("q"));
    CHECK(w.until(kind::control).outcome() == end::succeeded && x.finish(end::succeeded));
    CHECK(w.ended() == end::failed && w.nodes["b/m"] == end::failed);
}

TEST(a_loops_concurrency_is_changed_under_way) {
    walk w(pipeline(stage("a", step("x"), "strategy: {repeat: {times: 3, maxConcurrency: 1}}, ")));
    std::vector<weir::step> under_way{w.asked()};
    CHECK(w.run.set_concurrency("a", 3));
    CHECK(w.until(kind::control).outcome() == end::succeeded);
    under_way.push_back(w.asked());
    under_way.push_back(w.asked());
    for (const weir::step& each : under_way)
        CHECK(each.finish(end::succeeded));
    CHECK(w.ended() == end::succeeded);
}

TEST(a_simulated_run_goes_by_itself_when_polled) {
    weir::run_options how;
    how.simulate = true;
    how.simulation = R"({"steps": {"build/two": {"ms": 5000, "outcome": "skipped"}}})";
    how.id = "nightly";
    weir::runtime_options on;
    on.polled = on.virtual_clock = true;
    walk w(two_steps, how, on, {true});
    for (bool over = false; !over;) {
        made(w.runtime.poll());
        CHECK(w.queue.drain(w.batch));
        for (const weir::event& each : w.batch) {
            over = each.kind() == kind::run_finished;
            CHECK(each.json().find(R"("run":"nightly")") != std::string_view::npos);
        }
    }
    CHECK(made(w.runtime.poll()).count() < 0);
    const weir::plan plan = made(weir::plan::load(two_steps));
    how.simulation = "5";
    CHECK(weir::run::start(w.runtime, plan, w.queue, how).code() == status::not_json);
}

TEST(a_refused_document_says_where) {
    weir::load_options how;
    how.file = "a.yaml";
    weir::findings found;
    const auto refused =
        weir::plan::load("pipeline:\n  name: X\n  identifier: x\n  stages: 5\n", how, &found);
    CHECK(refused.code() == status::document && !refused.error().text().empty());
    const std::vector<weir::finding> all = found.list();
    REQUIRE(all.size() == 1);
    CHECK(weir::to_string(all[0]) ==
          "a.yaml:4:11: error E0203: `stages` must be a list, not a number");
    CHECK(all[0].end_line == 4 && all[0].end_column == 12 && found.json().front() == '[');
    CHECK(weir::plan::load("5").code() == status::document);
}

TEST(findings_have_notes_and_help) {
    const std::string twice = "pipeline:\n  name: X\n  identifier: x\n  name: Y\n  stages: []\n";
    weir::findings found;
    CHECK(weir::plan::load(twice, {}, &found).code() == status::document);
    const std::vector<weir::finding> all = found.list();
    REQUIRE(!all.empty());
    CHECK(all[0].code == "E0105" && all[0].line == 4);
    REQUIRE(!all[0].notes.empty());
    CHECK(all[0].notes[0].line == 2 && all[0].notes[0].column == 3 &&
          !all[0].notes[0].message.empty());
}

TEST(a_plan_is_described_and_takes_variables) {
    weir::load_options how;
    how.compat_harness = how.inputs_open = how.runnable = true;
    how.adapter = "harness";
    how.variables = "5";
    CHECK(weir::plan::load(two_steps, how).code() == status::not_json);
    how.variables = "{}";
    weir::findings found;
    const weir::plan plan = made(weir::plan::load(two_steps, how, &found));
    CHECK(found.list().empty());
    CHECK(made(plan.describe()).view().find("build") != std::string_view::npos);
    CHECK(made(plan.describe(weir::format::json)).view().front() == '{');
    CHECK(plan.describe(static_cast<weir::format>(9)).code() == status::invalid_argument);
}
