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

TEST_CASE("declarations are one of a kind") {
    CHECK(codes(load("pipeline: {stages: [], flowControl: {barriers: [{identifier: b}, "
                     "{identifier: b}]}}")) == words{"E0303", "W0301"});
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

TEST_CASE("a barrier's options are read") {
    const auto l = load(with_stages(
        in_parallel(
            {stage("a", item("step: {identifier: x, type: Barrier, spec: {barrierRef: gate, "
                             "value: {of: <+pipeline.name>, n: [1, two]}}}")),
             stage("b", item(barrier("x"))), stage("c", item(barrier("x")))}),
        "flowControl: {barriers: [{identifier: gate, quorum: 2, stragglers: fail, exchange: true, "
        "timeout: 5m, onRelease: [{step: {identifier: tell, type: Email}}, "
        "{stepGroup: {identifier: g, steps: [{step: {identifier: s, type: Email}}]}}]}]}\n"));
    INFO(plan::to_json(l.findings, l.files));
    REQUIRE(l.plan);
    const auto& read = l.plan->barriers[0];
    CHECK(read.quorum == 2);
    CHECK(read.stragglers == plan::straggler_policy::fail);
    CHECK(read.exchange);
    CHECK_FALSE(read.cyclic);
    CHECK(read.timeout_ms == 300'000);
    REQUIRE(read.on_release != plan::no_node);
    CHECK((*l.plan)[read.on_release].kind == plan::node_kind::on_release);
    CHECK(at(l, "gate/g/s") != nullptr);
    CHECK(at(l, "a/x")->spec == R"({"of":"<+pipeline.name>","n":[1,"two"]})");
    CHECK(at(l, "a/x")->spec_has_expressions);
}

namespace {

// What is found in a document whose barrier has these options; its parties are `a` and `b`.
words with_options(const std::string& options, const std::string& a = barrier("x"),
                   const std::string& rest = "") {
    return findings(load(
        with_stages(in_parallel({stage("a", item(a), rest), stage("b", item(barrier("x")))}),
                    "flowControl:\n  barriers:\n    - {identifier: gate, " + options + "}\n")));
}

}  // namespace

TEST_CASE("malformed options of a barrier are told, each at its place") {
    CHECK(with_options("quorum: 2").empty());
    CHECK(with_options("quorum: 0") == words{"E0204@9:36"});
    CHECK(with_options("quorum: many") == words{"E0204@9:36"});
    CHECK(with_options("quorum: [2]") == words{"E0203@9:36"});
    CHECK(with_options("quorum: 3") == words{"E0311@9:22"});
    CHECK(with_options("quorum: 2, stragglers: stay") == words{"E0204@9:51"});
    CHECK(with_options("stragglers: pass") == words{"E0311@9:28"});
    CHECK(with_options("quorum: 2, stragglers: {}") == words{"E0203@9:51"});
    CHECK(with_options("cyclic: yes") == words{"E0204@9:36"});
    CHECK(with_options("exchange: [true]") == words{"E0203@9:38"});
    CHECK(with_options("timeout: soon") == words{"E0209@9:37"});
    CHECK(with_options("timeout: 5m, cyclic: true, exchange: true").empty());
    CHECK(with_options("onRelease: {step: x}") == words{"E0203@9:39"});
    CHECK(with_options("onRelease: []").empty());
    CHECK(with_options("onRelease: [{step: {identifier: y}}]") == words{"E0201@9:47"});
    CHECK(with_options("onRelease: [{" + barrier("y") + "}]") == words{"E0311@9:97"});
    CHECK(with_options("unheard: of") == words{"E0202@9:28"});
}

TEST_CASE("options of a barrier and those who use it must go together") {
    const std::string gives =
        "step: {identifier: x, type: Barrier, spec: {barrierRef: gate, value: 1}}";
    CHECK(with_options("exchange: true", gives).empty());
    REQUIRE(with_options("exchange: false", gives).size() == 1);
    CHECK(with_options("exchange: false", gives)[0].starts_with("E0311@"));
    const std::string turns = ", strategy: {repeat: {times: 3, maxConcurrency: 1}}";
    REQUIRE(with_options("cyclic: true", barrier("x"), turns).size() == 1);
    CHECK(with_options("cyclic: true", barrier("x"), turns)[0].starts_with("E0312@"));
    // What the number is hangs on an expression: it is not known.
    CHECK(with_options("cyclic: true", barrier("x"),
                       ", strategy: {repeat: {items: <+pipeline.variables.l>, maxConcurrency: 1}}")
              .empty());
}

TEST_CASE("the steps on a barrier's release are called like it, so no stage is") {
    const auto l = load(with_stages(
        in_parallel({stage("gate", item(barrier("x"))), stage("b", item(barrier("x")))}),
        "flowControl: {barriers: [{identifier: gate, onRelease: [{step: {identifier: y, type: "
        "Email}}]}]}\n"));
    CHECK(codes(l) == words{"E0205"});
}
