// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/mutation.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness;
using weir::harness::testing::replacements;
using weir::harness::testing::write;

// Every construct that the reader knows, in flow notation where that is shorter.
constexpr std::string_view good = R"doc(
pipeline:
  name: All of it
  identifier: all
  timeout: 1d
  properties: {ci: {codebase: {build: main}}}
  variables:
    - {name: v, type: String, value: "<+input>.default(a).allowedValues(a,b)"}
    - {name: n, type: Number, value: 3}
  flowControl:
    barriers:
      - {identifier: gate, name: Gate}
  stages:
    - parallel:
        - stage:
            identifier: left
            name: Left
            type: Deployment
            variables: [{name: x, value: y}]
            when: {pipelineStatus: Success, condition: <+pipeline.variables.v> == "a"}
            failureStrategies:
              - onFailure:
                  errors: [Timeout, Connectivity]
                  action: {type: Retry, spec: {retryCount: 2, retryIntervals: [10s], onRetryFailure: {action: {type: Abort}}}}
              - onFailure: {errors: [AllErrors], action: {type: StageRollback}}
            strategy:
              matrix: {a: [1, 2], b: ["x", {k: v}], exclude: [{a: 1, b: x}], maxConcurrency: 4, nodeName: n_<+matrix.a>}
              when: "true"
              onFailure: RunAll
              slotWhileWaiting: hold
            spec:
              services: {values: [{serviceRef: s}], metadata: {parallel: true}}
              environments: {values: [{environmentRef: e, infrastructureDefinitions: [{identifier: i}]}]}
              execution:
                steps:
                  - stepGroup:
                      identifier: group
                      timeout: 5m
                      variables: [{name: z, type: String, value: w}]
                      when: {stageStatus: All}
                      strategy: {repeat: {items: [p, q, r], start: 0, end: 2, unit: Count, maxConcurrency: 2}}
                      steps:
                        - parallel:
                            - step: {identifier: one, type: Run, spec: {command: echo}, strategy: {parallelism: 2}}
                            - step: {identifier: two, type: Run, timeout: 1m, strategy: {repeat: {times: 2}}}
                        - step: {identifier: meet, type: Barrier, timeout: 10m, spec: {barrierRef: gate}}
                      rollbackSteps:
                        - step: {identifier: undo, type: Run}
                rollbackSteps:
                  - step: {identifier: back, type: Run}
        - stage: {identifier: right, type: Custom, spec: {execution: {steps: [{step: {identifier: meet, type: Barrier, spec: {barrierRef: gate}}}]}}}
)doc";

}  // namespace

TEST_CASE("a document with any one value replaced by any other kind loads or says why not") {
    plan::diagnostics none;
    const auto document = yaml::compose(good, {}, none);
    REQUIRE(document);
    REQUIRE(weir::harness::testing::load(good).plan);
    const auto count = static_cast<yaml::node_index>(document->nodes.size());
    std::size_t loaded = 0;
    std::size_t refused = 0;
    for (yaml::node_index i = 0; i < count; ++i) {
        for (const std::string_view by : replacements) {
            std::string text;
            write(text, document->root(), i, by);
            for (const bool open : {false, true}) {
                const plan::loaded l = weir::harness::testing::load(text, {}, open);
                const bool told = l.findings.any_error();
                if (static_cast<bool>(l.plan) == told) {
                    FAIL_CHECK("neither a plan nor an error: " << text);
                }
                for (const plan::diagnostic& d : l.findings.all()) {
                    if (!d.where.known() || d.message.empty()) {
                        FAIL_CHECK("a finding without a place: " << d.message << " in " << text);
                    }
                }
                ++(l.plan ? loaded : refused);
            }
        }
    }
    CHECK(loaded > 1'000);
    CHECK(refused > 1'000);
}

TEST_CASE("a document cut off anywhere loads or says why not") {
    for (std::size_t length = 0; length < good.size(); length += 3) {
        const plan::loaded l = weir::harness::testing::load(good.substr(0, length));
        if (static_cast<bool>(l.plan) == l.findings.any_error()) {
            FAIL_CHECK("neither a plan nor an error at " << length);
        }
    }
}
