// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string regions(int slots) {
    auto deploy = stage("deploy", {meet("go")});
    deploy["stage"]["strategy"] = {{"repeat", {{"times", 3}, {"maxConcurrency", slots}}}};
    return pipeline("p", {"go"}, {deploy});
}

}  // namespace

TEST_CASE("how few slots would do is said when it is asked for, and refuses nothing") {
    const auto plain = weir_command({"check", "-"}, {.input = regions(4)});
    CHECK(plain.status == 0);
    CHECK(plain.out == "<stdin>: nothing to say against it\n");
    const auto asked = weir_command({"check", "--slots", "-"}, {.input = regions(4)});
    CHECK(asked.status == 0);
    CHECK_THAT(asked.out, ContainsSubstring("note[N0501]: `deploy` needs 3 of its 4 slots"));
    CHECK_THAT(asked.out, ContainsSubstring("<stdin>: nothing to say against it\n"));
}

TEST_CASE("how few slots would do, as JSON and as SARIF") {
    const auto as_json =
        weir_command({"check", "--slots", "--format", "json", "-"}, {.input = regions(4)});
    CHECK(as_json.status == 0);
    const auto said = weir::json::parse(as_json.out);
    REQUIRE(said.size() == 1);
    CHECK(said[0]["least"] == 3);
    CHECK(said[0]["barrier"] == "go");
    const auto log = weir::json::parse(
        weir_command({"check", "--slots", "--format", "sarif", "-"}, {.input = regions(4)}).out);
    CHECK(log["runs"][0]["results"][0]["level"] == "note");
}

TEST_CASE("of a refused document nothing is said about slots") {
    const auto end =
        weir_command({"check", "--slots", "--format", "json", "-"}, {.input = regions(2)});
    CHECK(end.status == 3);
    const auto said = weir::json::parse(end.out);
    REQUIRE(said.size() == 1);
    CHECK(said[0]["code"] == "E0504");
}
