// SPDX-License-Identifier: BSL-1.0
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <string>

using namespace weir::test;

namespace {

std::string plan_of(const std::string& file) {
    const process_end end = weir_command({"plan", file, "--format", "json"});
    INFO(end.err);
    REQUIRE(end.status == 0);
    return end.out;
}

std::string simulated(const std::string& file, const scratch& place) {
    const process_end end = weir_command({"run", file, "--simulate", "--seed", "3", "--progress",
                                          "off", "--events", place.path("events.jsonl")});
    INFO(end.err);
    CHECK(end.status == 0);
    return place.read("events.jsonl");
}

// The first block of a page in `language`.
std::string block_of(const std::string& page, const std::string& language) {
    const std::string fence = "```" + language + "\n";
    const auto start = page.find(fence);
    REQUIRE(start != std::string::npos);
    const auto from = start + fence.size();
    return page.substr(from, page.find("```", from) - from);
}

}  // namespace

TEST_CASE("what `weir plan` writes runs like the document that it was made from") {
    for (const auto& entry : std::filesystem::directory_iterator{"examples/pipelines"}) {
        const std::string file = entry.path().string();
        INFO(file);
        const scratch place;
        const std::string json = place.write("plan.json", plan_of(file));
        CHECK(plan_of(json) == plan_of(file));
        CHECK(simulated(json, place) == simulated(file, place));
    }
}

TEST_CASE("plan JSON comes from standard input, detected or named, and has its findings there") {
    const std::string json = plan_of("examples/pipelines/two-stages.yaml");
    CHECK(weir_command({"check", "-"}, {.input = json}).status == 0);
    CHECK(weir_command({"check", "--adapter", "plan", "-"}, {.input = json}).status == 0);
    CHECK(weir_command({"check", "--adapter", "harness", "-"}, {.input = json}).status == 3);
    const process_end bad =
        weir_command({"check", "-"}, {.input = "{\"version\": 1,\n \"root\": [}"});
    CHECK(bad.status == 3);
    CHECK(bad.out.find("<stdin>:2:11: error[E0110]: this is not valid JSON") != std::string::npos);
}

TEST_CASE("the plan that the docs show is right, and the example does what they say") {
    const std::string page = read_file("docs/plan.md");
    const process_end end = weir_command({"check", "-"}, {.input = block_of(page, "json")});
    INFO(end.out << end.err);
    CHECK(end.status == 0);
    CHECK(end.out == "<stdin>: nothing to say against it\n");
    const std::string example = read_file("examples/c/plan.c");
    const std::string shown = block_of(page, "c");
    for (std::size_t from = 0; from < shown.size();) {
        const std::size_t to = shown.find('\n', from);
        const std::string line = shown.substr(from, to - from);
        INFO(line);
        CHECK((line == "..." || example.find(line) != std::string::npos));
        from = to + 1;
    }
}
