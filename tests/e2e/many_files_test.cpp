// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int success = 0, document = 3, environment = 4;

const std::string sound =
    pipeline("sound", {"go"}, {parallel({stage("a", {meet("go")}), stage("b", {meet("go")})})});
const std::string stuck =
    pipeline("stuck", {"go"}, {stage("a", {meet("go")}), stage("b", {meet("go")})});

// A pipeline with a stage that runs the pipeline `child`, and declares `barrier`.
std::string parent_of(const std::string& child, const std::string& barrier) {
    return "pipeline:\n  name: parent\n  identifier: parent_of_" + child +
           "\n  flowControl:\n    barriers:\n      - {name: g, identifier: " + barrier +
           "}\n  stages:\n    - stage:\n        name: run\n        identifier: run\n"
           "        type: Pipeline\n        spec: {org: o, project: p, pipeline: " +
           child + "}\n";
}

std::string child_at(const std::string& id, const std::string& barrier) {
    return pipeline(id, {}, {stage("a", {meet(barrier)})});
}

// The value of a key of the one hook that .pre-commit-hooks.yaml describes.
std::string hook(const std::string& key) {
    const std::string text = read_file(std::string{WEIR_SOURCE_DIR} + "/.pre-commit-hooks.yaml");
    const auto at = text.find(" " + key + ": ");
    REQUIRE(at != std::string::npos);
    const auto from = at + key.size() + 3;
    auto value = text.substr(from, text.find('\n', from) - from);
    return value.substr(0, value.find("  #"));
}

}  // namespace

TEST_CASE("many documents: a line for each, the worst decides the exit status") {
    const scratch files;
    const auto good = files.write("good.yaml", sound);
    const auto bad = files.write("bad.yaml", stuck);
    const process_end all = weir_command({"check", good, bad, good});
    CHECK(all.status == document);
    CHECK_THAT(all.out, ContainsSubstring(good + ": nothing to say against it\n"));
    CHECK_THAT(all.out, ContainsSubstring(bad + ": 1 error, 0 warnings\n"));
    CHECK(weir_command({"check", good, good}).status == success);
    const process_end gone = weir_command({"check", bad, files.path("gone.yaml"), good});
    CHECK(gone.status == environment);
    CHECK_THAT(gone.err, ContainsSubstring("gone.yaml"));
    CHECK_THAT(gone.out, ContainsSubstring(bad + ": 1 error"));
    CHECK_THAT(gone.out, ContainsSubstring(good + ": nothing"));
}

TEST_CASE("among many documents each child finds its own parent") {
    const scratch files;
    std::vector<std::string> arguments{"check"};
    for (int i = 0; i < 20; ++i) {
        const std::string child = "child_" + std::to_string(i);
        const std::string barrier = "gate_" + std::to_string(i);
        arguments.push_back(files.write(child + ".yaml", child_at(child, barrier)));
        arguments.push_back(files.write("of_" + child + ".yaml", parent_of(child, barrier)));
    }
    const process_end end = weir_command(arguments);
    INFO(end.out << end.err);
    CHECK(end.status == success);
    CHECK_THAT(end.out, !ContainsSubstring("W0311"));
    const std::string stranger = files.write("stranger.yaml", child_at("stranger", "gate_0"));
    arguments.push_back(stranger);
    CHECK_THAT(weir_command(arguments).out, ContainsSubstring(stranger) &&
                                                ContainsSubstring("warning[W0311]"));
}

TEST_CASE("the hook for pre-commit names the command, and the files that are pipelines") {
    const scratch files;
    std::vector<std::string> words{"check"};
    REQUIRE(hook("entry") == "weir check");
    words.push_back(files.write("stuck.yaml", stuck));
    CHECK(weir_command(words).status == document);
    const std::regex wanted{hook("files")}, others{hook("exclude")};
    const auto passed = [&](const std::string& name) {
        return std::regex_search(name, wanted) && !std::regex_search(name, others);
    };
    CHECK(passed(".harness/build.yaml"));
    CHECK(passed(".harness/orgs/default/projects/shop/pipelines/deploy.yml"));
    CHECK_FALSE(passed("src/app.yaml"));
    CHECK_FALSE(passed(".harness/notes.md"));
    for (const char* of : {"templates", "input_sets", "inputsets", "services", "environments"}) {
        CHECK_FALSE(passed(std::string{".harness/orgs/o/"} + of + "/x.yaml"));
    }
}
