// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;

namespace {

// What the script of a step comes to when its host is asked to run it.
std::string script_of(world& w, const std::string& path) {
    const auto& told = w.told().one(event_type::step_started, path);
    return weir::json::parse(told.input)["spec"]["source"]["spec"]["script"].get<std::string>();
}

// A pipeline of one step that prints an expression, perhaps in a loop.
std::string printed(const std::string& expression, const std::string& more = {},
                    const std::string& path = "a/x") {
    world w;
    w.start(
        pipeline({stage("a", {step("x", more, expression)},
                        "variables: [{name: v, type: String, value: 'of <+stage.identifier>'}]")},
                 "variables: [{name: base, type: String, value: blue}, "
                 "{name: v, type: String, value: 'sky <+pipeline.variables.base>'}]"));
    return script_of(w, path);
}

}  // namespace

TEST_CASE("loop values are found under their names") {
    const std::string matrix = "strategy: {matrix: {k: [u, v]}}";
    CHECK(printed("<+matrix.k>", matrix, "a/x_1") == "v");
    CHECK(printed("<+strategy.iteration> of <+strategy.iterations>", matrix, "a/x_1") == "1 of 2");
    CHECK(printed("<+strategy.identifierPostFix>", matrix, "a/x_1") == "_1");
    CHECK(printed("<+step.matrix.k>", matrix, "a/x_0") == "u");
    const std::string repeat = "strategy: {repeat: {items: [p, q]}}";
    CHECK(printed("<+repeat.item>", repeat, "a/x_1") == "q");
}

TEST_CASE("inner loops hide outer ones of the same name, and show others") {
    world w;
    w.start(pipeline({stage(
        "a",
        {step("x", "strategy: {matrix: {k: [in]}}", "<+matrix.k> <+matrix.o> <+stage.matrix.k>")},
        "strategy: {matrix: {k: [out], o: [far]}}")}));
    CHECK(script_of(w, "a_0_0/x_0") == "in far out");
}

TEST_CASE("variables of the pipeline and of the stage, which may refer to others") {
    CHECK(printed("<+pipeline.variables.base>") == "blue");
    CHECK(printed("<+pipeline.variables.v>") == "sky blue");
    CHECK(printed("<+stage.variables.v>") == "of a");
    CHECK(printed("<+pipeline.stages.a.variables.v>") == "of a");
    CHECK(printed("<+pipeline.identifier>/<+stage.identifier>/<+step.identifier>") == "p/a/x");
}

TEST_CASE("outputs and statuses of what ran before are found from everywhere") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x"), group("g", {step("y")})}),
         stage(
             "b",
             {step("x"), step("near", {}, "<+execution.steps.x.output.outputVariables.v>"),
              step("far", {},
                   "<+pipeline.stages.a.spec.execution.steps.x.output.outputVariables.v>"),
              step("deep", {},
                   "<+pipeline.stages.a.spec.execution.steps.g.steps.y.output.outputVariables.v>"),
              step("status", {}, "<+pipeline.stages.a.status> <+execution.steps.x.status>")})}));
    w.finish("a/x", outcome::succeeded, R"({"v": "one"})");
    w.finish("a/g/y", outcome::succeeded, R"({"v": "two"})");
    w.finish("b/x", outcome::succeeded, R"({"v": "three"})");
    CHECK(script_of(w, "b/near") == "three");
    w.finish("b/near");
    CHECK(script_of(w, "b/far") == "one");
    w.finish("b/far");
    CHECK(script_of(w, "b/deep") == "two");
    w.finish("b/deep");
    CHECK(script_of(w, "b/status") == "SUCCEEDED SUCCEEDED");
    w.finish("b/status");
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("outputs of the same instance are found without its suffix") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x"), step("y", {}, "<+execution.steps.x.output.outputVariables.v>")},
               "strategy: {parallelism: 2}")}));
    w.finish("a_0/x", outcome::succeeded, R"({"v": "zero"})");
    w.finish("a_1/x", outcome::succeeded, R"({"v": "one"})");
    CHECK(script_of(w, "a_0/y") == "zero");
    CHECK(script_of(w, "a_1/y") == "one");
}

TEST_CASE("a failure that is ignored has Harness's word for it") {
    const auto told = simulate(
        pipeline({stage(
            "a",
            {step("x", on_failure("Ignore")),
             step("y", when_step("Success", "<+execution.steps.x.status> == 'IGNORE_FAILED'"))})}),
        R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(told.how("a/y") == outcome::succeeded);
}

TEST_CASE(
    "a step whose spec cannot be resolved fails without being started, and names what is missing") {
    world w;
    w.start(pipeline({stage("a", {step("x", {}, "<+pipeline.variables.nobody>"), step("y")})}));
    CHECK(w.host.over());
    CHECK(w.how("a/x") == outcome::failed);
    CHECK_THAT(w.told().message("a/x"), Catch::Matchers::ContainsSubstring("nobody"));
    CHECK_FALSE(w.told().has(event_type::step_started, "a/x"));
    CHECK(w.how("a/y") == outcome::skipped);
}

TEST_CASE(
    "a simulated step's expressions are resolved too, so that a rehearsal finds what is missing") {
    const auto told =
        simulate(pipeline({stage("a", {step("x", {}, "<+pipeline.variables.nobody>")})}));
    CHECK(told.how("a/x") == outcome::failed);
}

TEST_CASE("outputs that are no JSON spoil an expression, not the run") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x"), step("y", {}, "<+execution.steps.x.output.outputVariables.v>")})}));
    w.finish("a/x", outcome::succeeded, "{\"v\": \"\xff\"}");
    CHECK(w.how("a/y") == outcome::failed);
    CHECK(w.host.over());
}

TEST_CASE("how a loop does is known from when it begins") {
    const std::string asks = "when: {stageStatus: All, condition: <+strategy.currentStatus> == '";
    const auto in_turn = [&](const std::string& wanted) {
        return simulate(pipeline({stage("a", {step("x", asks + wanted + "'}")},
                                        "strategy: {repeat: {items: [p, q], maxConcurrency: 1}}")}),
                        R"({"steps": {"a_0/x": {"outcome": "failed"}}})");
    };
    const auto running = in_turn("RUNNING");
    CHECK(running.how("a_0/x") == outcome::failed);
    CHECK(running.how("a_1/x") == outcome::skipped);
    CHECK(in_turn("FAILED").how("a_0/x") == outcome::skipped);

    const auto beside = [&](const std::string& when, const std::string& wanted) {
        const auto told = simulate(
            pipeline(
                {stage("a", {parallel({step("l", "strategy: {parallelism: 2}"),
                                       group("g", {step("wait"),
                                                   step("x",
                                                        "when: {stageStatus: All, "
                                                        "condition: " +
                                                            when + " == '" + wanted + "'}")})})})}),
            R"({"steps": {"a/l_0": {"ms": 5000}}})");
        CHECK(told.how("a/g/x") == outcome::succeeded);
    };
    beside("<+strategy.node.l.currentStatus>", "RUNNING");
}

TEST_CASE("what may change until a node's turn decides nothing before it") {
    // Were the status taken at the start, b would be thought away, and a would pass alone.
    const auto told = simulate(
        pipeline({stage("first", {step("bad", on_failure("Ignore"))}),
                  parallel({stage("a", {meet("m", "gate")}),
                            stage("b", {meet("m", "gate")},
                                  when_stage("All", "<+pipeline.liveStatus> == 'IGNORE_FAILED'")),
                            stage("c", {step("x")},
                                  when_stage("All", "<+pipeline.status> != 'RUNNING'"))})}),
        R"({"steps": {"first/bad": {"outcome": "failed"}}})");
    CHECK(told.how("b/m") == outcome::succeeded);
    CHECK(told.decision("gate").parties == 2);
    CHECK(told.how("c") == outcome::skipped);
}

TEST_CASE("retries are counted, and a name that leads nowhere says where it ends") {
    world w;
    w.start(pipeline(
        {stage("a", {step("x", on_failure("Retry",
                                          "retryCount: 3, onRetryFailure: {action: {type: "
                                          "Ignore}}")),
                     step("y", on_failure("Ignore"), "again <+execution.steps.x.retryCount>"),
                     step("z", {}, "<+execution.steps.x.outptu.v>")})}));
    w.fail("a/x");
    w.fail("a/x");
    w.finish("a/x");
    CHECK(script_of(w, "a/y") == "again 2");
    w.finish("a/y");
    CHECK_THAT(w.told().message("a/z"),
               Catch::Matchers::ContainsSubstring(
                   "`execution.steps.x` has no `outptu`; it has `identifier`, `name`, `output`"));
}
