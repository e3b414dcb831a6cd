// SPDX-License-Identifier: BSL-1.0
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <string>

using namespace weir::test;

namespace {

std::string stage(const std::string& id) {
    return "    - stage: {name: " + id + ", identifier: " + id +
           ", type: Custom, spec: {execution: {steps: [\n"
           "        {step: {type: Barrier, name: m, identifier: m, spec: {barrierRef: go}}}]}}}\n";
}

}  // namespace

TEST_CASE("findings as SARIF: one run, a result for each, places as code hosts read them") {
    const scratch files;
    const auto name =
        files.write("two stages.yaml",
                    "pipeline:\n  identifier: p\n  flowControl: {barriers: [{name: go, "
                    "identifier: go}]}\n  stages:\n" +
                        stage("a") + stage("b"));
    const process_end end = weir_command({"check", "--format", "sarif", name});
    CHECK(end.status == 3);
    const auto log = nlohmann::json::parse(end.out);
    CHECK(log["version"] == "2.1.0");
    REQUIRE(log["runs"].size() == 1);
    const auto& run = log["runs"][0];
    CHECK(run["tool"]["driver"]["name"] == "weir");
    REQUIRE(run["results"].size() == 1);
    const auto& result = run["results"][0];
    CHECK(result["ruleId"] == "E0502");
    CHECK(run["tool"]["driver"]["rules"][0]["id"] == "E0502");
    CHECK(result["level"] == "error");
    CHECK_FALSE(result["message"]["text"].get<std::string>().empty());
    const auto& place = result["locations"][0];
    CHECK(place["logicalLocations"][0]["fullyQualifiedName"] == "b/m");
    const auto uri = place["physicalLocation"]["artifactLocation"]["uri"].get<std::string>();
    CHECK(uri.ends_with("two%20stages.yaml"));
    CHECK(place["physicalLocation"]["region"]["startLine"] == 8);
    CHECK(result["relatedLocations"].size() == 2);
    CHECK(result["relatedLocations"][0]["message"]["text"].is_string());
}

TEST_CASE("findings of a sound document as SARIF: a log without results") {
    const scratch files;
    const auto name = files.write("sound.yaml", "pipeline:\n  identifier: p\n  stages: []\n");
    const process_end end = weir_command({"check", "--format", "sarif", name});
    const auto log = nlohmann::json::parse(end.out);
    CHECK(log["runs"][0]["results"].is_array());
}
