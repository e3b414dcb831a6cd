// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

constexpr std::string_view gate = "flowControl: {barriers: [{identifier: gate, name: The Gate}]}\n";

std::string barrier(std::string_view id, std::string_view ref = "gate",
                    std::string_view rest = "") {
    return "step: {identifier: " + std::string{id} +
           ", type: Barrier, spec: {barrierRef: " + std::string{ref} + "}" + std::string{rest} +
           "}";
}

std::string stage(std::string_view id, std::string_view steps, std::string_view rest = "",
                  std::string_view rollback = "") {
    return "stage: {identifier: " + std::string{id} +
           ", type: Custom, spec: {execution: {steps: [" + std::string{steps} +
           "], rollbackSteps: [" + std::string{rollback} + "]}}" + std::string{rest} + "}";
}

std::string in_parallel(std::initializer_list<std::string> entries) {
    std::string out = "- parallel:\n";
    for (const std::string& e : entries) {
        out += "    - " + e + "\n";
    }
    return out;
}

std::string item(std::string_view text) {
    return "{" + std::string{text} + "}";
}

}  // namespace

TEST_CASE("Barrier steps know the barrier that they join, and stand where the reference does") {
    const auto l =
        load(with_stages(in_parallel({stage("a", item(barrier("x", "gate", ", timeout: 5m"))),
                                      stage("b", item(barrier("x", "\"gate\"")))}),
                         gate));
    REQUIRE(l.plan);
    CHECK(l.findings.all().empty());
    REQUIRE(l.plan->barriers.size() == 1);
    CHECK(l.plan->barriers[0].id == "gate");
    CHECK(l.plan->barriers[0].name == "The Gate");
    CHECK(at(l, "a/x")->kind == plan::node_kind::barrier);
    CHECK(at(l, "a/x")->timeout_ms == 300'000);
    CHECK(at(l, "b/x")->barrier == 0);
    CHECK(l.plan->root().holds_barriers);
}

TEST_CASE("a reference that nothing declares is told with the nearest name") {
    const auto l = load(with_steps("- " + barrier("x", "gaet"), gate));
    REQUIRE(codes(l) == words{"E0301"});
    CHECK(l.findings.all()[0].help == "did you mean `gate`?");
    CHECK(l.findings.all()[0].notes.size() == 1);
    CHECK(codes(load(with_steps("- " + barrier("x")))) == words{"E0301"});
    CHECK(codes(load(with_steps("- " + barrier("x", "parent.gate"), gate))) == words{"E0301"});
}

TEST_CASE("declarations are one of a kind, and what they cannot do yet is named") {
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barriers: [{identifier: b}, "
                     "{identifier: b}]}}")) == words{"E0303", "W0301"});
    CHECK(codes(load(
              "pipeline: {stages: [], flowControl: {barriers: [{identifier: b, quorum: 2}]}}")) ==
          words{"E0601", "W0301"});
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barriers: [{name: b}]}}")) ==
          words{"E0201"});
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barriers: {}}}")) == words{"E0203"});
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barier: []}}")) == words{"E0202"});
}

TEST_CASE("a reference is constant once inputs are applied") {
    CHECK(codes(load(with_steps("- " + barrier("x", "<+pipeline.variables.b>"), gate))) ==
          words{"E0306"});
    CHECK(codes(load(with_steps("- " + barrier("x", "gate_<+strategy.iteration>"), gate))) ==
          words{"E0306"});
    const std::string open = with_steps("- " + barrier("x", "<+input>.default(gate)"), gate);
    CHECK(load(open).plan);
    CHECK(codes(load(with_steps("- " + barrier("x", "<+input>"), gate), {}, true)) ==
          words{"E0208"});
    CHECK(load(with_steps("- " + barrier("x", "<+input>"), gate),
               {{"stages.s.spec.execution.steps.x.spec.barrierRef", "gate"}})
              .plan);
}

TEST_CASE("one lane names a barrier once") {
    const auto l = load(with_steps("- " + barrier("x") + "\n- stepGroup: {identifier: g, steps: [" +
                                       item(barrier("y")) + "]}\n",
                                   gate));
    REQUIRE(codes(l) == words{"E0302"});
    CHECK(l.findings.all()[0].notes.size() == 1);
    CHECK(load(with_steps("- parallel: [" + item(barrier("x")) + ", " + item(barrier("y")) + "]\n",
                          gate))
              .plan);
    CHECK(load(with_steps("- stepGroup: {identifier: g, strategy: {parallelism: 2}, steps: [" +
                              item(barrier("x")) + "]}\n",
                          gate))
              .plan);
    CHECK(
        codes(load(with_steps("- stepGroup: {identifier: g, strategy: {parallelism: 2}, steps: [" +
                                  item(barrier("x")) + ", " + item(barrier("y")) + "]}\n",
                              gate))) == words{"E0302"});
}

TEST_CASE("a Barrier step has no strategy and no keys that it does not know") {
    CHECK(codes(load(with_steps("- " + barrier("x", "gate", ", strategy: {parallelism: 2}"),
                                gate))) == words{"E0304", "W0302"});
    CHECK(codes(load(with_steps("- step: {identifier: x, type: Barrier, spec: {barierRef: gate}}",
                                gate))) == words{"E0201", "E0202"});
    CHECK(codes(load(with_steps("- step: {identifier: x, type: Barrier}", gate))) ==
          words{"E0201"});
    CHECK(codes(load(with_steps(
              "- step: {identifier: x, type: Barrier, spec: {barrierRef: [gate]}}", gate))) ==
          words{"E0203"});
}

TEST_CASE("normal and rollback flow do not share a barrier") {
    CHECK(codes(load(with_stages("- " + stage("a", item(barrier("x")), "", item(barrier("y"))),
                                 gate))) == words{"E0305"});
    CHECK(codes(load(with_stages("- " + stage("a", item(barrier("x"))) + "\n- " +
                                     stage("b", "", "", item(barrier("y"))),
                                 gate))) == words{"E0305"});
    CHECK(codes(load(with_stages(
              in_parallel({stage("a", item(barrier("x"))), stage("b", "", "", item(barrier("y")))}),
              gate))) == words{"W0304"});
}

TEST_CASE("barriers that join nobody are warned about, loops counted") {
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barriers: [{identifier: b}]}}")) ==
          words{"W0301"});
    CHECK(codes(load(with_steps("- " + barrier("x"), gate))) == words{"W0302"});
    CHECK(codes(load(with_stages(
              "- " + stage("a", item(barrier("x")), ", strategy: {parallelism: 1}"), gate))) ==
          words{"W0302"});
    CHECK(codes(load(with_stages(
                    "- " + stage("a", item(barrier("x")), ", strategy: {parallelism: 2}"), gate)))
              .empty());
    CHECK(codes(load(with_stages(
                    "- " + stage("a", item(barrier("x")), ", strategy: {repeat: {items: <+x>}}"),
                    gate)))
              .empty());
    CHECK(codes(load(with_stages("- stage: {identifier: t, template: {templateRef: t}}", gate))) ==
          words{"E0207"});
}

TEST_CASE("a party behind a condition of the run is warned about, a constant one is not") {
    const auto two = [](std::string_view rest) {
        return with_stages(
            in_parallel({stage("a", item(barrier("x"))), stage("b", item(barrier("x")), rest)}),
            gate);
    };
    CHECK(codes(load(two(", when: {pipelineStatus: Success, condition: <+x> == 1}"))) ==
          words{"W0303"});
    CHECK(codes(load(two(", when: {pipelineStatus: Success, condition: \"true\"}"))).empty());
    CHECK(codes(load(two(", when: {pipelineStatus: All}"))).empty());
    CHECK(codes(load(two(", strategy: {parallelism: 2, when: <+x>}"))) == words{"W0303"});
}
