// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/expression.hpp"
#include "adapters/harness/context.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/plan/loops.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::filesystem::path corpus() {
    const char* const given = std::getenv("WEIR_CORPUS");
    return (given ? std::filesystem::path{given}
                  : std::filesystem::path{WEIR_SOURCE_DIR} / "../shared/corpus") /
           "harness";
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// What each document comes to when inputs may be missing: nothing, or its findings with their
// places.
const std::map<std::string, words> verdicts = {
    {"dh-barrier-demo-stage-template.yaml", {"E0601@2:1"}},
    {"dh-barrier-pipeline-a.yaml", {"E0207@13:24"}},
    {"dh-barrier-pipeline-b.yaml", {"E0207@17:24"}},
    {"dh-barrier-rollback-cycle-antipattern.yaml",
     {"E0201@12:23", "E0201@17:23", "E0201@21:13", "E0201@21:13", "E0201@26:23", "E0201@7:13",
      "E0201@7:13", "E0305@19:37"}},
    {"dh-chained-child.yaml", {}},
    {"dh-chained-parent.yaml", {"E0220@43:21"}},
    {"dh-dag-pipeline.yaml", {}},
    {"dh-loop-conditional-execution.yaml", {}},
    {"dh-loop-strategy-when.yaml", {}},
    {"dh-matrix-as-runtime-input.inputset.yaml", {}},
    {"dh-matrix-as-runtime-input.yaml", {}},
    {"dh-matrix-expression-axis.yaml", {}},
    {"dh-matrix-json-list.notyaml.txt", {"E0101@42:17"}},
    {"dh-matrix-onfailure-skipqueued.yaml", {"W0402@72:11", "W0402@85:11"}},
    {"dh-multi-service-multi-infra.yaml", {}},
    {"dh-nested-step-groups.yaml", {}},
    {"dh-pipeline-rollback.yaml", {}},
    {"dh-queue-step.yaml", {}},
    {"dh-retry-service-step.yaml", {}},
    {"dh-stage-matrix-step-repeat.yaml", {"W0201@2:1"}},
    {"go-convert-current-state-harness.yaml", {"E0201@20:15"}},
    {"go-convert-v0-sample.yaml", {"E0601@3:3"}},
    {"hcomm-ci-image-factory.yaml",
     {"E0204@66:27", "E0207@14:22", "E0207@8:22", "E0207@90:22", "W0201@2:1"}},
    {"hcomm-ci-image-reset.yaml", {"E0207@9:22", "W0201@3:1"}},
    {"tf-example-barriers-in-template-inputs.yaml",
     {"E0207@111:22", "E0207@14:22", "E0207@32:22", "E0207@51:22", "E0207@93:22", "W0201@2:1"}},
    {"tf-provider-step-group-rollback.yaml", {}},
};

}  // namespace

TEST_CASE("every document of the corpus loads, or is refused at a position for a true reason") {
    if (!std::filesystem::is_directory(corpus())) {
        SKIP("no corpus at " << corpus().string() << "; WEIR_CORPUS names another place");
    }
    std::set<std::string> met;
    for (const auto& entry : std::filesystem::directory_iterator{corpus()}) {
        const std::string name = entry.path().filename().string();
        if (name == "INDEX.md") {
            continue;
        }
        INFO(name);
        const std::string text = content_of(entry.path());
        const plan::loaded open = load(text, {}, true);
        CHECK(static_cast<bool>(open.plan) == !open.findings.any_error());
        const auto verdict = verdicts.find(name);
        if (verdict == verdicts.end()) {
            WARN("the corpus has a document that this test does not know: " << name);
            continue;
        }
        met.insert(name);
        CHECK(findings(open) == verdict->second);
        CHECK(harness::looks_like(text));
        const plan::loaded strict = load(text);
        for (const plan::diagnostic& d : strict.findings.all()) {
            CHECK(d.where.known());
            CHECK_FALSE(d.message.empty());
        }
    }
    CHECK(met.size() == verdicts.size());
}

TEST_CASE("documents of the corpus that refer to each other become one plan") {
    if (!std::filesystem::is_directory(corpus())) {
        SKIP("no corpus at " << corpus().string());
    }
    const auto read = [](const char* name) { return content_of(corpus() / name); };
    shelf from{{{"pipeline child", read("dh-chained-child.yaml")},
                {"template Barrier_Demo 1.0", read("dh-barrier-demo-stage-template.yaml")}}};
    const auto chained = load_from(read("dh-chained-parent.yaml"), from);
    CHECK(findings(chained).empty());
    CHECK(at(chained, "child_pipeline/child_output/ShellScript_1"));

    const auto templated = load_from(read("dh-barrier-pipeline-a.yaml"), from);
    CHECK(codes(templated) == words{"W0302"});
    REQUIRE(at(templated, "deploy/pipeline_a_barrier"));
    CHECK(templated.plan->barriers.at(at(templated, "deploy/pipeline_a_barrier")->barrier).id ==
          "release");

    const auto looped = load_from(read("dh-matrix-as-runtime-input.yaml"), from,
                                  {read("dh-matrix-as-runtime-input.inputset.yaml")});
    CHECK(findings(looped).empty());
    const plan::node* step = at(looped, "exampleStage/ShellScript_1");
    REQUIRE(step);
    CHECK(plan::plan_loop(*step).count() == 5);
}

namespace {

// Before a run, no name has a value.
class nothing_yet final : public expressions::scope {
    expressions::found resolve(const std::vector<std::string_view>&, json&,
                               std::size_t&) const override {
        return expressions::found::not_yet;
    }
};

}  // namespace

TEST_CASE("every expression of the corpus is understood") {
    if (!std::filesystem::is_directory(corpus())) {
        SKIP("no corpus at " << corpus().string());
    }
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator{corpus()}) {
        plan::diagnostics faults;
        const auto document =
            harness::yaml::compose(content_of(entry.path()), harness::yaml::limits{}, faults);
        for (const harness::yaml::node& n :
             document ? document->nodes : std::vector<harness::yaml::node>{}) {
            const std::string_view text =
                n.what == harness::yaml::kind::text ? std::string_view{n.text, n.size} : "";
            if (!expressions::has_expression(text) || harness::is_open_input(text)) {
                continue;
            }
            ++seen;
            const auto read = expressions::interpolate(text, nothing_yet{});
            INFO(entry.path().filename().string() << ":" << n.line << ": " << read.message);
            CHECK(read.status != expressions::status::error);
        }
    }
    CHECK(seen > 40);
}

TEST_CASE("the example pipelines load without a finding") {
    const auto folder = std::filesystem::path{WEIR_SOURCE_DIR} / "examples/pipelines";
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        INFO(entry.path().filename().string());
        const plan::loaded l = load(content_of(entry.path()));
        CHECK(l.plan);
        CHECK(findings(l).empty());
    }
}
