// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace weir::test;

namespace {

constexpr const char* train = "examples/pipelines/release-train.yaml";

}  // namespace

TEST_CASE("the release train arrives, and its events prove it") {
    const scratch place;
    const process_end end = weir_command({"run", train, "--events", place.path("events.jsonl")});
    INFO(end.out << end.err);
    REQUIRE(end.status == 0);
    CHECK(end.err.empty());
    const events told = proven(place.read("events.jsonl"));

    SECTION("each of its three barriers is released with all its parties") {
        CHECK(told.one("barrier.released", "barrier", "schema_ready")["parties"] == 3);
        CHECK(told.one("barrier.released", "barrier", "traffic_shift")["parties"] == 5);
        CHECK(told.one("barrier.released", "barrier", "both_tested")["parties"] == 2);
        CHECK(told.of("barrier.broken").empty());
    }
    SECTION("the group that starts late is waited for") {
        const auto arrivals = told.of("barrier.arrived", "barrier", "traffic_shift");
        REQUIRE(arrivals.size() == 5);
        CHECK(arrivals.back()["party"].get<std::string>().starts_with("observe/watch_"));
    }
    SECTION("the matrix has built three services") {
        CHECK(told.of("node.finished", "kind", "stage").size() == 3 + 4 + 1);
    }
    SECTION("the plain progress tells who is waited for") {
        CHECK(end.out.find("waiting for") != std::string::npos);
        CHECK(end.out.find("release_train succeeded") != std::string::npos);
        CHECK(end.out.find("\x1b[") == std::string::npos);
    }
}

TEST_CASE("on a terminal the progress is drawn anew and stays within the window") {
    const process_options terminal{
        .environment = {{"TERM", "xterm"}, {"NO_COLOR", "1"}, {"LANG", "C"}}, .on_terminal = true};
    const process_end end = weir_command({"run", train}, terminal);
    INFO(end.err);
    REQUIRE(end.status == 0);
    CHECK(end.out.find("\x1b[J") != std::string::npos);
    CHECK(end.out.find("\x1b[0m") == std::string::npos);  // NO_COLOR
    CHECK(end.out.find("* traffic_shift") != std::string::npos);
    std::size_t longest = 0;
    for (std::size_t at = 0; at < end.out.size();) {
        std::size_t next = end.out.find('\n', at);
        if (next == std::string::npos)
            next = end.out.size();
        std::string line = end.out.substr(at, next - at);
        if (const auto wiped = line.rfind("\x1b[J"); wiped != std::string::npos)
            line.erase(0, wiped + 3);
        if (line.ends_with('\r'))
            line.pop_back();
        const auto is_start = [](unsigned char c) { return (c & 0xC0) != 0x80; };
        longest =
            std::max(longest, static_cast<std::size_t>(std::ranges::count_if(line, is_start)));
        at = next + 1;
    }
    CHECK(longest <= 100);
}

TEST_CASE("every combination of a matrix is a party") {
    const scratch place;
    const process_end end = weir_command(
        {"run", "examples/pipelines/matrix-barrier.yaml", "--events", place.path("events.jsonl")});
    INFO(end.out << end.err);
    REQUIRE(end.status == 0);
    const events told = proven(place.read("events.jsonl"));
    CHECK(told.one("barrier.released", "barrier", "all_built")["parties"] == 6);
}

TEST_CASE("a failed stage breaks its barrier at once, and the others learn who and why") {
    const scratch place;
    const process_end end = weir_command(
        {"run", "examples/pipelines/failing-stage.yaml", "--events", place.path("events.jsonl")});
    INFO(end.out << end.err);
    REQUIRE(end.status == 1);
    const events told = proven(place.read("events.jsonl"));

    const auto broken = told.one("barrier.broken", "barrier", "go_live");
    CHECK(broken["culprit"] == "database");
    CHECK(broken["reason"] == "failed");
    CHECK(broken["parties"] == 2);
    const auto failed = told.one("node.finished", "path", "database");
    CHECK(broken["seq"] < failed["seq"]);
    for (const char* waiter : {"web/go_live", "api/go_live"}) {
        const auto ended = told.one("node.finished", "path", waiter);
        CHECK(ended["outcome"] == "failed");
        CHECK(ended["error"]["kind"] == "BarrierBroken");
        CHECK(ended["error"]["message"].get<std::string>().find("database") != std::string::npos);
    }
    CHECK(told.one("node.finished", "path", "web/shift")["outcome"] == "skipped");
    CHECK(end.out.find("exit status 3") != std::string::npos);
    CHECK(end.out.find("never happens") == std::string::npos);
}
