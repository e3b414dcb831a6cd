// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/naming.hpp"
#include "tests/adapters/plan/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;
using weir::json;
using texts = std::vector<std::string>;

// Resolves nodeName for one instance after the other.
texts named(const expansion& x, const texts& names) {
    texts all;
    instance at = x.first();
    do {
        all.push_back(x.suffix(at, [&](std::string_view, std::string&) {
            return std::make_unique<json>(names[at.index]);
        }));
    } while (x.advance(at));
    return all;
}

TEST_CASE("a suffix has letters, digits and at most 126 characters behind its underscore") {
    CHECK(clean_suffix("a/b:c-d") == "_a_b_c_d");
    CHECK(clean_suffix("1.2.0") == "_1_2_0");
    CHECK(clean_suffix("") == "_");
    CHECK(clean_suffix("caf\xc3\xa9 \xf0\x9f\x8c\x8a") == "_caf___");
    CHECK(clean_suffix(std::string(500, 'x')) == "_" + std::string(126, 'x'));
}

TEST_CASE("labels join the values by alphabetical axis, without dots") {
    strategy s = matrix({{"os", {"linux"}}, {"version", {"1.2", "13"}}, {"browser", {"chrome"}}});
    CHECK(suffixes(*expand(s, {.labels = true})) == texts{"_chrome_linux_12", "_chrome_linux_13"});
    const auto x = expand(matrix({{"cfg", {json::parse(R"({"a":1})")}}}), {.labels = true});
    CHECK(suffixes(*x) == texts{"___a__1_"});
}

TEST_CASE("equal labels get _0 from the second on") {
    const auto x = expand(matrix({{"a", {"x", "y", "x", "x"}}}), {.labels = true});
    CHECK(suffixes(*x) == texts{"_x", "_y", "_x_0", "_x_1"});
    CHECK(x->renamed() == 0);
    const auto dots = expand(matrix({{"a", {"1.0", "10"}}}), {.labels = true});
    CHECK(suffixes(*dots) == texts{"_10", "_10_0"});
}

TEST_CASE("equal values get _0 behind their indices from the second on") {
    strategy s = matrix({{"a", {"x", "x"}}, {"b", {"1", "2", "1"}}});
    CHECK(suffixes(*expand(s)) == texts{"_0_0", "_0_1", "_0_2_0", "_1_0_1", "_1_1_0", "_1_2_2"});
}

TEST_CASE("what still collides is made unique and counted; compat: harness leaves it equal") {
    const strategy s = matrix({{"a", {"a-b", "a_b", "a/b", "a_b_1"}}});
    const auto x = expand(s, {.labels = true});
    CHECK(suffixes(*x) == texts{"_a_b", "_a_b_1_1", "_a_b_2", "_a_b_1"});
    CHECK(x->renamed() == 2);
    const auto compat = expand(s, {.labels = true, .compat_harness = true});
    CHECK(suffixes(*compat) == texts{"_a_b", "_a_b", "_a_b", "_a_b_1"});
    CHECK(compat->renamed() == 0);
}

TEST_CASE("nodeName names the instance; equal and colliding names are told apart as asked") {
    strategy s = repeat({"a", "b", "c", "d", "e"});
    s.node_name = "deploy_<+repeat.item>";
    const auto x = expand(s);
    CHECK(named(*x, {"dev 1", "prod", "dev-1", "prod", "prod"}) ==
          texts{"_dev_1", "_prod", "_dev_1_2", "_prod_0", "_prod_1"});
    CHECK(x->renamed() == 1);
    // Asking again, for one alone and with another name, changes nothing.
    instance third{2, 2};
    CHECK(x->suffix(third, [](std::string_view, std::string&) {
        return std::make_unique<json>("other");
    }) == "_dev_1_2");
    CHECK(named(*expand(s, {.compat_harness = true}), {"dev 1", "prod", "dev-1", "prod", "prod"}) ==
          texts{"_dev_1", "_prod", "_dev_1", "_prod_0", "_prod_1"});
}

TEST_CASE("a nodeName that cannot be evaluated leaves the plain suffix") {
    strategy s = repeat({"a", "b"});
    s.node_name = "<+nothing>";
    const auto none = [](std::string_view, std::string&) { return std::unique_ptr<json>(); };
    CHECK(suffixes(*expand(s), none) == texts{"_0", "_1"});
    CHECK(suffixes(*expand(s)) == texts{"_0", "_1"});
}

TEST_CASE("suffixes are unique where many labels are cut off, whatever the mode") {
    std::vector<json> long_values;
    for (int i = 0; i < 300; ++i)
        long_values.emplace_back(std::string(200, 'x') + std::to_string(i));
    const auto labelled = expand(matrix({{"a", long_values}}), {.labels = true});
    const texts all = suffixes(*labelled);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 300);
    for (const std::string& suffix : all) CHECK(suffix.size() <= 127);

    std::vector<std::pair<std::string, std::vector<json>>> axes;
    for (int i = 0; i < 70; ++i) axes.emplace_back("x" + std::to_string(i), std::vector<json>{"1"});
    axes.back().second = {"1", "2", "3"};
    const texts indexed = suffixes(*expand(matrix(axes)));
    CHECK(std::set<std::string>(indexed.begin(), indexed.end()).size() == 3);
}

}  // namespace
