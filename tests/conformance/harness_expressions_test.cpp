// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json_text.hpp"
#include "tests/adapters/run/world.hpp"

#include <fstream>
#include <string>

// Each example of Harness's public documentation of expressions is evaluated as documented, or says
// clearly why not.
namespace {

using namespace weir;
using namespace weir::runs;
using namespace weir::runs::test;

const json& examples() {
    static const json all =
        json::parse(std::ifstream{WEIR_SOURCE_DIR "/tests/conformance/harness-expressions.json"});
    return all;
}

class documented_host final : public plan::resolver {
public:
    plan::resolution resolve(const plan::reference& r) override {
        const auto& values = examples().at("host_values");
        const auto at = values.find(r.identifier);
        const bool known = r.kind == plan::reference_kind::value && at != values.end();
        return {known, known ? at->get<std::string>() : std::string{}, {}, {}};
    }
};

constexpr std::string_view before = R"(pipeline:
  identifier: release
  name: Release it
  orgIdentifier: default
  projectIdentifier: shop
  tags: {team: core}
  variables:
    - {name: stageName, type: String, value: build}
    - {name: var1, type: String, value: secret1}
    - {name: listVar1, type: String, value: "a,b"}
    - {name: listVar2, type: String, value: c}
    - {name: changeType, type: String, value: Ask}
    - {name: version, type: String, value: 5.6.0}
    - {name: abc, type: String, value: "def:ghi"}
    - {name: deployEnv, type: String, value: prod-environment-variable}
    - {name: short, type: String, value: prod}
    - {name: json, type: String, value: '{"q": [10, 20], "o": {"k": "v"}}'}
    - {name: asked, type: String, value: <+input>}
  stages:
    - stage:
        identifier: build
        type: Custom
        spec:
          execution:
            steps:
              - step: {identifier: run, type: Run, spec: {command: "make <+stage.variables.v1>"}}
              - step:
                  identifier: flaky
                  type: Run
                  spec: {command: make check}
                  failureStrategies:
                    - onFailure:
                        errors: [AllErrors]
                        action:
                          type: Retry
                          spec: {retryCount: 1, onRetryFailure: {action: {type: Ignore}}}
              - step: {identifier: loop, type: Run, spec: {}, strategy: {parallelism: 2}}
              - stepGroup:
                  identifier: s1
                  strategy: {parallelism: 1}
                  steps: [{step: {identifier: ShellScript_1, type: Run, spec: {}}}]
        variables: [{name: v1, type: String, value: dev}]
    - stage:
        identifier: cStage
        type: Custom
        strategy: {matrix: {who: [john, doe, nick]}}
        variables: [{name: own, type: String, value: of john}]
        spec: {execution: {steps: [{step: {identifier: ShellScript_1, type: Run, spec: {}}}]}}
    - stage:
        identifier: ask
        name: Ask
        type: Custom
        variables:
          - {name: v1, type: String, value: dev}
          - {name: myvar, type: String, value: "1.1"}
          - {name: hello, type: String, value: hello}
        spec:
          serviceConfig:
            serviceDefinition: {spec: {variables: {serv_var: <+variable.account.acct_var>}}}
          execution:
            steps:
              - step:
                  identifier: approve
                  type: HarnessApproval
                  spec:
                    approvalMessage: go on?
                    headers: {x-auth: h}
                    newHeaders: {x-auth: {nested-hyphen-key: n1, nonhyphenkey: n2}}
              - step: {identifier: failing, type: Run, spec: {}, strategy: {parallelism: 2}}
              - stepGroup:
                  identifier: sg1
                  when: {stageStatus: All}
                  variables: [{name: outer, type: String, value: far}]
                  strategy: {matrix: {key1: [k]}}
                  steps:
                    - stepGroup:
                        identifier: sg2
                        when: {stageStatus: All}
                        variables: [{name: stepGroup_var, type: String, value: near}]
                        strategy: {repeat: {items: [p, q]}}
                        steps:
                          - step:
                              identifier: x
                              name: Show it
                              type: Run
                              when: {stageStatus: All}
                              spec:
                                command: )";

constexpr std::string_view after = R"(
    - stage:
        identifier: after
        type: Custom
        spec: {execution: {steps: [{step: {identifier: last, type: Run, spec: {}}}]}}
)";

// The value as text, or the message of the step's failure.
struct said {
    bool known = false;
    std::string text;
};

said shown(const std::string& expression) {
    documented_host values;
    plan::load_options how;
    how.resolver = &values;
    how.inputs.push_back(
        {"inputSet: {pipeline: {identifier: release, variables: [{name: asked, "
         "type: String, value: given}]}}",
         "inputs.yaml"});
    const auto document = std::string{before} + json(expression).dump() + std::string{after};
    world w;
    w.start(load(document, how), {.id = "run-1"});
    w.finish("build/run");
    w.fail("build/flaky");
    w.fail("build/flaky");
    w.finish("build/loop_0");
    w.finish("build/loop_1");
    w.finish("build/s1_0/ShellScript_1", outcome::succeeded, R"({"v1": "first"})");
    for (const auto* turn : {"0", "1", "2"})
        w.finish("cStage_" + std::string{turn} + "/ShellScript_1");
    w.finish("ask/approve", outcome::succeeded,
             R"({"approvalActivities": [{"user": {"name": "grace"}}],
                 "issue": {"Customer Name": "Initech"},
                 "deploymentInfoOutcome": {"serverInstanceInfoList": [{"podIP": "10.1.1.1"}]}})");
    w.finish("ask/failing_0");
    w.fail("ask/failing_1");
    const std::string path = "ask/sg1_0/sg2_1/x";
    const auto* const started = w.told().find(event_type::step_started, path);
    if (!started)
        return {false, w.told().message(path)};
    return {true, plan::text_of(json::parse(started->input)["spec"]["command"])};
}

}  // namespace

TEST_CASE("documented expressions mean what Harness's documentation says, or say why not") {
    for (const json& example : examples().at("cases")) {
        const auto expression = example.at("expression").get<std::string>();
        INFO(example.at("page") << ": " << expression);
        const auto found = shown(expression);
        INFO(found.text);
        const auto value = example.find("value");
        CHECK(found.known == (value != example.end()));
        if (value != example.end())
            CHECK(found.text == value->get<std::string>());
        else
            CHECK_THAT(found.text,
                       Catch::Matchers::ContainsSubstring(example.at("error").get<std::string>()));
    }
    CHECK(examples().at("cases").size() > 150);
}
