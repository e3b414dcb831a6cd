// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/library.hpp"

#include <atomic>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace weir::plugin::test;

namespace {

const std::string two_steps = pipeline(stage("a", step("x") + ", " + step("y")));

weir_status finish(weir_step step, weir_outcome outcome, std::string_view outputs = {},
                   std::string_view message = {}) {
    return weir_step_finish(step, outcome, outputs.data(), static_cast<uint32_t>(outputs.size()),
                            message.data(), static_cast<uint32_t>(message.size()));
}

// What `f` says in a child process, which has one thread.
template <class F>
int in_child(F&& f) {
    const auto child = ::fork();
    if (child == 0)
        ::_exit(f());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

}  // namespace

TEST_CASE("an answer that is refused leaves the step open") {
    host h;
    h.start(two_steps);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED).event.step;
    CHECK(finish(x, 0) == WEIR_E_INVALID_ARGUMENT);
    CHECK(finish(x, WEIR_IGNORED_FAILURE) == WEIR_E_INVALID_ARGUMENT);
    CHECK(finish(x, WEIR_SUCCEEDED, "[1]") == WEIR_E_NOT_JSON);
    CHECK(finish(x, WEIR_SUCCEEDED, "{\"a\":") == WEIR_E_NOT_JSON);
    CHECK(finish(x, WEIR_SUCCEEDED, "{\"a\": \"\xff\"}") == WEIR_E_NOT_UTF8);
    CHECK(finish(x, WEIR_FAILED, "", "\xff") == WEIR_E_NOT_UTF8);
    CHECK(finish(x, WEIR_FAILED, "", std::string_view{"a\0b", 3}) == WEIR_E_NOT_UTF8);
    CHECK(finish(x, WEIR_SUCCEEDED, "{\"a\": 1}") == WEIR_OK);
    CHECK(finish(x, WEIR_SUCCEEDED) == WEIR_E_STALE);
    h.until_finished();
}

TEST_CASE("a step may be answered after the cancel, within its grace, and not after") {
    host h{0, WEIR_QUEUE_JSON, WEIR_CLOCK_REAL};
    const auto plan = load(two_steps);
    auto options = sized<weir_run_options>();
    options.grace_ns = 1;
    weir_run run = 0;
    REQUIRE(weir_run_start(h.runtime, plan, h.queue, &options, &run, nullptr) == WEIR_OK);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED).event.step;
    CHECK(weir_run_cancel(run, "\xff", 1) == WEIR_E_NOT_UTF8);
    CHECK(weir_run_cancel(run, "twice", 5) == WEIR_OK);
    CHECK(weir_run_cancel(run, "twice", 5) == WEIR_OK);
    const auto all = h.until_finished(1, 0);  // nobody answers
    CHECK(all.back().event.outcome == WEIR_CANCELLED);
    CHECK(finish(x, WEIR_SUCCEEDED) == WEIR_E_STALE);
    CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_E_STALE);
}

TEST_CASE("a runtime whose runs go on is busy, and then it is not") {
    host h{2};
    h.start(two_steps);
    CHECK(weir_runtime_destroy_wait(h.runtime) == WEIR_E_BUSY);
    CHECK(weir_runtime_poll(h.runtime, 0, nullptr) == WEIR_E_BAD_STATE);
    h.until_finished();
    CHECK(weir_runtime_destroy_wait(h.runtime) == WEIR_OK);
    CHECK(weir_runtime_destroy_wait(h.runtime) == WEIR_E_STALE);
    h.runtime = 0;
}

TEST_CASE("a runtime may go at once when its last run has finished, whoever just answered") {
    const auto plan = load(pipeline(stage("a", step("x"))));
    for (int i = 0; i < 200; ++i) {
        host h{1, 0};
        weir_run run = 0;
        REQUIRE(weir_run_start(h.runtime, plan, h.queue, nullptr, &run, nullptr) == WEIR_OK);
        weir_step x = 0;
        while (x == 0) {
            for (const auto& t : h.take())
                x = t.event.step != 0 ? t.event.step : x;
        }
        weir_status answered = WEIR_E_INTERNAL;
        std::thread answers{[x, &answered] { answered = finish(x, WEIR_SUCCEEDED); }};
        h.until_finished();
        CHECK(weir_runtime_destroy_wait(h.runtime) ==
              WEIR_OK);  // the other may still be in its call
        h.runtime = 0;
        answers.join();
        CHECK(answered == WEIR_OK);
    }
    CHECK(weir_plan_release(plan) == WEIR_OK);
}

TEST_CASE("several threads poll one runtime: one at a time, and the others are told") {
    host h;
    const auto plan = load(two_steps);
    auto options = sized<weir_run_options>();
    options.flags = WEIR_RUN_SIMULATE;
    options.simulation = R"({"default_ms": 1})";
    options.simulation_length = 17;
    for (int i = 0; i < 50; ++i) {
        weir_run run = 0;
        REQUIRE(weir_run_start(h.runtime, plan, h.queue, &options, &run, nullptr) == WEIR_OK);
    }
    CHECK(weir_plan_release(plan) == WEIR_OK);
    std::atomic<bool> over{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            while (!over) {
                int64_t next = 5;
                const auto status = weir_runtime_poll(h.runtime, 3, &next);
                wrong += status != WEIR_OK && status != WEIR_E_BUSY;
                std::this_thread::yield();
            }
        });
    }
    std::size_t finished = 0;
    std::array<weir_event, 64> events{};
    while (finished < 50) {
        uint32_t count = 0;
        CHECK(weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 64, &count) == WEIR_OK);
        for (uint32_t i = 0; i < count; ++i)
            finished += events[i].kind == WEIR_EVENT_RUN_FINISHED;
        if (count == 0)
            h.wait(1);
    }
    over = true;
    for (auto& t : threads)
        t.join();
    CHECK(wrong == 0);
}

TEST_CASE("a child after fork is told whose the handles are, and can have its own") {
    host h{2};
    const auto run = h.start(two_steps);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED).event.step;
    const auto plan = load(two_steps);
    const int wrong = in_child([&] {
        std::array<weir_event, 4> events{};
        uint32_t count = 0;
        int32_t descriptor = 0;
        weir_run made = 0;
        int bad = 0;
        bad += weir_runtime_poll(h.runtime, 0, nullptr) != WEIR_E_FORKED;
        bad += weir_runtime_destroy_wait(h.runtime) != WEIR_E_FORKED;
        bad += weir_run_start(h.runtime, plan, h.queue, nullptr, &made, nullptr) != WEIR_E_FORKED;
        bad += weir_run_cancel(run, nullptr, 0) != WEIR_E_FORKED;
        bad += finish(x, WEIR_SUCCEEDED) != WEIR_E_FORKED;
        bad += weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 4, &count) !=
               WEIR_E_FORKED;
        bad += weir_queue_wake(h.queue) != WEIR_E_FORKED;
        bad += weir_queue_descriptor(h.queue, &descriptor) != WEIR_E_FORKED;
        bad += weir_queue_destroy(h.queue) != WEIR_E_FORKED;
        // A runtime of its own, with a plan of the parent's.
        auto polled = sized<weir_runtime_options>();
        polled.flags = WEIR_RUNTIME_POLLED;
        polled.clock = WEIR_CLOCK_VIRTUAL;
        auto simulated = sized<weir_run_options>();
        simulated.flags = WEIR_RUN_SIMULATE;
        weir_runtime runtime = 0;
        weir_queue queue = 0;
        bad += weir_runtime_create(&polled, &runtime, nullptr) != WEIR_OK;
        bad += weir_queue_create(nullptr, &queue, nullptr) != WEIR_OK;
        bad += weir_run_start(runtime, plan, queue, &simulated, &made, nullptr) != WEIR_OK;
        bad += weir_runtime_poll(runtime, 0, nullptr) != WEIR_OK;
        bad += weir_runtime_destroy_wait(runtime) != WEIR_OK;
        bad += weir_queue_destroy(queue) != WEIR_OK;
        return bad;
    });
    CHECK(wrong == 0);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    CHECK(finish(x, WEIR_SUCCEEDED) == WEIR_OK);
    h.until_finished();
}

TEST_CASE("a fork in the midst of calls leaves the child's library usable") {
    host h{2};
    std::atomic<bool> over{false};
    std::thread busy{[&] {
        while (!over) {
            weir_plan plan = 0;
            (void)weir_plan_load(two_steps.data(), two_steps.size(), nullptr, &plan, nullptr,
                                 nullptr);
            (void)weir_plan_release(plan);
        }
    }};
    for (int i = 0; i < 20; ++i) {
        CHECK(in_child([] {
                  weir_text text = 0;
                  return weir_text_release(text) == WEIR_OK && weir_plan_release(0) == WEIR_OK &&
                                 weir_run_cancel(1, nullptr, 0) == WEIR_E_STALE &&
                                 weir_plan_release(1) == WEIR_E_STALE
                             ? 0
                             : 1;
              }) == 0);
    }
    over = true;
    busy.join();
}
