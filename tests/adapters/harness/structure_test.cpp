// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;
using plan::node_kind;

}  // namespace

TEST_CASE("stages, groups, parallels, steps and rollback steps become the plan's tree") {
    const auto l = load(R"(
pipeline:
  name: The Pipeline
  identifier: the_pipeline
  stages:
    - stage:
        name: Build it
        identifier: build
        type: CI
        spec:
          cloneCodebase: false
          execution:
            steps:
              - parallel:
                  - step: {identifier: a, type: Run, spec: {command: make <+pipeline.name>}}
                  - stepGroup:
                      identifier: g
                      steps:
                        - step: {identifier: b, type: Run}
                      rollbackSteps:
                        - step: {identifier: undo_b, type: Run}
            rollbackSteps:
              - step: {identifier: undo, type: Run}
    - parallel:
        - stage: {identifier: left, type: Custom, spec: {execution: {steps: []}}}
        - stage: {identifier: right, type: Odd, spec: {execution: {steps: []}}}
)");
    REQUIRE(l.plan);
    CHECK(l.findings.all().empty());
    CHECK(l.plan->root().id == "the_pipeline");
    CHECK(l.plan->root().name == "The Pipeline");
    const plan::node* const build = at(l, "build");
    REQUIRE(build);
    CHECK(build->kind == node_kind::stage);
    CHECK(build->name == "Build it");
    CHECK(build->type == "CI");
    CHECK(build->spec == R"({"cloneCodebase":false})");
    CHECK(l.plan->nodes[build->first_child].kind == node_kind::parallel);
    CHECK(at(l, "build/a")->spec == R"({"command":"make <+pipeline.name>"})");
    CHECK(at(l, "build/a")->spec_has_expressions);
    CHECK(at(l, "build/g")->kind == node_kind::step_group);
    CHECK(at(l, "build/g/rollback/undo_b"));
    CHECK(at(l, "build/rollback")->kind == node_kind::rollback);
    CHECK(at(l, "build/rollback/undo"));
    CHECK(at(l, "right")->type == "Odd");
    CHECK(l.plan->nodes[at(l, "right")->parent].kind == node_kind::parallel);
    CHECK(at(l, "build")->where.line == 8);
}

TEST_CASE("a status and a condition stand behind when, and the condition stays text") {
    const auto l = load(with_stages(R"(- stage:
    identifier: a
    type: Custom
    when: {pipelineStatus: Failure, condition: <+x> == 1}
    spec:
      execution:
        steps:
          - step: {identifier: s, type: X, when: {stageStatus: All}}
          - step: {identifier: t, type: X, when: {condition: true}}
)"));
    REQUIRE(l.plan);
    CHECK(at(l, "a")->status == plan::when_status::failure);
    CHECK(at(l, "a")->condition == "<+x> == 1");
    CHECK(at(l, "a/s")->status == plan::when_status::all);
    CHECK(at(l, "a/s")->condition.empty());
    CHECK(at(l, "a/t")->condition == "true");
    CHECK(findings(
              load(with_steps("- step: {identifier: a, type: X, when: {pipelineStatus: All}}"))) ==
          words{"E0202@10:53"});
    CHECK(findings(
              load(with_steps("- step: {identifier: a, type: X, when: {stageStatus: Sucess}}"))) ==
          words{"E0204@10:66"});
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, when: {condition: [1]}}"))) ==
          words{"E0203@10:64"});
}

TEST_CASE("an unknown key is told with the one that was probably meant") {
    const auto l = load(with_steps("- step: {identifier: a, type: X, timeOut: 5m}"));
    REQUIRE(findings(l) == words{"E0202@10:46"});
    CHECK(l.findings.all()[0].help == "did you mean `timeout`?");
    CHECK(codes(load(with_steps("- steps: {identifier: a, type: X}"))) == words{"E0202"});
    CHECK(codes(load(with_stages(
              "- stage: {identifier: a, type: Custom, spec: {execution: {step: []}}}"))) ==
          words{"E0201", "E0202"});
    CHECK(codes(load("pipeline:\n  stage: []\n  stages: []\n")) == words{"E0202"});
}

TEST_CASE("what must be there and is not is told") {
    CHECK(findings(load("pipeline:\n  identifier: p\n")) == words{"E0201@2:3"});
    CHECK(codes(load(with_stages("- stage: {identifier: a, type: Custom}"))) == words{"E0201"});
    CHECK(codes(load(with_stages("- stage: {identifier: a, type: Custom, spec: {}}"))) ==
          words{"E0201"});
    CHECK(codes(load(with_stages("- stage: {identifier: a, spec: {execution: {steps: []}}}"))) ==
          words{"E0201"});
    CHECK(codes(load(with_steps("- step: {type: X}"))) == words{"E0201"});
    CHECK(codes(load(with_steps("- step: {identifier: a}"))) == words{"E0201"});
    CHECK(codes(load(with_steps("- stepGroup: {identifier: a}"))) == words{"E0201"});
    CHECK(codes(load(with_steps("- {}"))) == words{"E0204"});
    CHECK(codes(load(with_steps("- step:\n"))) == words{"E0203"});
}

TEST_CASE("identifiers are one of a kind on their level") {
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X}\n- parallel:\n    - step: "
                                   "{identifier: a, type: X}\n"))) == words{"E0205@12:38"});
    CHECK(codes(load(with_steps("- step: {identifier: a, type: X}\n- stepGroup: {identifier: g, "
                                "steps: [{step: {identifier: a, type: X}}]}\n")))
              .empty());
    CHECK(codes(load(with_steps("- step: {identifier: a, type: X, strategy: {parallelism: 2}}\n- "
                                "step: {identifier: a_1, type: X}\n"))) == words{"E0205"});
    CHECK(codes(load(with_steps("- step: {identifier: a, type: X, strategy: {parallelism: 2}}\n- "
                                "step: {identifier: a_2, type: X}\n")))
              .empty());
    std::string many;
    for (int i = 0; i < 40; ++i) {
        many += "- step: {identifier: s" + std::to_string(i % 39) + ", type: X}\n";
    }
    CHECK(findings(load(with_steps(many))) == words{"E0205@49:34"});
    CHECK(codes(load(with_steps("- step: {identifier: 1a, type: X}"))) == words{"E0206"});
    CHECK(codes(load(with_steps("- step: {identifier: a-b, type: X}"))) == words{"E0206"});
    CHECK(codes(load(with_steps("- step: {identifier: <+matrix.x>, type: X}"))) == words{"E0206"});
    CHECK(codes(load(with_stages("- stage: {identifier: a, type: Custom, spec: {execution: {steps: "
                                 "[{step: {identifier: rollback, type: X}}], "
                                 "rollbackSteps: [{step: {identifier: b, type: X}}]}}}"))) ==
          words{"E0205"});
}

TEST_CASE("what this version does not run is refused by name, at its place") {
    CHECK(findings(load(with_stages("- stage: {identifier: a, template: {templateRef: t}}"))) ==
          words{"E0207@4:54"});
    CHECK(findings(load(with_steps("- step: {identifier: a, template: {templateRef: t}}"))) ==
          words{"E0207@10:61"});
    CHECK(codes(load("pipeline:\n  template: {templateRef: t}\n")) == words{"E0207"});
}

TEST_CASE("keys that stand where they have no effect are warned about") {
    const auto l =
        load(with_stages("- stage: {identifier: a, type: Custom, spec: {strategy: {parallelism: "
                         "2}, execution: {steps: []}}}"));
    CHECK(l.plan);
    CHECK(findings(l) == words{"W0402@4:51"});
    const auto flat =
        load("stages:\n  - stage: {identifier: a, type: Custom, spec: {execution: {steps: []}}}\n");
    CHECK(flat.plan);
    CHECK(findings(flat) == words{"W0201@1:1"});
    CHECK(findings(load("pipeline:\nstages:\n  - stage: {identifier: a, type: Custom, spec: "
                        "{execution: {steps: []}}}\n")) == words{"W0201@1:1"});
}

TEST_CASE("a spec that is nested too deeply for those who read it is refused") {
    std::string deep = "- step: {identifier: a, type: X, spec: {k: " + std::string(100, '[') +
                       std::string(100, ']') + "}}";
    CHECK(codes(load(with_steps(deep))) == words{"E0103"});
}

TEST_CASE("a document that is wrong a thousand times is told a bounded number of times") {
    std::string steps;
    for (int i = 0; i < 1000; ++i) {
        steps += "- step: {odd: 1}\n";
    }
    const auto l = load(with_steps(steps));
    CHECK_FALSE(l.plan);
    CHECK(l.findings.all().size() == 201);
}

TEST_CASE("a Harness pipeline is known by its keys") {
    using harness::looks_like;
    CHECK(looks_like("pipeline:\n  stages: []\n"));
    CHECK(looks_like("inputSet:\n  identifier: i\n"));
    CHECK(looks_like("template:\n  identifier: t\n  versionLabel: \"1\"\n"));
    CHECK_FALSE(looks_like("template:\n  metadata: {}\n"));
    CHECK(looks_like("# c\n---\n  pipeline:\n    stages: []\n"));
    CHECK(looks_like("{\"pipeline\": {}}"));
    CHECK(looks_like("{\n  \"pipeline\": {\n    \"stages\": []\n  }\n}\n"));
    CHECK_FALSE(looks_like("{\n  \"build\": {\n    \"pipeline\": 1\n  }\n}\n"));
    CHECK(looks_like("\xEF\xBB\xBFpipeline:\r\n"));
    CHECK(looks_like("name: x\nstages:\n- stage:\n    identifier: x\n"));
    CHECK(looks_like("stages:\n  - parallel:\n"));
    CHECK_FALSE(looks_like(""));
    CHECK_FALSE(looks_like("stages: [build]\nbuild: {}\n"));
    CHECK_FALSE(looks_like("stages:\n- stage: Build\n  jobs: []\n"));
    CHECK_FALSE(looks_like("jobs:\n  pipeline:\n    steps: []\n"));
    CHECK_FALSE(looks_like("apiVersion: tekton.dev/v1\nkind: Pipeline\n"));
}

TEST_CASE("what a step group says of where its steps run goes to the host") {
    const auto l = load(with_steps(
        "- stepGroup: {identifier: g, steps: [], sharedPaths: [/x], delegateSelectors: [<+a>]}"));
    REQUIRE(l.plan);
    CHECK(at(l, "s/g")->spec == R"({"delegateSelectors":["<+a>"],"sharedPaths":["/x"]})");
    CHECK(at(l, "s/g")->spec_has_expressions);
}

TEST_CASE("a finding stays short, whatever the document holds") {
    const auto l = load(with_steps("- step: {identifier: \"" + std::string(1'000'000, '-') +
                                   "\", type: X, " + std::string(1'000, 'k') + ": 1}"));
    REQUIRE(codes(l) == words{"E0202", "E0206"});
    for (const auto& d : l.findings.all()) {
        CHECK(d.message.size() < 700);
    }
}

TEST_CASE("a place that another tool fills in is told as one") {
    const auto l = load(with_stages(
        "- stage: {identifier: s, template: {templateRef: \"${BASE}\", versionLabel: 1}}\n"
        "- stage: {identifier: t, type: Custom, strategy: {matrix: {a: [1], maxConcurrency: "
        "\"${MOST}\"}}, spec: {execution: {steps: []}}}\n"));
    REQUIRE(codes(l) == words{"E0204", "E0207"});
    for (const auto& d : l.findings.all()) {
        CHECK(d.help.find("is for another tool to fill in") != std::string::npos);
    }
}
