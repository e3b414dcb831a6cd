// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "tests/conformance/loops.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

using namespace weir;
using namespace weir::conformance;
namespace yaml = weir::harness::yaml;

namespace {

using words = std::vector<std::string>;

std::filesystem::path corpus() {
    const char* const given = std::getenv("WEIR_CORPUS");
    return given ? std::filesystem::path{given}
                 : std::filesystem::path{WEIR_SOURCE_DIR} / "../shared/corpus";
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// A file may hold several documents.
words documents_in(const std::string& text) {
    words all(1);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string line = text.substr(at, end - at);
        if (line.starts_with("---")) {
            all.emplace_back();
        } else {
            all.back() += line;
        }
        at = end;
    }
    return all;
}

using finder = std::function<void(yaml::value)>;

void for_each_mapping(yaml::value v, const finder& visit) {
    if (v.is(yaml::kind::mapping)) {
        visit(v);
    }
    for (yaml::value child = v.first(); child; child = child.next()) {
        for_each_mapping(child, visit);
    }
}

std::string json_of(yaml::value v) {
    std::string text;
    yaml::append_json(text, v);
    return text;
}

// GitLab's own tag points to other places of a file; the loops of the corpus have none.
std::string without_references(std::string text) {
    constexpr std::string_view tag = "!reference ";
    for (std::size_t at = text.find(tag); at != std::string::npos; at = text.find(tag, at)) {
        text.erase(at, tag.size());
    }
    return text;
}

// The bare strategies in a document of this engine, in reading order.
words loops_in(yaml::value root, dialects::dialect engine) {
    words all;
    const auto put = [&all](yaml::value v) {
        if (v) {
            all.push_back(json_of(v));
        }
    };
    for_each_mapping(root, [&](yaml::value v) {
        switch (engine) {
        case dialects::dialect::github:
            put(v["strategy"]);
            break;
        case dialects::dialect::gitlab:  // beside `job` it chooses jobs, and is no loop
            if (!v["job"] && !v["pipeline"]) {
                put(v["parallel"]);
            }
            break;
        case dialects::dialect::tekton:
            put(v["matrix"]);
            break;
        case dialects::dialect::argo: {
            std::string text;
            for (const char* key : {"withItems", "withParam", "withSequence"}) {
                if (v[key]) {
                    text +=
                        (text.empty() ? "{\"" : ",\"") + std::string{key} + "\":" + json_of(v[key]);
                }
            }
            if (!text.empty()) {
                all.push_back(text + "}");
            }
            break;
        }
        case dialects::dialect::harness:
            break;
        }
    });
    return all;
}

// "6", "6 W0404", or what refused it: "E0404".
std::string verdict_on(const std::string& loop, dialects::dialect engine) {
    const expanded got = expand(loop, engine);
    std::string text = got.instances ? std::to_string(got.instances->count()) : "";
    for (const std::string& code : got.codes) {
        text += (text.empty() ? "" : " ") + code;
    }
    return text;
}

// By file, what each loop in it comes to.
std::map<std::string, words> verdicts_on(const std::string& folder, dialects::dialect engine) {
    std::map<std::string, words> all;
    for (const auto& entry : std::filesystem::directory_iterator{corpus() / folder}) {
        const std::string name = entry.path().filename().string();
        for (const std::string& text : documents_in(without_references(content_of(entry.path())))) {
            plan::diagnostics findings;
            const auto document = yaml::compose(text, {}, findings);
            INFO(name);
            CHECK(document);
            if (!document) {
                continue;
            }
            for (const std::string& loop : loops_in(document->root(), engine)) {
                all[name].push_back(verdict_on(loop, engine));
            }
        }
    }
    return all;
}

// What each loop of the corpus comes to: how many instances, and the codes of what is told.
const std::map<std::string, std::map<std::string, words>> expected = {
    {"github",
     {
         {"arrow-adbc__github__workflows__java.yml", {"4", "2", "4", "7"}},
         {"arrow-adbc__github__workflows__nightly-verify.yml", {"5", "2"}},
         {"arrow-adbc__github__workflows__r-extended.yml", {"27", "9", "9", "3", "3"}},
         {"arrow__github__workflows__python.yml", {"5", "2"}},
         {"duckdb__github__workflows__Swift.yml", {"3 W0406 W0403"}},
         {"hatchet__github__workflows__sdk-python.yml", {"5", "E0404"}},
         {"leveldb__github__workflows__build.yml", {"8"}},
         {"libuv__github__workflows__sanitizer.yml", {"4", "3"}},
         {"pipeline__github__workflows__e2e-matrix-extras.yaml", {"5"}},
         {"pipeline__github__workflows__patch-release.yaml", {"E0404"}},
         {"prefect__github__workflows__docker-images.yaml", {"20"}},
         {"prefect__github__workflows__python-tests.yaml", {"60", "8", "5"}},
         {"ripgrep__github__workflows__ci.yml", {"18"}},
         {"runner__github__workflows__build.yml", {"7", "2"}},
         {"sdk-go__github__workflows__ci.yml", {"3", "8", "8", "8", "4"}},
         {"seastar__github__workflows__tests.yaml", {"13"}},
         {"snakemake__github__workflows__main.yml", {"80"}},
         {"sqlalchemy__github__workflows__run-test.yaml", {"116", "3"}},
         {"tokio__github__workflows__loom.yml", {"2", "4"}},
     }},
    {"gitlab",
     {
         {"dd-trace-py__gitlab__benchmarks__microbenchmarks.yml", {"E0201"}},
         {"dd-trace-py__gitlab__debugging-exploration.yml", {"5", "5"}},
         {"dd-trace-py__gitlab__fuzz.yml", {"6"}},
         {"dd-trace-py__gitlab__multi-os-tests.yml", {"3", "3"}},
         {"dd-trace-py__gitlab__package.yml", {"28", "28", "2", "12", "6"}},
         {"dd-trace-py__gitlab__templates__build-base-venvs.yml", {"E0203"}},
         {"gitlab-ci-local__needs-parallel-matrix-artifacts.gitlab-ci.yml", {"2", "2"}},
         {"gitlab-ci-local__needs-parallel-matrix-error.gitlab-ci.yml", {"3", "2"}},
         {"gitlab-ci-local__needs-parallel-matrix-expressions-unknown-identifier.gitlab-ci.yml",
          {"2", "2"}},
         {"gitlab-ci-local__needs-parallel-matrix-expressions.gitlab-ci.yml",
          {"4", "4", "4", "4", "2", "2", "4", "4", "4"}},
         {"gitlab-ci-local__needs-parallel-matrix-static.gitlab-ci.yml", {"3", "4"}},
         {"gitlab-ci-local__parallel-matrix-environment.gitlab-ci.yml", {"3"}},
         {"gitlab-ci-local__parallel-matrix-long-name.gitlab-ci.yml", {"2"}},
         {"gitlab-ci-local__parallel-matrix.gitlab-ci.yml", {"3", "7"}},
         {"gitlab-ci-local__parallel.gitlab-ci.yml", {"2", "1"}},
         {"gitlab-runner__gitlab__ci__build.gitlab-ci.yml", {"5"}},
         {"gitlab-runner__gitlab__ci__package.gitlab-ci.yml", {"7", "8"}},
         {"gitlab-runner__gitlab__ci__release.gitlab-ci.yml", {"7", "10"}},
     }},
    {"tekton",
     {
         {"catalog__multiarch-matrix-build.yaml", {"2"}},
         {"ignore-task-error.yaml", {"2"}},
         {"konflux__core-services.yaml", {"1 W0406", "1 W0406", "1 W0406"}},
         {"konflux__docker-build-multi-platform-oci-ta.yaml",
          {"1 W0406", "1 W0406", "1 W0406", "1 W0406"}},
         {"konflux__e2e-tests-pull-request.yaml", {"1 W0406", "1 W0406", "1 W0406"}},
         {"konflux__fbc-builder.yaml", {"1 W0406"}},
         {"pipelinerun-with-matrix-and-results.yaml", {"E0404 W0406"}},
         {"pipelinerun-with-matrix-and-taskrunspecs-param-substitution.yaml", {"2"}},
         {"pipelinerun-with-matrix-array-references.yaml", {"E0404 E0404", "E0404 E0404"}},
         {"pipelinerun-with-matrix-context-variables.yaml", {"3"}},
         {"pipelinerun-with-matrix-emitting-results.yaml", {"9 W0404", "E0404"}},
         {"pipelinerun-with-matrix-include-explicit.yaml", {"3"}},
         {"pipelinerun-with-matrix-include.yaml", {"7 W0404"}},
         {"pipelinerun-with-matrix.yaml",
          {"2", "1", "1", "0 W0403 W0401", "1", "1", "0 W0403 W0401"}},
         {"plumbing__tekton-golang-tests.yaml", {"1 W0406"}},
     }},
    {"argo",
     {
         {"loop-sequence-empty.yaml", {"0 W0401", "1"}},
         {"loops-arbitrary-sequential-steps.yaml", {"E0404"}},
         {"loops-dag.yaml", {"3"}},
         {"loops-maps.yaml", {"4"}},
         {"loops-param-argument.yaml", {"E0404"}},
         {"loops-param-result.yaml", {"E0404"}},
         {"loops-sequence.yaml", {"5", "6", "E0404", "6 W0404", "5"}},
         {"loops.yaml", {"2"}},
         {"map-reduce.yaml", {"E0404"}},
         {"parallelism-limit.yaml", {"10"}},
         {"parallelism-nested-workflow.yaml", {"E0404", "2"}},
         {"parallelism-nested.yaml", {"E0404", "E0404"}},
         {"parallelism-template-limit.yaml", {"10"}},
         {"parameter-aggregation-dag.yaml", {"4", "E0404", "E0404"}},
         {"synchronization-mutex-tmpl-level.yaml", {"5", "5"}},
         {"synchronization-tmpl-level.yaml", {"5"}},
         {"withsequence-nested-result.yaml", {"E0404", "E0404"}},
     }},
};

}  // namespace

TEST_CASE("every loop of the corpus expands, or is refused for a reason that its reader sees") {
    if (!std::filesystem::is_directory(corpus())) {
        SKIP("no corpus at " << corpus().string() << "; WEIR_CORPUS names another place");
    }
    for (const auto& [folder, files] : expected) {
        const auto engine = dialects::dialect_named(folder);
        REQUIRE(engine);
        const auto got = verdicts_on(folder, *engine);
        for (const auto& [name, verdicts] : files) {
            INFO(folder << "/" << name);
            const auto found = got.find(name);
            CHECK((found != got.end() && found->second == verdicts));
        }
        for (const auto& [name, verdicts] : got) {
            if (!files.contains(name)) {
                WARN("the corpus has loops that this test does not know: " << name);
            }
        }
    }
}
