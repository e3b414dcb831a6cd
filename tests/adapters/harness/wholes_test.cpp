// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/mutation.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

namespace {

using namespace weir;
using namespace weir::harness;
using namespace weir::harness::testing;

// Documents that refer to each other: a parent, a child, a template, an input set, an overlay.
constexpr std::array<std::string_view, 5> good{
    R"doc(
pipeline:
  identifier: p
  orgIdentifier: o
  flowControl: {barriers: [{identifier: gate}]}
  variables: [{name: v, type: String, value: "<+input>.regex(^[a-z]+$)"}]
  stages:
    - parallel:
        - stage:
            identifier: k
            type: Pipeline
            strategy: {parallelism: 2}
            spec:
              org: o
              pipeline: child
              inputSetReferences: [set]
              inputs:
                identifier: child
                variables: [{name: w, type: String, value: <+pipeline.variables.v> <+matrix.x>}]
                stages: [{stage: {identifier: s, spec: {execution: {steps: [{step: {identifier: u, template: {templateInputs: {type: Run, spec: {a: [1, "<+matrix.y>"]}}}}}]}}}}]
              outputs: [{name: r, value: <+pipeline.variables.w>}]
        - stage: {identifier: g, type: Custom, spec: {execution: {steps: [{step: {identifier: m, type: Barrier, spec: {barrierRef: gate}}}]}}}
)doc",
    R"doc(
pipeline:
  identifier: child
  flowControl: {barriers: [{identifier: own}]}
  variables: [{name: w, type: String, value: <+input>}, {name: z, value: <+input>}]
  stages:
    - stage:
        identifier: s
        type: Custom
        spec:
          execution:
            steps:
              - parallel:
                  - step: {identifier: m, type: Barrier, spec: {barrierRef: parent.gate}}
                  - step: {identifier: n, type: Barrier, spec: {barrierRef: own}}
                  - step: {identifier: q, type: Barrier, spec: {barrierRef: own}}
              - step: {identifier: u, name: U, template: {templateRef: org.t, versionLabel: "1", templateInputs: {type: Run, spec: {b: <+input>.default(d)}}}}
)doc",
    R"doc(
template:
  identifier: t
  versionLabel: "1"
  type: Step
  spec: {type: Run, timeout: 1m, when: {stageStatus: All}, spec: {a: <+input>, b: "<+input>.allowedValues(d,e)"}}
)doc",
    R"doc(
inputSet:
  identifier: set
  pipeline: {identifier: child, variables: [{name: z, value: s}]}
)doc",
    R"doc(
overlayInputSet:
  identifier: over
  inputSetReferences: [first]
)doc"};

plan::loaded load_all(const std::array<std::string, good.size()>& documents, bool open) {
    shelf from{{{"pipeline child", documents[1]},
                {"template org.t 1", documents[2]},
                {"input_set set", documents[3]},
                {"input_set first", "pipeline: {variables: [{name: v, value: abc}]}"}}};
    return load_from(documents[0], from, {documents[4]}, {}, open);
}

std::array<std::string, good.size()> all_good() {
    std::array<std::string, good.size()> out;
    std::copy(good.begin(), good.end(), out.begin());
    return out;
}

// A plan, or an error; every finding has a place, but those of what was named on no document.
bool is_sound(const plan::loaded& l, const std::string& text) {
    if (static_cast<bool>(l.plan) == l.findings.any_error()) {
        FAIL_CHECK("neither a plan nor an error: " << text);
    }
    for (const plan::diagnostic& d : l.findings.all()) {
        if (!d.where.known() || d.message.empty() || d.where.file >= l.files.size()) {
            FAIL_CHECK("a finding without a place: " << d.message << " in " << text);
        }
        for (const plan::note& n : d.notes) {
            if (n.where.file >= l.files.size()) {
                FAIL_CHECK("a note without a file: " << n.message << " in " << text);
            }
        }
    }
    return l.plan != nullptr;
}

}  // namespace

TEST_CASE("documents that refer to each other, with any one value replaced, load or say why not") {
    REQUIRE(is_sound(load_all(all_good(), false), "all"));
    std::size_t loaded = 0;
    std::size_t refused = 0;
    for (std::size_t which = 0; which < good.size(); ++which) {
        plan::diagnostics none;
        const auto document = yaml::compose(good[which], {}, none);
        REQUIRE(document);
        for (yaml::node_index i = 0; i < document->nodes.size(); ++i) {
            for (const std::string_view by : replacements) {
                auto texts = all_good();
                texts[which].clear();
                write(texts[which], document->root(), i, by);
                for (const bool open : {false, true}) {
                    ++(is_sound(load_all(texts, open), texts[which]) ? loaded : refused);
                }
            }
        }
    }
    CHECK(loaded > 500);
    CHECK(refused > 500);
}

TEST_CASE("documents that refer to each other, one cut off anywhere, load or say why not") {
    for (std::size_t which = 0; which < good.size(); ++which) {
        for (std::size_t length = 0; length < good[which].size(); length += 3) {
            auto texts = all_good();
            texts[which].resize(length);
            (void)is_sound(load_all(texts, true), texts[which]);
        }
    }
}

TEST_CASE("whatever a reference is answered with, the load ends") {
    for (const std::string_view answer : good) {
        shelf from{{{"pipeline child", std::string{answer}},
                    {"template org.t 1", std::string{answer}},
                    {"input_set set", std::string{answer}}}};
        const auto l = load_from(good[0], from, {std::string{answer}});
        (void)is_sound(l, std::string{answer});
    }
}
