// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::string looped(std::string_view strategy) {
    return with_steps(
        "- step:\n    identifier: a\n    type: X\n    strategy: " + std::string{strategy} + "\n");
}

const plan::strategy& loop_of(const plan::loaded& l) {
    static const plan::strategy none;
    const plan::node* const n = at(l, "s/a");
    return n && n->loop() ? *n->loop() : none;
}

}  // namespace

TEST_CASE("a matrix keeps its axes in order, scalars as the text that stands there") {
    const auto l =
        load(looped("{matrix: {os: [linux, win], v: [1.10, 007, true], cfg: [{image: x, n: 1}], "
                    "exclude: [{os: win, v: \"1.10\"}, {cfg: {image: x, n: 1}}], maxConcurrency: "
                    "2, nodeName: n_<+matrix.os>}}"));
    REQUIRE(l.plan);
    const plan::strategy& s = loop_of(l);
    REQUIRE(s.axes.size() == 3);
    CHECK(s.axes[0].name == "os");
    CHECK(s.axes[1].values.values == std::vector<json>{"1.10", "007", "true"});
    CHECK(s.axes[2].values.values[0] == json{{"image", "x"}, {"n", 1}});
    REQUIRE(s.exclude.size() == 2);
    CHECK(s.exclude[0].terms[1].axis == 1);
    CHECK(s.exclude[0].terms[1].value == "1.10");
    CHECK(s.exclude[1].terms[0].value == R"({"image":"x","n":1})");
    CHECK(s.max_concurrency.value == 2);
    CHECK(s.node_name == "n_<+matrix.os>");
}

TEST_CASE("axes and items may be JSON texts and expressions") {
    const auto l =
        load(looped("{matrix: {a: '[1, \"x\"]', b: <+pipeline.variables.list>, c: ['<+x>', y]}}"));
    REQUIRE(l.plan);
    CHECK(loop_of(l).axes[0].values.values == std::vector<json>{"1", "x"});
    CHECK(loop_of(l).axes[1].values.expression == "<+pipeline.variables.list>");
    CHECK(loop_of(l).axes[2].values.values[0] == "<+x>");
    CHECK_FALSE(loop_of(l).size_known());
    const auto r = load(looped("{repeat: {items: \"<+x>.split(',')\", maxConcurrency: <+y>}}"));
    REQUIRE(r.plan);
    CHECK(loop_of(r).items.expression == "<+x>.split(',')");
    CHECK(loop_of(r).max_concurrency.expression == "<+y>");
}

TEST_CASE("repeat and parallelism") {
    const auto r =
        load(looped("{repeat: {items: [a, b, c], start: 1, end: 3, unit: percentage, "
                    "partitionSize: 50}, when: <+x>, onFailure: SkipQueued}"));
    REQUIRE(r.plan);
    CHECK(loop_of(r).kind == plan::strategy_kind::repeat);
    CHECK(loop_of(r).percentage);
    CHECK(loop_of(r).start.value == 1);
    CHECK(loop_of(r).when == "<+x>");
    CHECK(loop_of(r).on_failure == plan::loop_failure::skip_queued);
    const auto p = load(looped("{parallelism: \"4\"}"));
    REQUIRE(p.plan);
    CHECK(loop_of(p).kind == plan::strategy_kind::parallelism);
    CHECK(loop_of(p).times.value == 4);
}

TEST_CASE("maxConcurrency is taken beside the loop as well as inside") {
    const auto l = load(looped("{matrix: {a: [1, 2]}, maxConcurrency: 1}"));
    REQUIRE(l.plan);
    CHECK(loop_of(l).max_concurrency.value == 1);
    CHECK(codes(load(looped("{matrix: {a: [1, 2], maxConcurrency: 2}, maxConcurrency: 1}"))) ==
          words{"E0401"});
    CHECK(codes(load(looped("{parallelism: 2, maxConcurrency: 1}"))) == words{"E0202"});
}

TEST_CASE("a strategy is exactly one loop") {
    const auto l = load(looped("{matrix: {a: [1]}, repeat: {times: 2}}"));
    CHECK(findings(l) == words{"E0401@13:46"});
    CHECK(l.findings.all()[0].notes.size() == 1);
    CHECK(codes(load(looped("{}"))) == words{"E0401"});
    CHECK(codes(load(looped("{when: \"true\"}"))) == words{"E0401"});
    CHECK(codes(load(looped("[1]"))) == words{"E0203"});
    CHECK(codes(load(looped("{while: {condition: x, maxIterations: 3}}"))) == words{"E0601"});
    CHECK(codes(load(looped("{matrix: {a: [1]}, slotWhileWaiting: release}"))).empty());
    CHECK(codes(load(looped("{matrix: {a: [1]}, slotWhileWaiting: sell}"))) == words{"E0204"});
    CHECK(codes(load(looped("{matrix: {a: [1]}, slotWhileWaiting: hold}"))).empty());
}

TEST_CASE("keys of a loop that stand in the wrong place are told the right one") {
    const auto l = load(looped("{matrix: {a: [1]}, exclude: [{a: 1}]}"));
    REQUIRE(codes(l) == words{"E0202"});
    CHECK(l.findings.all()[0].help == "it belongs inside `matrix`");
    CHECK(codes(load(looped("{repeat: {item: [1]}}"))) == words{"E0202", "E0401"});
    CHECK(codes(load(looped("{matrx: {a: [1]}}"))) == words{"E0202", "E0401"});
}

TEST_CASE("loops that cannot be understood are refused, empty ones warned about") {
    CHECK(codes(load(looped("{matrix: {a: []}}"))).front() == "E0401");
    CHECK(codes(load(looped("{matrix: {a: linux}}"))).front() == "E0401");
    CHECK(codes(load(looped("{matrix: {a: {b: c}}}"))).front() == "E0203");
    CHECK(codes(load(looped("{matrix: {a: [~]}}"))).front() == "E0401");
    CHECK(codes(load(looped("{matrix: {exclude: []}}"))).front() == "E0401");
    CHECK(codes(load(looped("{matrix: {os: [1], exclude: [{so: 1}]}}"))).front() == "E0401");
    CHECK(codes(load(looped("{matrix: {os: [1], exclude: [{os: 1}]}}"))) == words{"W0401"});
    CHECK(codes(load(looped("{repeat: {}}"))).front() == "E0401");
    CHECK(codes(load(looped("{repeat: {times: 0}}"))).front() == "E0204");
    CHECK(codes(load(looped("{repeat: {times: -1}}"))).front() == "E0204");
    CHECK(codes(load(looped("{repeat: {times: x}}"))).front() == "E0204");
    CHECK(codes(load(looped("{repeat: {items: ~}}"))).front() == "E0401");
    CHECK(codes(load(looped("{repeat: {items: [a], unit: Dozen}}"))).front() == "E0204");
    CHECK(codes(load(looped("{repeat: {times: 3, start: 1}}"))).front() == "E0401");
    CHECK(codes(load(looped("{parallelism: 0}"))).front() == "E0204");
    CHECK(codes(load(looped("{parallelism: 2000000}"))) == words{"E0403"});
    CHECK(codes(load(looped("{matrix: {a: [1]}, onFailure: Explode}"))) == words{"E0204"});
}

TEST_CASE("a matrix that is an open input is a loop of unknown size") {
    const auto l = load(looped("{matrix: <+input>}"), {}, true);
    REQUIRE(l.plan);
    CHECK_FALSE(loop_of(l).size_known());
    CHECK(codes(load(looped("{matrix: <+input>}"))) == words{"E0208"});
    const auto given =
        load(looped("{matrix: <+input>}"), {{"stages.s.spec.execution.steps.a.strategy.matrix",
                                             "{image: [nginx, ingress], version: [10, 11]}"}});
    REQUIRE(given.plan);
    CHECK(loop_of(given).axes.size() == 2);
}
