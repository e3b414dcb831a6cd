// SPDX-License-Identifier: BSL-1.0
// What is told, and where; and that hostile texts are refused in time.
#include "tests/conformance/loops.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace weir;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using conformance::expand;
using dialects::dialect;

namespace {

std::string repeated(std::size_t times, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

std::string told(std::string_view text, dialect which) {
    return expand(text, which).told;
}

}  // namespace

TEST_CASE("GitHub: what has no effect, changes or cannot be compared is told at its place") {
    CHECK_THAT(told("matrix:\n  v: [3.10]\n", dialect::github), StartsWith("W0405@2:7 "));
    CHECK_THAT(told("matrix:\n  a: [1]\n  exclude: [{a: 2}]\n", dialect::github),
               StartsWith("W0403@3:13 "));
    CHECK_THAT(told("matrix:\n  a: [1]\n  include: [{A: 1}]\n", dialect::github),
               StartsWith("W0403@3:13 "));
    CHECK_THAT(told("matrix:\n  a: ['${{ x }}', b]\n  exclude: [{a: b}]\n", dialect::github),
               StartsWith("W0406@2:7 "));
    CHECK(told("matrix: {a: ['${{ x }}']}", dialect::github).empty());
    for (const char* text :
         {"matrix: '${{ x }}'", "matrix: {a: '${{ x }}'}", "matrix: {a: [1], include: '${{ x }}'}",
          "matrix: {a: [1], include: ['${{ x }}']}", "matrix: {a: [1], exclude: '${{ x }}'}"}) {
        INFO(text);
        CHECK_THAT(told(text, dialect::github), StartsWith("E0404@1:"));
    }
    CHECK_THAT(told("matrix: {a: [1], A: [2]}", dialect::github), StartsWith("E0401@1:18 "));
    CHECK_THAT(told("matrix: {a: [1], exclude: [{b: 1}]}", dialect::github),
               ContainsSubstring("does not match any key within the matrix"));
    CHECK_THAT(told("matrix: {}", dialect::github),
               ContainsSubstring("must define at least one vector"));
    CHECK_THAT(told("os: [a]", dialect::github), StartsWith("E0202@1:1 "));
}

TEST_CASE("GitHub: names are one whatever their case, also those that entries bring") {
    const auto got = expand("matrix: {a: [1], include: [{Color: x}, {color: y}]}", dialect::github);
    REQUIRE(got.instances);
    CHECK(got.values == std::vector<json>{json{{"a", 1}, {"Color", "y"}}});
    const auto both = expand("matrix: {a: [1, 2], exclude: [{a: 1, A: 2}]}", dialect::github);
    REQUIRE(both.instances);
    CHECK(both.instances->count() == 2);
}

TEST_CASE("how many run at once is read as the engine has it") {
    CHECK(expand("matrix: {a: [1, 2]}\nmax-parallel: 1", dialect::github)
              .instances->max_concurrency() == 1);
    const auto open = expand("matrix: {a: [1]}\nmax-parallel: '${{ x }}'", dialect::github);
    CHECK(open.instances->max_concurrency() == 0);
    CHECK(open.codes == std::vector<std::string>{"W0406"});
}

TEST_CASE("limits are the engine's unless another is asked for") {
    const std::string axis = "[" + repeated(256, "x, ") + "x]";
    CHECK_THAT(told("matrix: {a: " + axis + "}", dialect::github), StartsWith("E0403@"));
    const auto raised = expand("matrix: {a: " + axis + "}",
                               dialects::options{.which = dialect::github, .most = 300});
    REQUIRE(raised.instances);
    CHECK(raised.instances->count() == 257);
    CHECK_THAT(told("withSequence: {count: 1000001}", dialect::argo), StartsWith("E0403@"));
    CHECK_THAT(told("withSequence: {count: 99999999999999999999}", dialect::argo),
               StartsWith("E0204@"));
}

TEST_CASE("hostile texts are refused, and in time") {
    const dialects::options many{.which = dialect::github, .most = 1'000'000};
    const std::string deep = repeated(200, "[") + repeated(200, "]");
    CHECK_THAT(expand("matrix: {a: [" + deep + "]}", many).told, StartsWith("E0103@"));
    CHECK_THAT(told("withItems: [" + deep + "]", dialect::argo), StartsWith("E0103@"));

    // Entries that each leave out other combinations, and match many values of two axes.
    std::string list = "[";
    for (int i = 0; i < 2000; ++i) {
        list += "{k: 1, l: 2, n: " + std::to_string(i) + "},";
    }
    list += "]";
    const std::string entries = repeated(2000, "{a: {k: 1}, b: {l: 2}},");
    const auto crossed =
        expand("matrix: {a: " + list + ", b: " + list + ", exclude: [" + entries + "]}", many);
    CHECK_THAT(crossed.told, StartsWith("E0403@"));

    std::string wide;
    for (int i = 0; i < 20; ++i) {
        wide += (i == 0 ? "a" : ", a") + std::to_string(i) + ": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    }
    CHECK_THAT(expand("matrix: {" + wide + "}", many).told, ContainsSubstring("far too many"));
    CHECK_THAT(told("matrix: [{" + wide + "}]", dialect::gitlab), StartsWith("E0403@"));
    CHECK_FALSE(expand("", dialect::github).instances);
    CHECK_FALSE(expand("", dialect::gitlab).instances);
    CHECK_FALSE(expand("", dialect::tekton).instances);
    CHECK_FALSE(expand("", dialect::argo).instances);
}

TEST_CASE("Argo writes objects as Go does, and names nodes without parentheses") {
    const auto got =
        expand(R"-({"withItems": [{"b": "<x>", "a": 1}, "f(x)", null, 1.50]})-", dialect::argo);
    REQUIRE(got.instances);
    CHECK(got.values[0] == json{{"item", R"({"a":1,"b":"\u003cx\u003e"})"}});
    CHECK(got.suffixes ==
          std::vector<std::string>{"(0:a:1,b:\\u003cx\\u003e)", "(1:fx)", "(2:null)", "(3:1.5)"});
    CHECK(got.codes == std::vector<std::string>{"W0405"});
}
