// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/expression.hpp"
#include "adapters/plan/expansion.hpp"
#include "tests/adapters/expressions/support.hpp"
#include "tests/conformance/strategy_json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace {

using weir::json;
using namespace weir;
using expressions::testing::values;

json vectors() {
    std::ifstream file(WEIR_SOURCE_DIR "/tests/conformance/harness-loops.json");
    return json::parse(file).at("vectors");
}

// What the vectors' notes say of the pipeline around the loop, and the loop's own values.
values scope_of(const plan::expansion* x, const plan::instance& at) {
    json root{
        {"pipeline", {{"name", "feat2"}, {"variables", {{"jiraTickets", "cd-1,cd-2,cd-3"}}}}}};
    if (x) {
        root[x->kind() == plan::strategy_kind::matrix ? "matrix" : "repeat"] = x->values(at);
        root["strategy"] = {{"iteration", at.index}, {"iterations", x->count()}};
    }
    return values(std::move(root));
}

plan::expansion::evaluator evaluator(const values& scope) {
    return [&scope](std::string_view text, std::string& error) {
        auto r = expressions::value_of(text, scope);
        error = r.message;
        return r.status == expressions::status::ok ? std::make_unique<json>(std::move(r.value))
                                                   : nullptr;
    };
}

std::map<std::string, std::string> as_texts(const json& object) {
    std::map<std::string, std::string> all;
    for (const auto& [key, value] : object.items()) all[key] = plan::text_of(value);
    return all;
}

struct seen {
    std::vector<std::string> suffixes;
    std::vector<json> values;
    std::vector<bool> runs;
};

seen walk(const plan::expansion& x, std::string_view node_when) {
    seen all;
    if (x.count() == 0) return all;
    plan::instance at = x.first();
    do {
        const values scope = scope_of(&x, at);
        all.suffixes.push_back(x.suffix(at, evaluator(scope)));
        all.values.push_back(x.values(at));
        if (!node_when.empty()) {
            const auto r = expressions::condition(node_when, scope);
            REQUIRE(r.status == expressions::status::ok);
            all.runs.push_back(r.value.get<bool>());
        }
    } while (x.advance(at));
    return all;
}

void check_values(const json& expected, const seen& got) {
    REQUIRE(got.values.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i].is_object()) CHECK(as_texts(got.values[i]) == as_texts(expected[i]));
        else if (expected[i].is_array()) CHECK(got.values[i].at("partition") == expected[i]);
        else CHECK(got.values[i].at("item") == expected[i]);
    }
}

// Every member of `expect` is looked at; the names of those that this test cannot look at are given
// back.
std::vector<std::string> check(const json& v) {
    const json& expect = v["expect"];
    const plan::strategy s = conformance::strategy_of(v["strategy"]);
    const plan::expansion::options options{.labels = v.value("labelsByName", false),
                                           .compat_harness = true};
    const values outside = scope_of(nullptr, {});
    const std::string node_when = v["strategy"].value("nodeWhen", "");

    bool wanted = true;
    if (!s.when.empty()) {
        const auto r = expressions::condition(s.when, outside);
        REQUIRE(r.status == expressions::status::ok);
        wanted = r.value.get<bool>();
    }
    std::string error;
    const auto x = plan::expansion::make(s, options, evaluator(outside), error);
    INFO(error);
    REQUIRE(x);
    const std::uint64_t count = wanted ? x->count() : 0;
    const seen got = wanted ? walk(*x, node_when) : seen{};
    const bool none_runs = std::none_of(got.runs.begin(), got.runs.end(), [](bool r) { return r; });

    std::vector<std::string> passed_over;
    for (const auto& [key, e] : expect.items()) {
        INFO(key);
        if (key == "count") {
            CHECK(count == e.get<std::uint64_t>());
        } else if (key == "values") {
            check_values(e, got);
        } else if (key == "postfixes") {
            CHECK(got.suffixes == e.get<std::vector<std::string>>());
        } else if (key == "identifiers") {
            std::vector<std::string> ids;
            for (const std::string& suffix : got.suffixes)
                ids.push_back(v["base"].get<std::string>() + suffix);
            CHECK(ids == e.get<std::vector<std::string>>());
        } else if (key == "maxConcurrency") {
            const std::uint64_t cap = x->max_concurrency();
            CHECK((cap == 0 ? count : std::min(cap, count)) == e.get<std::uint64_t>());
        } else if (key == "axisOrder") {
            std::vector<std::string> names;
            const json first = x->values(x->first());
            for (const auto& [name, value] : first.items()) names.push_back(name);
            CHECK(names == e.get<std::vector<std::string>>());
        } else if (key == "combination") {
            REQUIRE(got.suffixes.size() == e.size());
            if (options.labels || !s.node_name.empty())
                continue;  // the suffix says something else
            for (std::size_t i = 0; i < e.size(); ++i) {
                std::string indices;
                for (const json& index : e[i]) indices += "_" + plan::text_of(index);
                CHECK(got.suffixes[i] == indices);
            }
        } else if (key == "status") {
            REQUIRE(e == "SKIPPED");
            CHECK((count == 0 || none_runs));
        } else if (key == "childStatus") {
            REQUIRE(got.runs.size() == e.size());
            for (std::size_t i = 0; i < e.size(); ++i) CHECK(got.runs[i] == (e[i] != "SKIPPED"));
        } else if (key == "runs") {
            std::vector<std::size_t> running;
            for (std::size_t i = 0; i < got.runs.size(); ++i) if (got.runs[i]) running.push_back(i);
            CHECK(running == e.get<std::vector<std::size_t>>());
        } else if (key == "runsValues") {
            std::size_t next = 0;
            for (std::size_t i = 0; i < got.runs.size(); ++i) {
                if (got.runs[i]) CHECK(as_texts(got.values[i]) == as_texts(e.at(next++)));
            }
        } else {
            passed_over.push_back(key);
        }
    }
    return passed_over;
}

TEST_CASE("compat: harness expands every loop of the vectors as they say") {
    std::map<std::string, std::vector<std::string>> passed_over;
    std::size_t run = 0;
    for (const json& v : vectors()) {
        const std::string id = v["id"];
        INFO(id);
        if (auto keys = check(v); !keys.empty()) passed_over[id] = std::move(keys);
        ++run;
    }
    CHECK(run == 40);
    // What Harness does without one of its feature flags is no behaviour of ours.
    for (const auto& [id, keys] : passed_over)
        WARN(id << " expects `" << keys.front() << "`, which is not looked at");
    CHECK(passed_over == std::map<std::string, std::vector<std::string>>{
                             {"doc-exclude-all", {"errorWithoutFlag"}}});
}

TEST_CASE("in declared order the vectors' matrices come to the same set of values") {
    for (const json& v : vectors()) {
        if (!v["expect"].contains("values") || !v["strategy"].contains("matrix")) continue;
        INFO(v["id"].get<std::string>());
        const values outside = scope_of(nullptr, {});
        std::string error;
        const auto x = plan::expansion::make(conformance::strategy_of(v["strategy"]), {},
                                             evaluator(outside), error);
        REQUIRE(x);
        std::set<std::map<std::string, std::string>> ours, theirs;
        for (const json& value : walk(*x, "").values) ours.insert(as_texts(value));
        for (const json& value : v["expect"]["values"]) theirs.insert(as_texts(value));
        CHECK(ours == theirs);
    }
}

}  // namespace
