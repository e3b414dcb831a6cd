// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

}  // namespace

TEST_CASE("an alias bomb ends at the alias budget") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before +
                repeated(", " + before, 8) + "]\n";
    }
    CHECK(codes(load(bomb)) == words{"E0104"});
    std::string merges = "a0: &a0 {k: {x: 1}}\n";
    for (int i = 1; i < 60; ++i) {
        const std::string n = std::to_string(i);
        const std::string before = "*a" + std::to_string(i - 1);
        merges += "a" + n + ": &a" + n + " {<<: " + before + ", l" + n + ": " + before + ", m" + n +
                  ": " + before + "}\n";
    }
    CHECK(codes(load(merges)) == words{"E0104"});
}

TEST_CASE("aliases cannot nest values deeper than the limit") {
    std::string deep = "a0: &a0 [x]\n";
    for (int i = 1; i < 400; ++i) {
        deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
                std::to_string(i - 1) + "]\n";
    }
    CHECK(codes(load(deep)) == words{"E0103"});
}

TEST_CASE("deep nesting ends at the depth limit, long before the text does") {
    for (const std::string_view open : {"[", "{a: ", "- ", "? ", "{[", "[{"}) {
        INFO(open);
        const plan::loaded l = load(repeated(open, 1'000'000));
        REQUIRE(codes(l).size() == 1);
        const std::string code = codes(l)[0];
        CHECK((code == "E0103" || code == "E0203"));
    }
    CHECK(codes(load(repeated("[", 255) + repeated("]", 255))) == words{"E0107"});
}

TEST_CASE("a document of 100 MB is refused for its size, unread") {
    std::string large(100'000'000, 'x');
    const plan::loaded l = load(large);
    REQUIRE(codes(l) == words{"E0102"});
    CHECK(l.findings.all()[0].message ==
          "the document has 100000000 bytes; at most 67108864 are read");
}

TEST_CASE("more values than the limit are refused") {
    plan::diagnostics findings;
    harness::yaml::limits most;
    most.nodes = 1'000;
    CHECK_FALSE(harness::yaml::compose("[" + repeated("x,", 2'000) + "]", most, findings));
    REQUIRE(findings.all().size() == 1);
    CHECK(findings.all()[0].what == plan::code::too_large);
}

TEST_CASE("what is not UTF-8 text is told with line and column") {
    CHECK(findings(load("pipeline:\n  name: \"\xC3\x28\"\n")) == words{"E0106@2:10"});
    CHECK(findings(load("a: ж\xFF")) == words{"E0106@1:5"});
    CHECK(findings(load("a: \xED\xA0\x80")) == words{"E0106@1:4"});
    CHECK(findings(load("a: \xC0\xAF")) == words{"E0106@1:4"});
    CHECK(findings(load("a: \xF5\x80\x80\x80")) == words{"E0106@1:4"});
    CHECK(findings(load("a: \xE2\x82")) == words{"E0106@1:4"});
    CHECK(findings(load(std::string_view{"a: b\0c", 6})) == words{"E0106@1:5"});
    CHECK(findings(load("a: \x1B[31m")) == words{"E0106@1:4"});
    CHECK(codes(load("\xFF\xFEp\0i\0")) == words{"E0106"});
    const std::string_view elf{
        "\x7F"
        "ELF\x02\x01\x01\0\0\0",
        10};
    CHECK(findings(load(elf)) == words{"E0106@1:1"});
}

TEST_CASE("a flood of directives is refused") {
    CHECK(codes(load(repeated("%TAG !a! b\n", 200'000))) == words{"E0101"});
    CHECK(codes(load("%YAML 1.1\n---\n[]\n")) == words{"E0107"});
}

TEST_CASE("documents that are no pipelines are told what they are") {
    CHECK(findings(load("")) == words{"E0107@1:1"});
    CHECK(findings(load("just text")) == words{"E0107@1:1"});
    CHECK(findings(load("- a\n- b\n")) == words{"E0107@1:1"});
    CHECK(findings(load("pipelin:\n  stages: []\n")) == words{"E0107@1:1"});
    CHECK(load("pipelin:\n  stages: []\n").findings.all()[0].help == "did you mean `pipeline`?");
    CHECK(findings(load("pipeline:\n")) == words{"E0203@1:1"});
    CHECK(findings(load("pipeline: 5\n")) == words{"E0203@1:11"});
    CHECK(findings(load("template:\n  name: x\n")) == words{"E0601@1:1"});
    CHECK(findings(load("inputSet:\n  name: x\n")) == words{"E0601@1:1"});
    CHECK(findings(load("stages: [build, test]\n")) == words{"E0107@1:1"});
}
