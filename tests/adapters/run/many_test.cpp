// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

#include <deque>
#include <thread>

#include <sys/resource.h>

using namespace weir::runs;
using namespace weir::runs::test;
namespace fibers = weir::fibers;

namespace {

// Something of everything.
std::string rich() {
    return pipeline(
        {stage("build",
               {step("x", {}, "<+matrix.s>"),
                parallel(
                    {step("y"), step("z", "strategy: {repeat: {times: 4, maxConcurrency: 2}}")})},
               "strategy: {matrix: {s: [p, q, r], maxConcurrency: 2}}"),
         parallel(
             {stage("a", {step("x"), meet("m", "one"), step("y"), meet("n", "two")}),
              stage("b", {group("g", {step("x"), meet("m", "one")}, "strategy: {parallelism: 5}"),
                          meet("n", "two")}),
              stage("c", {step("bad"), meet("n", "two")}, on_failure("StageRollback"),
                    {step("undo")}),
              stage("d", {step("x"), meet("m", "one", "timeout: 20s")})}),
         stage("last", {step("x")}, when_stage("All"))});
}

const char* const behaviour =
    R"({"steps": {"c/bad": {"outcome": "failed", "ms": 300}, "*/x": {"ms": 700}}})";

std::shared_ptr<const simulation> simulated() {
    std::string error;
    return simulation::parse(behaviour, error);
}

void wait_for(scripted& host) {
    while (!host.over()) {
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("the same plan and seed give the same events, byte for byte; other seeds other orders") {
    const auto first = simulate(rich(), behaviour, 7).text();
    CHECK(simulate(rich(), behaviour, 7).text() == first);
    CHECK(simulate(rich(), behaviour, 8).text() != first);
    CHECK(simulate(rich(), behaviour).text() == simulate(rich(), behaviour).text());
}

TEST_CASE("the events of a run are the same on whichever worker it runs") {
    fibers::status why{};
    const auto document = load(rich());
    const auto expected = simulate(rich(), behaviour).text();
    for (unsigned at = 0; at < 4; ++at) {
        const auto runtime = fibers::runtime::create(
            {.workers = 4, .stack_size = 256 << 10, .clock = fibers::clock_kind::virtual_}, why);
        REQUIRE(runtime);
        scripted host;
        run r{document, runtime->at(at), host, {.id = "r", .simulated = simulated()}};
        r.start();
        wait_for(host);
        CHECK(host.told().text() == expected);
    }
}

TEST_CASE("hundreds of runs go on side by side in a runtime of four workers") {
    fibers::status why{};
    const auto runtime = fibers::runtime::create(
        {.workers = 4, .stack_size = 256 << 10, .clock = fibers::clock_kind::virtual_}, why);
    REQUIRE(runtime);
    const auto document = load(rich());
    std::deque<scripted> hosts(300);
    std::deque<run> runs;
    for (auto& host : hosts) {
        runs.emplace_back(document, runtime->place(), host,
                          run_options{.id = "r", .simulated = simulated()})
            .start();
    }
    for (auto& host : hosts) {
        wait_for(host);
        CHECK(host.told().ending() == outcome::failed);
        CHECK(host.told().count(event_type::node_started) ==
              host.told().count(event_type::node_finished));
    }
}

TEST_CASE("answers and a cancel from other threads, while four workers run") {
    fibers::status why{};
    const auto runtime = fibers::runtime::create({.workers = 4, .stack_size = 256 << 10}, why);
    REQUIRE(runtime);
    const auto document = load(rich());
    std::deque<scripted> hosts(40);
    std::deque<run> runs;
    for (auto& host : hosts) {
        runs.emplace_back(document, runtime->place(), host, run_options{.grace_ns = 1'000'000})
            .start();
    }
    std::thread canceller{[&] {
        for (std::size_t i = 0; i < hosts.size(); i += 3) {
            hosts[i].cancel(runs[i], "now");
        }
    }};
    for (bool open = true; open;) {
        open = false;
        for (auto& host : hosts) {
            open = open || !host.over();
            if (const auto handle = host.any()) {
                host.answer(handle, handle % 7 == 0 ? outcome::failed : outcome::succeeded);
            }
        }
    }
    canceller.join();
    for (auto& host : hosts) {
        CHECK(host.told().all.back().type == event_type::run_finished);
        CHECK(host.told().count(event_type::step_started) ==
              host.told().count(event_type::step_finished));
    }
}

TEST_CASE("lanes for which there is no memory fail, and the run ends", "[memory]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP("a sanitizer's own memory would be limited too");
#endif
    fibers::status why{};
    const auto runtime = fibers::runtime::create(
        {.workers = 0, .stack_size = std::size_t{1} << 30, .clock = fibers::clock_kind::virtual_},
        why);
    REQUIRE(runtime);
    scripted host;
    run r{load(pipeline(
              {parallel({stage("w", {meet("m", "q")}), stage("a", {step("x"), meet("m", "q")},
                                                             "strategy: {parallelism: 500}")})})),
          runtime->at(0),
          host,
          {.simulated = simulated()}};
    rlimit before{};
    getrlimit(RLIMIT_AS, &before);
    rlimit tight{std::size_t{300} << 30, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_AS, &tight) == 0);
    r.start();
    while (!host.over()) {
        runtime->poll();
    }
    setrlimit(RLIMIT_AS, &before);
    const auto& told = host.told();
    CHECK(told.ending() == outcome::failed);
    CHECK(told.decision("q").type == event_type::barrier_broken);
    CHECK(told.count(event_type::node_started) == told.count(event_type::node_finished));
    CHECK(told.count(event_type::barrier_expected) == 501);
}
