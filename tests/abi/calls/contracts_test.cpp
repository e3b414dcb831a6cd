// SPDX-License-Identifier: BSL-1.0
// Who may call what from where, and what the log says of it.
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace weir::abi::test;

namespace {

// A runtime whose log is kept.
struct logging {
    explicit logging(uint32_t level = 0) {
        weir_runtime_options options{};
        options.struct_size = sizeof options;
        options.flags = WEIR_RUNTIME_POLLED;
        options.clock = WEIR_CLOCK_VIRTUAL;
        options.log = [](void* context, uint32_t at, const char* message, uint32_t length) {
            auto& self = *static_cast<logging*>(context);
            const std::lock_guard lock{self.mutex};
            self.lines.emplace_back(std::to_string(at) + " " + std::string(message, length));
        };
        options.log_context = this;
        options.log_level = level;
        REQUIRE(weir_runtime_create(&options, &runtime, nullptr) == WEIR_OK);
    }
    ~logging() { (void)weir_runtime_destroy_wait(runtime); }
    logging(const logging&) = delete;
    logging& operator=(const logging&) = delete;

    bool has(std::string_view part) {
        const std::lock_guard lock{mutex};
        return std::ranges::any_of(
            lines, [&](const std::string& l) { return l.find(part) != std::string::npos; });
    }

    weir_runtime runtime = 0;
    std::mutex mutex;
    std::vector<std::string> lines;
};

// What is called inside a function of the host's, and what it gave.
struct visit {
    const function* what;
    words arguments;
    int gave = 1000;

    void call() {
        if (gave == 1000) {
            gave = what->call(arguments.data());
        }
    }
};

weir_queue queue_that_wakes(weir_wake_function wake, void* context) {
    weir_queue made = 0;
    REQUIRE(weir_queue_create(nullptr, &made, nullptr) == WEIR_OK);
    REQUIRE(weir_queue_on_wake(made, wake, context) == WEIR_OK);
    return made;
}

// Runs a plan of one step and gives that.
weir_step start_step(weir_runtime runtime, weir_queue queue, weir_run& run) {
    weir_plan plan = 0;
    REQUIRE(weir_plan_load(a_document.data(), a_document.size(), nullptr, &plan, nullptr,
                           nullptr) == WEIR_OK);
    REQUIRE(weir_run_start(runtime, plan, queue, nullptr, &run, nullptr) == WEIR_OK);
    REQUIRE(weir_plan_release(plan) == WEIR_OK);
    REQUIRE(weir_runtime_poll(runtime, 0, nullptr) == WEIR_OK);
    weir_event events[8];
    uint32_t count = 0;
    REQUIRE(weir_queue_drain(queue, events, sizeof events[0], 8, &count) == WEIR_OK);
    const auto* const found =
        std::ranges::find(events, events + count, WEIR_EVENT_STEP_STARTED, &weir_event::kind);
    REQUIRE(found != events + count);
    return found->step;
}

}  // namespace

TEST_CASE(
    "inside a wake function only what is tagged [anywhere] may be called, and the log says so") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        logging log;
        world w;
        visit one{&f, w.good(f)};
        const weir_queue queue =
            queue_that_wakes([](void* context) { static_cast<visit*>(context)->call(); }, &one);
        REQUIRE(weir_queue_wake(queue) == WEIR_OK);
        if (f.threads == "anywhere") {
            CHECK(one.gave == (f.gives_status ? WEIR_OK : 1));
            CHECK(log.lines.empty());
        } else {
            CHECK(one.gave == WEIR_E_FORBIDDEN);
            CHECK(f.documented.contains(WEIR_E_FORBIDDEN));
            CHECK(w.untouched());
            CHECK(log.lines ==
                  std::vector<std::string>{"4 a call inside a wake function: it was refused"});
        }
        CHECK(weir_queue_destroy(queue) == WEIR_OK);
    }
}

TEST_CASE("what waits says so in its name, and nothing else waits") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        CHECK((f.blocking == "waits") == f.name.ends_with("_wait"));
    }
}

TEST_CASE("inside a log function only what is tagged [anywhere] may be called") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        visit one{&f, w.good(f)};
        weir_runtime_options options{};
        options.struct_size = sizeof options;
        options.flags = WEIR_RUNTIME_POLLED;
        options.log = [](void* context, uint32_t, const char*, uint32_t) {
            static_cast<visit*>(context)->call();
        };
        options.log_context = &one;
        options.log_level = WEIR_LOG_DEBUG;
        weir_runtime runtime = 0;
        REQUIRE(weir_runtime_create(&options, &runtime, nullptr) == WEIR_OK);  // is logged
        CHECK(one.gave == (f.threads != "anywhere" ? WEIR_E_FORBIDDEN
                           : f.gives_status        ? WEIR_OK
                                                   : 1));
        CHECK(weir_runtime_destroy_wait(runtime) == WEIR_OK);
    }
}

TEST_CASE("a forbidden call says so in the caller's error, too") {
    weir_error error{};
    error.struct_size = sizeof error;
    const weir_queue queue = queue_that_wakes(
        [](void* context) {
            weir_runtime made = 0;
            (void)weir_runtime_create(nullptr, &made, static_cast<weir_error*>(context));
        },
        &error);
    REQUIRE(weir_queue_wake(queue) == WEIR_OK);
    CHECK(error.status == WEIR_E_FORBIDDEN);
    CHECK(std::string{error.text} == "not allowed in a wake function");
    CHECK(weir_queue_destroy(queue) == WEIR_OK);
}

TEST_CASE("a second thread that polls is told that it is one too many, and so is the log") {
    logging log;
    struct {
        std::promise<void> inside, go_on;
    } meeting;
    const weir_queue queue = queue_that_wakes(
        [](void* context) {
            auto& m = *static_cast<decltype(meeting)*>(context);
            m.inside.set_value();
            m.go_on.get_future().wait();
        },
        &meeting);
    weir_plan plan = 0;
    weir_run run = 0;
    REQUIRE(weir_plan_load(a_document.data(), a_document.size(), nullptr, &plan, nullptr,
                           nullptr) == WEIR_OK);
    REQUIRE(weir_run_start(log.runtime, plan, queue, nullptr, &run, nullptr) == WEIR_OK);
    std::thread first{[&] { CHECK(weir_runtime_poll(log.runtime, 0, nullptr) == WEIR_OK); }};
    meeting.inside.get_future().wait();
    CHECK(weir_runtime_poll(log.runtime, 0, nullptr) == WEIR_E_BUSY);
    meeting.go_on.set_value();
    first.join();
    CHECK(log.lines ==
          std::vector<std::string>{"3 weir_runtime_poll: another thread is polling this runtime"});

    // What nobody drains is told of when it is dropped; what comes too late, below that level.
    REQUIRE(weir_run_cancel(run, nullptr, 0) == WEIR_OK);
    for (int i = 0; i < 3; ++i) {
        (void)weir_runtime_poll(log.runtime, 0, nullptr);
    }
    weir_event events[16];
    uint32_t count = 0;
    REQUIRE(weir_queue_drain(queue, events, sizeof events[0], 16, &count) == WEIR_OK);
    for (uint32_t i = 0; i < count; ++i) {
        (void)weir_step_finish(events[i].step, WEIR_CANCELLED, nullptr, 0, nullptr, 0);
    }
    (void)weir_runtime_poll(log.runtime, 0, nullptr);
    REQUIRE(weir_queue_destroy(queue) == WEIR_OK);
    CHECK(log.has("events were not drained, and are dropped"));
    CHECK_FALSE(log.has("weir_step_finish"));
    REQUIRE(weir_plan_release(plan) == WEIR_OK);
}

TEST_CASE("two threads that drain one queue are told of in the log") {
    logging log;
    weir_queue queue = 0;
    REQUIRE(weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK);
    std::atomic<bool> seen{false};
    const auto drain = [&] {
        while (!seen) {
            weir_event event;
            uint32_t count = 0;
            if (weir_queue_drain(queue, &event, sizeof event, 1, &count) == WEIR_E_BUSY) {
                seen = true;
            }
        }
    };
    std::thread first{drain};
    std::thread second{drain};
    first.join();
    second.join();
    CHECK(log.has("3 weir_queue_drain: another thread is draining this queue"));
    CHECK(weir_queue_destroy(queue) == WEIR_OK);
}

TEST_CASE("a log begins at its level and ends with its runtime") {
    for (const uint32_t level : {WEIR_LOG_DEBUG, WEIR_LOG_INFO}) {
        logging log{level};
        weir_queue queue = 0;
        REQUIRE(weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK);
        weir_run run = 0;
        const weir_step step = start_step(log.runtime, queue, run);
        REQUIRE(weir_step_finish(step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
        REQUIRE(weir_step_finish(step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_E_STALE);
        CHECK(log.has("2 weir_step_finish: the step was answered before"));
        CHECK(log.has("1 runtime made, workers: 0") == (level == WEIR_LOG_DEBUG));
        REQUIRE(weir_runtime_poll(log.runtime, 0, nullptr) == WEIR_OK);
        REQUIRE(weir_runtime_destroy_wait(log.runtime) == WEIR_OK);
        CHECK(log.has("1 runtime ended") == (level == WEIR_LOG_DEBUG));
        const auto lines = log.lines.size();
        REQUIRE(weir_step_finish(step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_E_STALE);
        CHECK(log.lines.size() == lines);
        CHECK(weir_queue_destroy(queue) == WEIR_OK);
    }
    weir_runtime_options options{};
    options.struct_size = sizeof options;
    options.log_level = WEIR_LOG_ERROR + 1;
    weir_runtime made = 0;
    CHECK(weir_runtime_create(&options, &made, nullptr) == WEIR_E_INVALID_ARGUMENT);
}
