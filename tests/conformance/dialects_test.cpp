// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/dialect.hpp"
#include "adapters/plan/json.hpp"
#include "tests/conformance/loops.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <fstream>

using namespace weir;
using namespace weir::conformance;
using Catch::Matchers::ContainsSubstring;

namespace {

json vectors(const std::string& name) {
    std::ifstream file(WEIR_SOURCE_DIR "/tests/conformance/" + name);
    return json::parse(file).at("vectors");
}

// Objects are equal whatever the order of their keys.
nlohmann::json unordered(const json& value) {
    return nlohmann::json::parse(value.dump());
}

void check_outcome(const json& v, const expanded& got) {
    INFO(v["id"].get<std::string>() << ": " << got.told);
    if (v.contains("expect_error")) {
        CHECK(!got.instances);
        CHECK_THAT(got.told, ContainsSubstring(v["expect_error"].get<std::string>()));
        return;
    }
    REQUIRE(got.instances);
    if (v.contains("expect_count")) {
        CHECK(got.instances->count() == v["expect_count"].get<std::uint64_t>());
    }
    if (v.contains("expect_names")) {
        const auto step = v.value("step", std::string{});
        std::vector<std::string> names;
        for (const std::string& suffix : got.suffixes) {
            names.push_back(step + suffix);
        }
        CHECK(names == v["expect_names"].get<std::vector<std::string>>());
    }
    if (v.contains("warns")) {
        auto wanted = v["warns"].get<std::vector<std::string>>();
        CHECK(got.codes == wanted);
    }
}

void check_values(const json& v, const expanded& got) {
    if (!v.contains("expect") || !got.instances) {
        return;
    }
    INFO(v["id"].get<std::string>());
    REQUIRE(got.instances->count() == v["expect"].size());
    for (std::size_t i = 0; i < got.values.size(); ++i) {
        INFO(i);
        CHECK(unordered(got.values[i]) == unordered(v["expect"][i]));
    }
}

}  // namespace

TEST_CASE("GitHub's matrices come to the jobs that the vectors list, in their order") {
    std::size_t run = 0;
    for (const json& v : vectors("github-matrix.json")) {
        const json strategy{{"matrix", v["matrix"]}};
        const auto got = expand(strategy.dump(), dialects::dialect::github);
        check_outcome(v, got);
        check_values(v, got);
        ++run;
    }
    CHECK(run == 38);
}

TEST_CASE("GitLab's parallel comes to the jobs that the vectors list, in their order") {
    std::size_t run = 0;
    for (const json& v : vectors("gitlab-parallel.json")) {
        for (const json& text : {json{{"parallel", v["parallel"]}}, v["parallel"]}) {
            const auto got = expand(text.dump(), dialects::dialect::gitlab);
            check_outcome(v, got);
            check_values(v, got);
        }
        ++run;
    }
    CHECK(run == 20);
}

TEST_CASE("Tekton's matrices come to the runs that the vectors list, in their order") {
    std::size_t run = 0;
    for (const json& v : vectors("tekton-matrix.json")) {
        for (const json& text : {json{{"matrix", v["matrix"]}}, v["matrix"]}) {
            const auto got = expand(text.dump(), dialects::dialect::tekton);
            check_outcome(v, got);
            check_values(v, got);
        }
        ++run;
    }
    CHECK(run == 16);
}

TEST_CASE("Argo's loops come to the items that the vectors list, in their order") {
    std::size_t run = 0;
    for (const json& v : vectors("argo-loops.json")) {
        json text = json::object();
        for (const char* key : {"withItems", "withParam", "withSequence"}) {
            if (v.contains(key)) {
                text[key] = v[key];
            }
        }
        json wanted = v;
        if (v.contains("expect")) {
            for (json& item : wanted["expect"]) {
                item = json{{"item", item}};
            }
        }
        const auto got = expand(text.dump(), dialects::dialect::argo);
        check_outcome(wanted, got);
        check_values(wanted, got);
        ++run;
    }
    CHECK(run == 29);
}

TEST_CASE("what is one loop in two engines comes to one list of values") {
    const auto github = expand("matrix: {a: [\"1\", \"2\"], b: [x, y]}", dialects::dialect::github);
    const auto gitlab =
        expand("matrix: [{a: [\"1\", \"2\"], b: [x, y]}]", dialects::dialect::gitlab);
    const auto harness =
        expand("matrix: {a: [\"1\", \"2\"], b: [x, y]}", dialects::dialect::harness);
    REQUIRE(github.instances);
    CHECK(github.values == gitlab.values);
    CHECK(github.values == harness.values);
}
