// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::string deployed(std::string_view spec) {
    return with_stages("- stage: {identifier: s, type: Deployment, spec: {" + std::string{spec} +
                       ", execution: {steps: [{step: {identifier: x, type: X}}], rollbackSteps: "
                       "[{step: {identifier: y, type: X}}]}}}");
}

constexpr std::string_view provisioner =
    "provisioner: {steps: [{step: {identifier: up, type: X}}], rollbackSteps: [{step: "
    "{identifier: down, type: X}}]}";

}  // namespace

TEST_CASE("what an insert holds stands where it stands") {
    const auto l =
        load(with_steps("- insert: {identifier: i, name: i, steps: [{step: {identifier: "
                        "a, type: X}}, {stepGroup: {identifier: g, steps: []}}]}\n"
                        "- step: {identifier: b, type: X}\n- parallel:\n    - insert: "
                        "{identifier: j, steps: [{step: {identifier: c, type: X}}]}\n"));
    REQUIRE(l.plan);
    const auto* const a = at(l, "s/a");
    REQUIRE(a);
    CHECK(l.plan->nodes[a->next].id == "g");
    CHECK(l.plan->nodes[l.plan->nodes[a->next].next].id == "b");
    CHECK(l.plan->nodes[at(l, "s/c")->parent].kind == plan::node_kind::parallel);
    const auto stages =
        load(with_stages("- insert: {identifier: i, stages: [{stage: {identifier: a, type: Custom, "
                         "spec: {execution: {steps: []}}}}]}\n- stage: {identifier: b, type: "
                         "Custom, dependsOn: [a], spec: {execution: {steps: []}}}"));
    REQUIRE(stages.plan);
    REQUIRE(at(stages, "b")->extras);
    CHECK(at(stages, "b")->extras->depends_on.size() == 1);
    CHECK(codes(load(with_steps("- insert: {identifier: i, name: i}"))).empty());
    CHECK(codes(load(with_steps("- insert: {identifier: i, steps: <+input>}"), {}, true)).empty());
    CHECK(codes(load(with_steps("- insert: {identifier: i, steps: <+input>}"))) == words{"E0208"});
}

TEST_CASE("a malformed insert is refused, each mistake by its code") {
    CHECK(codes(load(with_steps("- insert: []"))) == words{"E0203"});
    CHECK(codes(load(with_steps("- insert:"))) == words{"E0203"});
    CHECK(codes(load(with_steps("- insert: {identifier: i, steps: {}}"))) == words{"E0203"});
    CHECK(codes(load(with_steps("- insert: {identifier: i, stages: []}"))) == words{"E0202"});
    CHECK(codes(load(with_steps("- insert: {identifier: i, steps: [{odd: 1}]}"))) ==
          words{"E0202"});
    CHECK(codes(load(with_steps("- insert: {identifier: i}\n  step: {identifier: a, type: X}"))) ==
          words{"E0204"});
}

TEST_CASE("skipCondition is a condition turned round, beside that of when") {
    const auto l = load(with_stages(R"(- stage:
    identifier: s
    type: Custom
    skipCondition: <+x> == 1
    spec:
      execution:
        steps:
          - step: {identifier: a, type: X, skipCondition: <+y>, when: {condition: <+z>}}
          - stepGroup: {identifier: g, steps: [], skipCondition: 'true'}
          - step: {identifier: b, type: X, skipCondition: ''}
)"));
    REQUIRE(l.plan);
    CHECK(at(l, "s")->condition == "!(<+x> == 1)");
    CHECK(at(l, "s/a")->condition == "(<+z>) && !(<+y>)");
    CHECK(at(l, "s/g")->condition == "!(true)");
    CHECK(at(l, "s/b")->condition.empty());
    CHECK(codes(load(with_steps("- step: {identifier: a, type: X, skipCondition: [x]}"))) ==
          words{"E0203"});
}

TEST_CASE("policies go to the host with the spec") {
    const auto l =
        load(with_steps("- step: {identifier: a, type: X, spec: {k: 1}, enforce: "
                        "{policySets: [<+p>]}}\n- step: {identifier: b, type: X, "
                        "enforce: {policySets: [q]}}"));
    REQUIRE(l.plan);
    CHECK(at(l, "s/a")->spec == R"({"k":1,"enforce":{"policySets":["<+p>"]}})");
    CHECK(at(l, "s/a")->spec_has_expressions);
    CHECK(at(l, "s/b")->spec == R"({"enforce":{"policySets":["q"]}})");
    const auto stage =
        load(with_stages("- stage: {identifier: s, type: Custom, enforce: "
                         "{policySets: [q]}, spec: {execution: {steps: []}}}"));
    REQUIRE(stage.plan);
    CHECK(at(stage, "s")->spec == R"({"enforce":{"policySets":["q"]}})");
}

TEST_CASE("an environment's provisioner runs before the stage's own steps") {
    const auto l =
        load(deployed("environment: {environmentRef: e, " + std::string{provisioner} + "}"));
    REQUIRE(l.plan);
    const auto* const group = at(l, "s/provisioner");
    REQUIRE(group);
    CHECK(group->kind == plan::node_kind::step_group);
    CHECK(group->condition.empty());
    CHECK(at(l, "s/provisioner/up"));
    CHECK(l.plan->nodes[group->next].id == "x");
    const auto* const back = at(l, "s/rollback/provisioner");
    REQUIRE(back);
    CHECK(at(l, "s/rollback/provisioner/down"));
    CHECK(l.plan->nodes[back->next].id == "y");
    const auto old = load(
        deployed("infrastructure: {infrastructureDefinition: {" + std::string{provisioner} + "}}"));
    CHECK(at(old, "s/provisioner/up"));
}

TEST_CASE("with several environments each turn runs the provisioner of its own") {
    const auto l =
        load(deployed("environments: {values: [{environmentRef: e, " + std::string{provisioner} +
                      "}, {environmentRef: f, " + std::string{provisioner} + "}]}"));
    REQUIRE(l.plan);
    CHECK(at(l, "s/provisioner")->condition == "<+env.identifier> == \"e\"");
    CHECK(at(l, "s/provisioner_1")->condition == "<+env.identifier> == \"f\"");
}

TEST_CASE("a malformed provisioner is refused, each mistake by its code") {
    CHECK(codes(load(deployed("environment: {environmentRef: e, provisioner: []}"))) ==
          words{"E0203"});
    CHECK(codes(load(deployed("environment: {environmentRef: e, provisioner: {steps: {}}}"))) ==
          words{"E0203"});
    CHECK(codes(load(deployed("environment: {environmentRef: e, provisioner: {step: []}}"))) ==
          words{"E0202"});
    CHECK(codes(load(deployed("environment: {environmentRef: e, provisioner: {steps: [], "
                              "rollbackSteps: []}}")))
              .empty());
}
