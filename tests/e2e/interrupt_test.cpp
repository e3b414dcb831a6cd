// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <optional>

#include <unistd.h>

using namespace weir::test;
using weir::json;

namespace {

// Two stages: one waits at a barrier, one runs `script`, which says when it is under way.
struct interruptible {
    explicit interruptible(const std::string& script) {
        const std::string text =
            pipeline("long", {"ready"},
                     {parallel({stage("waits", {meet("ready")}),
                                stage("works", {shell("work", script), meet("ready")})})});
        mark = std::to_string(::getpid()) + "-" + std::to_string(++runs);
        process_options options;
        options.environment.emplace_back("WEIR_TEST_MARK", mark);
        running.emplace(
            std::vector<std::string>{WEIR_COMMAND, "run", files.write("long.yaml", text),
                                     "--events", files.path("events.jsonl")},
            options);
    }

    inline static int runs = 0;
    scratch files;
    std::string mark;
    std::optional<process> running;
};

}  // namespace

TEST_CASE("Ctrl-C in mid-run ends the scripts, and the events are complete") {
    const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
    interruptible run{"sleep 1000 & echo 'under way'; wait"};
    REQUIRE(run.running->wrote("under way"));
    run.running->signal(signal);
    const process_end end = run.running->wait();
    INFO(end.out << end.err);
    CHECK(end.status == 130);
    CHECK_FALSE(anybody_with("WEIR_TEST_MARK=" + run.mark));

    const events told = proven(run.files.read("events.jsonl"));
    CHECK(told.one("barrier.broken", "barrier", "ready")["reason"] == "cancelled");
    CHECK(told.of("run.finished").front()["outcome"] == "cancelled");
    CHECK(told.of("control").size() == 1);
    CHECK(told.of("step.cancel").size() == 1);
}

TEST_CASE("a second Ctrl-C ends scripts that do not want to end") {
    interruptible run{
        "trap 'echo stubborn' TERM; echo 'under way'; while true; do sleep 0.1; done"};
    REQUIRE(run.running->wrote("under way"));
    run.running->signal(SIGINT);
    REQUIRE(run.running->wrote("stubborn"));
    run.running->signal(SIGINT);
    const process_end end = run.running->wait();
    INFO(end.out << end.err);
    CHECK(end.status == 130);
    CHECK_FALSE(anybody_with("WEIR_TEST_MARK=" + run.mark));
    CHECK(proven(run.files.read("events.jsonl")).of("run.finished").front()["outcome"] ==
          "cancelled");
}

TEST_CASE("a flood of output does not keep Ctrl-C from being heard") {
    interruptible run{"echo 'under way'; yes"};
    REQUIRE(run.running->wrote("under way"));
    run.running->signal(SIGINT);
    const process_end end = run.running->wait();
    CHECK(end.status == 130);
    CHECK_FALSE(anybody_with("WEIR_TEST_MARK=" + run.mark));
}
