// SPDX-License-Identifier: BSL-1.0
// One run, as `weir run --simulate` makes it, of each construct of the flow of stages.
#include "tests/e2e/events.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;

namespace {

events simulated(const std::string& stages, int status = 0, const std::string& durations = "{}") {
    const scratch files;
    const auto document = files.write("p.yaml",
                                      "pipeline:\n  identifier: p\n  name: p\n"
                                      "  stages:\n" +
                                          stages);
    const process_end end =
        weir_command({"run", document, "--simulate", "--progress", "off", "--events",
                      files.path("events.jsonl"), "--durations", files.write("d.json", durations)});
    INFO(end.err);
    REQUIRE(end.status == status);
    return proven(files.read("events.jsonl"));
}

std::string refused(const std::string& stages) {
    const scratch files;
    const auto document = files.write("p.yaml",
                                      "pipeline:\n  identifier: p\n  name: p\n"
                                      "  stages:\n" +
                                          stages);
    const process_end end = weir_command({"check", document});
    CHECK(end.status == 3);
    return end.err + end.out;
}

std::int64_t started(const events& told, const std::string& path) {
    return told.one("node.started", "path", path)["t_ns"].get<std::int64_t>() / 1'000'000;
}

const std::string step = "{step: {identifier: x, name: x, type: ShellScript}}";

std::string stage(const std::string& id, const std::string& more, const std::string& steps = step,
                  const std::string& spec = {}, const std::string& type = "Custom") {
    return "    - stage: {identifier: " + id + ", name: " + id + ", type: " + type + ", " + more +
           (more.empty() ? "" : ", ") + "spec: {" + spec + (spec.empty() ? "" : ", ") +
           "execution: {steps: [" + steps + "]}}}\n";
}

}  // namespace

TEST_CASE("a while loops from the document to the run") {
    const auto told = simulated(
        stage("a", {},
              "{step: {identifier: x, name: x, type: ShellScript, strategy: {while: {condition: "
              "<+strategy.iteration> < 3, maxIterations: 10}}}}"));
    CHECK(started(told, "a/x_2") == 2000);
    CHECK(told.one("node.finished", "path", "a/x")["t_ns"] == 3'000'000'000);
    CHECK_THAT(refused(stage("a", "strategy: {while: {condition: true}}")),
               ContainsSubstring("maxIterations"));
}

TEST_CASE("several services and environments loop from the document to the run") {
    const auto told = simulated(
        stage("d", {}, step,
              "services: {values: [{serviceRef: a}, {serviceRef: b}]}, environments: {values: "
              "[{environmentRef: e}, {environmentRef: f}], metadata: {parallel: false}}",
              "Deployment"));
    CHECK(started(told, "d_0_1") == 0);
    CHECK(started(told, "d_1_0") == 1000);
    CHECK_THAT(refused(stage("d", {}, step, "environmentGroup: {envGroupRef: g}", "Deployment")),
               ContainsSubstring("E0240"));
}

TEST_CASE("a Queue step locks from the document to the run") {
    const auto told =
        simulated("    - parallel:\n    " +
                  stage("a", {},
                        "{step: {identifier: q, name: q, type: Queue, spec: {key: k, scope: "
                        "Stage}}}, " +
                            step) +
                  "    " +
                  stage("b", {},
                        "{step: {identifier: q, name: q, type: Queue, spec: {key: k, scope: "
                        "Stage}}}, " +
                            step));
    CHECK(told.one("lock.taken", "path", "b/q")["key"] == "k");
    CHECK(started(told, "b/x") == 1000);
    CHECK_THAT(refused(stage("a", {}, "{step: {identifier: q, name: q, type: Queue}}")),
               ContainsSubstring("spec"));
}

TEST_CASE("a ResourceConstraint step locks from the document to the run") {
    const std::string some =
        "{step: {identifier: c, name: c, type: ResourceConstraint, spec: {key: k, capacity: 2, "
        "permits: 1, scope: Stage}}}, " +
        step;
    const auto told = simulated("    - parallel:\n    " + stage("a", {}, some) + "    " +
                                stage("b", {}, some) + "    " + stage("c", {}, some));
    CHECK(started(told, "b/x") == 0);
    CHECK(started(told, "c/x") == 1000);
}

TEST_CASE("stages depend on each other from the document to the run") {
    const auto told = simulated(
        stage("c", "dependsOn: [a, b]") + stage("a", "dependsOn: []") + stage("b", "dependsOn: []"),
        0, R"({"steps": {"b/x": {"ms": 5000}}})");
    CHECK(started(told, "c") == 5000);
    const auto failed = simulated(stage("c", "dependsOn: [a]") + stage("a", "dependsOn: []"), 1,
                                  R"({"steps": {"a/x": {"outcome": "failed"}}})");
    CHECK(failed.one("node.finished", "path", "c")["outcome"] == "skipped");
    CHECK_THAT(refused(stage("a", "dependsOn: [b]") + stage("b", "dependsOn: [a]")),
               ContainsSubstring("`a` waits for `b` waits for `a`"));
}

TEST_CASE("an insert, a skipCondition and a provisioner go from the document to the run") {
    const auto told = simulated(
        stage("a", "skipCondition: <+pipeline.identifier> == 'p'") +
        stage("b", {}, "{insert: {identifier: i, name: i, steps: [" + step + "]}}",
              "environment: {environmentRef: e, provisioner: {steps: [{step: {identifier: up, "
              "name: up, type: ShellScript}}]}}",
              "Deployment"));
    CHECK(told.one("node.finished", "path", "a")["outcome"] == "skipped");
    CHECK(started(told, "b/provisioner/up") == 0);
    CHECK(started(told, "b/x") == 1000);
}
