// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using Catch::Matchers::ContainsSubstring;
using words = std::vector<std::string>;

const std::string hello = R"(template:
  name: Hello
  identifier: hello
  versionLabel: "1"
  type: Step
  spec:
    type: ShellScript
    timeout: <+input>.default(5m)
    spec:
      script: <+input>
      shell: <+input>.default(Bash).allowedValues(Bash,Sh)
)";

std::string use(const std::string& reference, const std::string& inputs = {},
                const std::string& more = {}) {
    return "- step: {identifier: a, name: A" + more + ", template: {templateRef: " + reference +
           (inputs.empty() ? "" : ", templateInputs: " + inputs) + "}}";
}

plan::loaded load_one(const std::string& templated, const std::string& steps) {
    shelf from{{{"template t 1", templated}}};
    return load_from(with_steps(steps), from);
}

}  // namespace

TEST_CASE("a step's template gives what the step lacks, with its inputs put in") {
    shelf from{{{"template hello 1", hello}}};
    const auto l = load_from(
        with_steps(use("hello, versionLabel: 1", "{type: ShellScript, spec: {script: echo}}")),
        from);
    CHECK(places(l).empty());
    const plan::node* step = at(l, "s/a");
    REQUIRE(step);
    CHECK(step->type == "ShellScript");
    CHECK(step->name == "A");
    CHECK(step->timeout_ms == 5 * 60'000);
    CHECK(step->spec == R"({"script":"echo","shell":"Bash"})");
    CHECK(step->where.file == 0);
    CHECK(l.files == words{"<input>", "template hello 1.yaml"});
}

TEST_CASE(
    "what a template asks for and nobody gives is missed at its own place, and where it is used") {
    shelf from{{{"template hello 1", hello}}};
    const auto l = load_from(with_steps(use("hello, versionLabel: 1")), from);
    REQUIRE(places(l) == words{"E0208@template hello 1.yaml:10:15"});
    const plan::diagnostic& d = l.findings.all()[0];
    CHECK_THAT(d.message,
               ContainsSubstring("`pipeline.stages.s.spec.execution.steps.a.spec.script`"));
    REQUIRE(d.notes.size() == 1);
    CHECK(d.notes[0].message == "the template `hello 1` of this step is used here");
    CHECK(d.notes[0].where.line == 10);
}

TEST_CASE("an input that a template's user passes on is asked for at the user's place") {
    shelf from{{{"template hello 1", hello}}};
    const std::string text =
        with_steps(use("hello, versionLabel: 1",
                       "{type: ShellScript, spec: {script: <+input>, shell: <+input>}}"));
    CHECK(places(load_from(text, from)) == words{"E0208@" + spot(text, "<+input>")});
    const std::map<std::string, std::string> values{
        {"stages.s.spec.execution.steps.a.spec.script", "x"},
        {"stages.s.spec.execution.steps.a.spec.shell", "Zsh"}};
    CHECK(places(load_from(text, from, {}, values)) == words{"E0204@" + spot(text, "<+input>}}")});
    // As input sets are written: behind `template.templateInputs`.
    const auto l = load_from(text, from, {R"(pipeline:
  identifier: p
  stages:
    - stage:
        identifier: s
        spec: {execution: {steps: [{step: {identifier: a, template: {templateInputs:
          {type: ShellScript, spec: {script: y, shell: Sh}}}}}]}}
)"});
    CHECK(places(l).empty());
    CHECK(at(l, "s/a")->spec == R"({"script":"y","shell":"Sh"})");
}

TEST_CASE("what is given to a template must be asked for, and allowed") {
    shelf from{{{"template hello 1", hello}}};
    const auto refused = [&](const std::string& inputs, const std::string& code,
                             const std::string& at_part, const words& more = {}) {
        const std::string text = with_steps(use("hello, versionLabel: 1", inputs));
        words expected{code + "@" + spot(text, at_part)};
        expected.insert(expected.end(), more.begin(), more.end());
        CHECK(places(load_from(text, from)) == expected);
    };
    refused("{spec: {script: x, shell: Zsh}}", "E0204", "Zsh");
    refused("{type: Http, spec: {script: x}}", "E0211", "Http");
    refused("{spec: {script: x, shel: Sh}}", "E0211", "shel: ");
    refused("[x]", "E0203", "[x]", {"E0208@template hello 1.yaml:10:15"});
}

TEST_CASE(
    "stages, step groups and whole pipelines come from templates, and templates from templates") {
    shelf from{{{"template whole v1", R"(template:
  identifier: whole
  versionLabel: v1
  type: Pipeline
  spec:
    variables: [{name: v, type: String, value: <+input>}]
    stages:
      - stage:
          identifier: one
          name: One
          template: {templateRef: account.deploy, versionLabel: "2"}
)"},
                {"template account.deploy 2", R"(template:
  identifier: deploy
  versionLabel: "2"
  type: Stage
  spec:
    type: Custom
    spec:
      execution:
        steps:
          - stepGroup:
              identifier: g
              template: {templateRef: org.group, templateInputs: {steps: [{step: {identifier: hi, spec: {x: 1}}}]}}
)"},
                {"template org.group", R"(template:
  identifier: group
  type: StepGroup
  spec:
    stageType: Custom
    steps:
      - step: {identifier: hi, type: X, spec: {x: <+input>}}
)"}}};
    const auto l = load_from(
        "pipeline:\n  identifier: p\n  template: {templateRef: whole, versionLabel: v1, "
        "templateInputs: {variables: [{name: v, type: String, value: ok}]}}\n",
        from);
    CHECK(places(l).empty());
    REQUIRE(at(l, "one/g/hi"));
    CHECK(at(l, "one/g/hi")->spec == R"({"x":1})");
    CHECK(l.plan->variables == R"({"v":"ok"})");
    CHECK(at(l, "one/g/hi")->where.file == 3);
}

TEST_CASE(
    "a template that is not there, is another thing, or is not named is told at its reference") {
    const std::string ref = "t, versionLabel: 1";
    shelf none{{}};
    const auto gone = load_from(with_steps(use(ref)), none);
    REQUIRE(places(gone) == words{"E0207@10:70"});
    CHECK(gone.findings.all()[0].message ==
          "the template `t 1` of this step cannot be resolved: there is no template t 1");
    CHECK(places(load(with_steps(use(ref)))) == words{"E0207@10:70"});
    CHECK(places(load_one("pipeline: {stages: []}", use(ref))) == words{"E0207@10:70"});
    CHECK(places(load_one("template: {type: Stage, spec: {}}", use(ref))) == words{"E0207@10:70"});
    CHECK(places(load_one("template: {spec: {}}", use(ref))) == words{"E0207@10:70"});
    CHECK(places(load_one("template: {type: Step}", use(ref))) ==
          words{"E0201@template t 1.yaml:1:11"});
    CHECK(places(load_one("template: {type: Step, spec: [1]}", use(ref))) ==
          words{"E0203@template t 1.yaml:1:30"});
    CHECK(places(load_one("template: {", use(ref))) == words{"E0101@template t 1.yaml:1:12"});
    CHECK(places(load_one(hello, use("<+input>"))) == words{"E0207@10:70", "E0208@10:70"});
    CHECK(places(load_one(hello, use("t, versionLabel: <+x>"))) == words{"E0207@10:87"});
    CHECK(places(load_one(hello, use("[t]"))) == words{"E0203@10:70"});
    CHECK(places(load_one(hello, "- step: {identifier: a, template: {versionLabel: 1}}")) ==
          words{"E0207@10:47"});
    CHECK(places(load_one(hello, "- step: {identifier: a, template: t}")) == words{"E0207@10:47"});
    CHECK(places(load_one(hello, use("t, version: 1"))) == words{"E0202@10:73", "E0207@10:70"});
}

TEST_CASE("a template's own mistakes are told once, with the place of its use") {
    shelf from{{{"template t", "template:\n  type: Step\n  spec: {type: X, timeout: never}\n"}}};
    const std::string twice =
        use("t") + "\n- step: {identifier: b, name: B, template: {templateRef: t}}";
    const auto l = load_from(with_steps(twice), from);
    REQUIRE(places(l) == words{"E0209@template t.yaml:3:28"});
    CHECK(l.findings.all()[0].notes.at(0).message == "the template `t` of this step is used here");
    CHECK(from.asked == words{"template t"});
}

TEST_CASE("templates that come back to themselves, or go on and on, are refused with their chain") {
    const auto group = [](const std::string& uses) {
        return "template:\n  type: StepGroup\n  spec:\n    steps:\n      - stepGroup: {identifier: "
               "g, "
               "template: {templateRef: " +
               uses + "}}\n";
    };
    const std::string first = "- stepGroup: {identifier: g, template: {templateRef: t1}}";
    shelf round{{{"template t1", group("t2")}, {"template t2", group("t1")}}};
    const auto back = load_from(with_steps(first), round);
    REQUIRE(places(back) == words{"E0221@template t2.yaml:5:60"});
    CHECK_THAT(back.findings.all()[0].message, ContainsSubstring("`t1` uses `t2` uses `t1`"));
    CHECK(back.findings.all()[0].notes.size() == 2);

    std::map<std::string, std::string> many;
    for (int i = 1; i < 40; ++i) {
        many["template t" + std::to_string(i)] = group("t" + std::to_string(i + 1));
    }
    shelf deep{many};
    CHECK(places(load_from(with_steps(first), deep)) == words{"E0222@template t16.yaml:5:60"});
    CHECK(deep.asked.size() == 16);
}

TEST_CASE("templates that multiply end at the document's limit") {
    std::string wide = "template:\n  type: StepGroup\n  spec:\n    steps:\n";
    std::map<std::string, std::string> all;
    for (int level = 1; level <= 16; ++level) {
        std::string text = wide;
        for (int i = 0; i < 20; ++i) {
            text += "      - stepGroup: {identifier: g" + std::to_string(i) +
                    ", template: {templateRef: t" + std::to_string(level + 1) + "}}\n";
        }
        all["template t" + std::to_string(level)] = text;
    }
    shelf from{all};
    const auto l =
        load_from(with_steps("- stepGroup: {identifier: g, template: {templateRef: t1}}"), from);
    CHECK_FALSE(l.plan);
    CHECK(codes(l).front() == "E0102");
}

TEST_CASE("a deployment's own template stays opaque") {
    const auto l = load(
        "pipeline:\n  stages:\n    - stage: {identifier: s, type: Deployment, spec: "
        "{customDeploymentRef: {templateRef: x, versionLabel: 1}, execution: {steps: []}}}\n");
    CHECK(places(l).empty());
}
