// SPDX-License-Identifier: BSL-1.0
// Failure actions beyond a step's own: groups that are tried again, rollbacks, people who are
// asked.
#include "tests/adapters/run/barrier_story.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;
using weir::plan::action_kind;

namespace {

const char* const bad_x =
    R"({"steps": {"*/*/x": {"outcome": "failed"}, "*/x": {"outcome": "failed"}}})";

std::string retry_group(int count, const std::string& after = "MarkAsFailure") {
    return on_failure("RetryStepGroup",
                      "retryCount: " + std::to_string(count) +
                          ", retryIntervals: [2s], onRetryFailure: {action: {type: " + after +
                          "}}");
}

std::string ask(const std::string& timeout = "1h", const std::string& after = "MarkAsFailure") {
    return on_failure("ManualIntervention",
                      "timeout: " + timeout + ", onTimeout: {action: {type: " + after + "}}");
}

void answer(world& w, const std::string& path, action_kind how, std::uint32_t attempt = 0) {
    w.give(action::intervene, path, attempt, std::string{weir::plan::name_of(how)});
}

// How the last control call ended, and why.
std::string refusal(const story& told) {
    for (auto r = told.all.rbegin(); r != told.all.rend(); ++r) {
        if (r->type == event_type::control)
            return r->how == outcome::succeeded ? std::string{} : r->message;
    }
    return "no control event";
}

}  // namespace

TEST_CASE("RetryStepGroup: the whole group again, after its interval, by paths of its own") {
    world w;
    w.start(pipeline({stage("a", {group("g", {step("u"), step("x"), step("y")}, retry_group(2)),
                                  step("z", when_step("Success",
                                                      "<+execution.steps.g.steps.u.output."
                                                      "outputVariables.n> == 2"))})}));
    w.finish("a/g/u", outcome::succeeded, R"({"n": 1})");
    w.fail("a/g/x");
    CHECK(w.how("a/g/x") == outcome::failed);
    CHECK(w.how("a/g/y") == outcome::none);
    w.advance(1999);
    CHECK(w.host.open_steps() == 0);
    w.advance(1);
    w.finish("a/g/#2/u", outcome::succeeded, R"({"n": 2})");
    w.finish("a/g/#2/x");
    w.finish("a/g/#2/y");
    CHECK(w.how("a/g") == outcome::succeeded);
    w.finish("a/z");
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("RetryStepGroup: when its tries are used up, what follows decides") {
    const auto told = simulate(
        pipeline({stage(
            "a", {group("g", {step("x"), step("y")}, retry_group(1, "Ignore")), step("z")})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}, "a/g/#2/x": {"outcome": "failed"}}})");
    CHECK(told.how("a/g/#2/x") == outcome::ignored_failure);
    CHECK(told.how("a/g/#2/y") == outcome::succeeded);
    CHECK(told.how("a/g") == outcome::ignored_failure);
    const auto failed = simulate(
        pipeline({stage("a", {group("g", {step("x"), step("y")}, retry_group(1)), step("z")})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}, "a/g/#2/x": {"outcome": "failed"}}})");
    CHECK(failed.how("a/g") == outcome::failed);
    CHECK(failed.how("a/z") == outcome::skipped);
    CHECK_FALSE(failed.has(node_started, "a/g/#3/x"));
}

TEST_CASE("RetryStepGroup: lanes in the group finish their step first; loops in it run again") {
    const auto told = simulate(
        pipeline(
            {stage("a", {group("g",
                               {parallel({step("x"), group("h", {step("slow"), step("never")})}),
                                step("y", "strategy: {parallelism: 2}")},
                               retry_group(1))})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}, "a/g/h/slow": {"ms": 3000}}})");
    INFO(told.text());
    CHECK(told.how("a/g/h/slow") == outcome::succeeded);
    CHECK(told.how("a/g/h/never") == outcome::none);
    CHECK(told.started("a/g/#2/x") == 5000);
    CHECK(told.how("a/g/#2/h/never") == outcome::succeeded);
    CHECK(told.how("a/g/#2/y_1") == outcome::succeeded);
    CHECK(told.how("a") == outcome::succeeded);
}

TEST_CASE(
    "RetryStepGroup: its party is still expected; one that waited in it has not come after all") {
    const auto told =
        simulate(beside({stage("a", {group("g", {parallel({step("x"), meet("m", "q")}), step("y")},
                                           retry_group(1))})}),
                 R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    INFO(told.text());
    // Only `a/g/m` and `w` meet: they do before x fails.
    check_released(told, 0, 2);
    const auto waits = simulate(
        beside({stage("a", {group("g", {parallel({step("x"), meet("m", "q")})}, retry_group(1))}),
                stage("b", {step("late"), meet("m", "q")})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}, "b/late": {"ms": 9000}}})");
    INFO(waits.text());
    CHECK(waits.one(barrier_retracted, "a/g/m").ms() == 1000);
    CHECK(waits.how("a/g/m") == outcome::cancelled);
    check_released(waits, 9000, 3);
    CHECK(waits.how("a/g/#2/m") == outcome::succeeded);
    const auto before =
        simulate(beside({stage("a", {group("g", {step("x"), meet("m", "q")}, retry_group(1))})}),
                 R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    check_released(before, 4000, 2);
}

TEST_CASE(
    "RetryStepGroup: a barrier passed before is passed again; a broken one refuses the retry") {
    const auto told =
        simulate(beside({stage("a", {group("g", {meet("m", "q"), step("x")}, retry_group(1))})}),
                 R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    CHECK(told.how("a/g/#2/m") == outcome::succeeded);
    CHECK(told.how("a/g/#2/x") == outcome::succeeded);
    const auto broken = simulate(beside({stage("a", {group("g", {meet("m", "q")}, retry_group(1))}),
                                         stage("b", {step("x"), meet("m", "q")})}),
                                 R"({"steps": {"b/x": {"outcome": "failed"}}})");
    CHECK(broken.how("a/g/m") == outcome::failed);
    CHECK_FALSE(broken.has(node_started, "a/g/#2/m"));
    CHECK_THAT(broken.message("a/g/m"),
               ContainsSubstring("not tried again: barrier 'q' is broken"));
}

TEST_CASE(
    "RetryStepGroup: a rollback or a timeout in between gives the tries up, and breaks what is "
    "lost") {
    const auto told = simulate(
        beside({stage("a",
                      {parallel({group("g", {step("x"), meet("m", "q")},
                                       on_failure("RetryStepGroup",
                                                  "retryCount: 1, retryIntervals: [1h], "
                                                  "onRetryFailure: {action: {type: Ignore}}")),
                                 step("bad")})},
                      on_failure("StageRollback"), {step("undo")})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}, "a/bad": {"outcome": "failed", "ms": 2000}}})");
    INFO(told.text());
    check_broken(told, 2000, "failed", "a/g");
    CHECK(told.how("a/rollback/undo") == outcome::succeeded);
    const auto timed = simulate(beside({stage("a", {group("g", {step("x"), meet("m", "q")},
                                                          "timeout: 1500ms, " + retry_group(3))})}),
                                R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    check_broken(timed, 1500, "timeout", "a");
    CHECK(timed.how("a/g") == outcome::timed_out);
}

TEST_CASE("StepGroupRollback: the group's own rollback steps run, then the stage fails") {
    const auto grouped = [](const std::string& steps, const std::string& rollback) {
        return "{stepGroup: {identifier: g, name: g, steps: " + steps +
               ", rollbackSteps: " + rollback + ", " + on_failure("StepGroupRollback") + "}}";
    };
    const auto told = simulate(
        pipeline({stage(
            "a", {grouped(listed({step("x"), step("y")}), listed({step("undo")})), step("z")}, {},
            {step("stage_undo")})}),
        R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    INFO(told.text());
    CHECK(told.how("a/g/y") == outcome::none);
    CHECK(told.started("a/g/rollback/undo") == 1000);
    CHECK(told.how("a/g") == outcome::failed);
    CHECK(told.how("a/z") == outcome::skipped);
    CHECK(told.how("a") == outcome::failed);
    CHECK_FALSE(told.has(node_started, "a/rollback"));
    // Where there is no group, it is a failure as any other.
    CHECK(simulate(pipeline({stage("a", {step("x")}, on_failure("StepGroupRollback"))}), bad_x)
              .how("a") == outcome::failed);
}

TEST_CASE("StageRollback: a group's own rollback steps are for StepGroupRollback alone") {
    // As Harness's page on step groups has it.
    const std::string grouped =
        "{stepGroup: {identifier: g, name: g, steps: " + listed({step("x")}) +
        ", rollbackSteps: " + listed({step("undo")}) + "}}";
    const auto told = simulate(
        pipeline({stage("a", {grouped, step("z")}, on_failure("StageRollback"), {step("back")})}),
        R"({"steps": {"a/z": {"outcome": "failed"}}})");
    CHECK(told.how("a/rollback/back") == outcome::succeeded);
    CHECK_FALSE(told.has(node_started, "a/g/rollback"));
    const auto inside =
        simulate(pipeline({stage("a", {grouped}, on_failure("StageRollback"), {step("back")})}),
                 R"({"steps": {"a/g/x": {"outcome": "failed"}}})");
    CHECK(inside.how("a/rollback/back") == outcome::succeeded);
    CHECK_FALSE(inside.has(node_started, "a/g/rollback"));
}

TEST_CASE(
    "PipelineRollback: stages that ran roll back, the sequence in reverse, parallel ones "
    "together") {
    const auto told =
        simulate(pipeline({stage("a", {step("y")}, {}, {step("undo")}),
                           parallel({stage("b", {step("y")}, {}, {step("undo")}),
                                     stage("c", {step("y")}, {}, {step("undo")})}),
                           stage("d", {step("bad"), step("never")}, on_failure("PipelineRollback"),
                                 {step("undo")}),
                           stage("e", {step("y")}, when_stage("All"), {step("undo")})}),
                 R"({"steps": {"d/bad": {"outcome": "failed"}}})");
    INFO(told.text());
    CHECK(told.how("d/never") == outcome::none);
    CHECK(told.how("d") == outcome::failed);
    CHECK_FALSE(told.has(node_started, "e"));
    CHECK(told.started("rollback") == 3000);
    CHECK(told.started("rollback/d/rollback/undo") == 3000);
    CHECK(told.started("rollback/b/rollback/undo") == 4000);
    CHECK(told.started("rollback/c/rollback/undo") == 4000);
    CHECK(told.started("rollback/a/rollback/undo") == 5000);
    CHECK(told.finished("rollback") == 6000);
    CHECK(told.ending() == outcome::failed);
}

TEST_CASE(
    "PipelineRollback: what runs beside it ends its step; skipped stages have nothing to undo") {
    const auto told = simulate(
        pipeline(
            {stage("s", {step("y")}, when_stage("Success", "<+pipeline.name> == 'no'"),
                   {step("undo")}),
             parallel({stage("a", {step("bad")}, on_failure("PipelineRollback"), {step("undo")}),
                       stage("b", {step("slow"), step("never")}, {}, {step("undo")})})}),
        R"({"steps": {"a/bad": {"outcome": "failed"}, "b/slow": {"ms": 4000}}})");
    CHECK(told.how("b/slow") == outcome::succeeded);
    CHECK(told.how("b/never") == outcome::none);
    CHECK(told.started("rollback/b/rollback/undo") == 4000);
    CHECK_FALSE(told.has(node_started, "rollback/s"));
}

TEST_CASE(
    "PipelineRollback: instances of a loop, with their values; one by one where they ran so") {
    const auto looped = [](const std::string& cap) {
        return simulate(
            pipeline({stage("a", {step("y")}, "strategy: {matrix: {k: [u, v]" + cap + "}}",
                            {step("undo", when_step("All", "<+matrix.k> == 'v'"))}),
                      stage("z", {step("bad")}, on_failure("PipelineRollback"))}),
            R"({"steps": {"z/bad": {"outcome": "failed"}}})");
    };
    const auto at_once = looped("");
    INFO(at_once.text());
    CHECK(at_once.how("rollback/a_0/rollback/undo") == outcome::skipped);
    CHECK(at_once.how("rollback/a_1/rollback/undo") == outcome::succeeded);
    const auto in_turn = looped(", maxConcurrency: 1");
    CHECK(in_turn.in_order(in_turn.one(node_finished, "rollback/a_1"),
                           in_turn.one(node_started, "rollback/a_0")));
}

TEST_CASE(
    "PipelineRollback: sections meet at their barriers, those of stages that ended well too") {
    const auto told = simulate(
        pipeline({parallel({stage("a", {step("y")}, {}, {step("u"), meet("m", "q")}),
                            stage("b", {step("y")}, {}, {step("v"), meet("m", "q")})}),
                  stage("z", {step("bad")}, on_failure("PipelineRollback"))}),
        R"({"steps": {"z/bad": {"outcome": "failed"}, "rollback/a/rollback/u": {"ms": 5000}}})");
    INFO(told.text());
    check_released(told, 7000, 2);
    CHECK(told.how("rollback/b/rollback/m") == outcome::succeeded);
    // Without a rollback, the barrier is void at the end.
    const auto well = simulate(pipeline({parallel({stage("a", {step("y")}, {}, {meet("m", "q")}),
                                                   stage("b", {step("y")}, {}, {meet("m", "q")})}),
                                         stage("z", {step("x")}, on_failure("PipelineRollback"))}));
    CHECK(well.decision("q").type == barrier_voided);
}

TEST_CASE(
    "PipelineRollback breaks at once what will not be reached, and a stage that rolled back does "
    "not again") {
    const auto told = simulate(
        pipeline(
            {parallel({stage("w", {meet("m", "q")}),
                       stage("a", {step("bad"), meet("m", "q")}, on_failure("PipelineRollback"),
                             {step("undo")}),
                       stage("b", {step("worse")}, on_failure("StageRollback"), {step("undo")})})}),
        R"({"steps": {"a/bad": {"outcome": "failed"}, "b/worse": {"outcome": "failed", "ms": 500}}})");
    INFO(told.text());
    check_broken(told, 1000, "failed", "a");
    CHECK(told.started("b/rollback/undo") == 500);
    CHECK_FALSE(told.has(node_started, "rollback/b"));
    CHECK(told.has(node_started, "rollback/a/rollback/undo"));
}

TEST_CASE("a cancel ends a pipeline's rollback") {
    world w;
    w.start(pipeline(
        {stage("a", {step("bad")}, on_failure("PipelineRollback"), {step("undo"), step("more")})}));
    w.fail("a/bad");
    w.cancel();
    w.finish("rollback/a/rollback/undo", outcome::cancelled);
    CHECK(w.told().ending() == outcome::cancelled);
    CHECK_FALSE(w.told().has(node_started, "rollback/a/rollback/more"));
}

TEST_CASE("ManualIntervention: a person's answer decides; the party is still expected meanwhile") {
    struct row {
        action_kind answer;
        outcome step;
    };
    for (const auto& [how, ends] :
         {row{action_kind::ignore, outcome::ignored_failure},
          row{action_kind::mark_as_success, outcome::succeeded},
          row{action_kind::proceed_with_default_values, outcome::ignored_failure}}) {
        world w;
        w.start(beside({stage("a", {step("x", ask()), meet("m", "q")})}));
        w.fail("a/x", "no disk");
        const auto& wanted = w.told().one(event_type::intervention_wanted, "a/x");
        CHECK(wanted.attempt == 1);
        CHECK_THAT(wanted.input, ContainsSubstring("no disk"));
        CHECK_THAT(wanted.input, ContainsSubstring("3600000"));
        w.advance(60'000);
        CHECK_FALSE(w.told().has(barrier_failed, "a"));
        answer(w, "a/x", how);
        CHECK(refusal(w.told()).empty());
        CHECK(w.how("a/x") == ends);
        check_released(w.told(), 60'000, 2);
        CHECK(w.told().one(event_type::intervention_closed, "a/x").action ==
              std::string{weir::plan::name_of(how)});
    }
}

TEST_CASE("ManualIntervention: an answer of failure, abort or rollback breaks what is lost, then") {
    for (const auto how : {action_kind::mark_as_failure, action_kind::abort,
                           action_kind::stage_rollback, action_kind::pipeline_rollback}) {
        world w;
        w.start(beside({stage("a", {step("x", ask()), meet("m", "q")}, {}, {step("undo")})}));
        w.fail("a/x");
        w.advance(5);
        answer(w, "a/x", how);
        check_broken(w.told(), 5, "failed", "a");
        CHECK(
            w.host.open_steps() ==
            (how == action_kind::stage_rollback || how == action_kind::pipeline_rollback ? 1 : 0));
    }
}

TEST_CASE("ManualIntervention: a retry by hand is a try more, and may be asked about again") {
    world w;
    w.start(pipeline({stage("a", {step("x", ask()), step("y")})}));
    w.fail("a/x");
    answer(w, "a/x", action_kind::retry, 1);
    w.fail("a/x");
    answer(w, "a/x", action_kind::retry, 1);
    CHECK_THAT(refusal(w.told()), ContainsSubstring("try 2"));
    answer(w, "a/x", action_kind::retry, 2);
    CHECK(w.told().all.back().attempt == 3);
    w.finish("a/x");
    CHECK(w.how("a/x") == outcome::succeeded);
    answer(w, "a/x", action_kind::retry);
    CHECK_THAT(refusal(w.told()), ContainsSubstring("no intervention"));
}

TEST_CASE(
    "ManualIntervention: without an answer, onTimeout decides, to the millisecond; a pause holds "
    "it") {
    world w;
    w.start(pipeline({stage("a", {step("x", ask("10s", "Ignore")), step("y")})}));
    w.fail("a/x");
    w.advance(4000);
    w.give(action::pause);
    w.advance(60'000);
    w.give(action::resume);
    w.advance(5999);
    CHECK(w.how("a/x") == outcome::none);
    w.advance(1);
    CHECK(w.how("a/x") == outcome::ignored_failure);
    CHECK(w.told().one(event_type::intervention_closed, "a/x").action.empty());
}

TEST_CASE(
    "ManualIntervention: a host that has nobody to ask says so, and what is no action is refused") {
    world w;
    w.start(pipeline({stage("a", {step("x", ask("10s", "Ignore"))})}));
    w.fail("a/x");
    w.give(action::intervene, "a/x", 0, "explode");
    CHECK_THAT(refusal(w.told()), ContainsSubstring("'explode' is no action"));
    w.give(action::intervene, "a/x", 0, "manual_intervention");
    CHECK_THAT(refusal(w.told()), ContainsSubstring("ask again"));
    w.give(action::intervene, "a/y", 0, "retry");
    CHECK_THAT(refusal(w.told()), ContainsSubstring("no intervention"));
    w.give(action::intervene, "a/x", 0, "on_timeout");
    CHECK(w.how("a/x") == outcome::ignored_failure);
}

TEST_CASE("ManualIntervention: behind a Retry, and with a Retry behind it") {
    world w;
    w.start(pipeline({stage(
        "a", {step("x", on_failure("Retry",
                                   "retryCount: 1, retryIntervals: [1s], onRetryFailure: {action: "
                                   "{type: ManualIntervention, spec: {timeout: 1h, onTimeout: "
                                   "{action: {type: Ignore}}}}}"))})}));
    w.fail("a/x");
    w.advance(1000);
    w.fail("a/x");
    CHECK(w.told().has(event_type::intervention_wanted, "a/x"));
    answer(w, "a/x", action_kind::mark_as_success);
    CHECK(w.told().ending() == outcome::succeeded);
    const auto told = simulate(
        pipeline({stage(
            "a", {step("x", on_failure("ManualIntervention",
                                       "timeout: 5s, onTimeout: {action: {type: Retry, spec: "
                                       "{retryCount: 1, retryIntervals: [2s], onRetryFailure: "
                                       "{action: {type: Ignore}}}}}"))})}),
        bad_x);
    INFO(told.text());
    CHECK(told.count(step_started) == 2);
    CHECK(told.how("a/x") == outcome::ignored_failure);
}

TEST_CASE("ManualIntervention: a cancel, a timeout of the stage and a rollback end it") {
    SECTION("cancel") {
        world w;
        w.start(pipeline({stage("a", {step("x", ask())})}));
        w.fail("a/x");
        w.cancel();
        CHECK(w.told().ending() == outcome::cancelled);
    }
    SECTION("timeout") {
        const auto told =
            simulate(pipeline({stage("a", {step("x", ask())}, "timeout: 5s")}), bad_x);
        CHECK(told.how("a") == outcome::timed_out);
        CHECK(told.finished("a") == 5000);
    }
    SECTION("rollback") {
        const auto told = simulate(
            pipeline({stage("a", {parallel({step("x", ask("1h", "Ignore")), step("bad")})},
                            on_failure("StageRollback"), {step("undo")})}),
            R"({"steps": {"a/x": {"outcome": "failed"}, "a/bad": {"outcome": "failed", "ms": 2000}}})");
        CHECK(told.how("a/x") == outcome::ignored_failure);
        CHECK(told.started("a/rollback") == 2000);
    }
}

TEST_CASE("ManualIntervention at a broken barrier: no retry, but anything else") {
    world w;
    w.start(beside({stage("a", {step("x"), meet("m", "q")})}, ask()));
    w.fail("a/x");
    CHECK(w.told().has(event_type::intervention_wanted, "w/m"));
    answer(w, "w/m", action_kind::retry);
    CHECK_THAT(refusal(w.told()), ContainsSubstring("barrier 'q' is broken"));
    answer(w, "w/m", action_kind::ignore);
    CHECK(w.how("w/m") == outcome::ignored_failure);
}

TEST_CASE("an open intervention gives the slot to the next") {
    world w;
    w.start(pipeline({stage("a", {step("x",
                                       "strategy: {repeat: {times: 2, maxConcurrency: 1}, "
                                       "slotWhileWaiting: release}, " +
                                           ask())})}));
    w.fail("a/x_0");
    w.finish("a/x_1");
    answer(w, "a/x_0", action_kind::mark_as_success);
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("Retry of a Barrier step is refused, and its failure says why") {
    const auto told =
        simulate(beside({stage("a", {step("x"), meet("m", "q")})},
                        on_failure("Retry",
                                   "retryCount: 3, retryIntervals: [1s], onRetryFailure: {action: "
                                   "{type: MarkAsFailure}}")),
                 R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.how("w/m") == outcome::failed);
    CHECK_THAT(told.message("w/m"), ContainsSubstring("not tried again"));
    CHECK_THAT(told.message("w/m"), ContainsSubstring("barrier 'q' broke"));
}
