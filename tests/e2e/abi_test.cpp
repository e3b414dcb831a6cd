// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"

#include <weir/weir.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <filesystem>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

using namespace weir::test;

namespace {

std::size_t entries(const char* directory) {
    const std::filesystem::directory_iterator all{directory};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

const std::string meeting =
    pipeline("meeting", {"ready"},
             {parallel({stage("a", {step("work", "Work", {{"n", 1}}), meet("ready")}),
                        stage("b", {step("work", "Work", {{"n", 2}}), meet("ready")})})});

// A host of one run: loads, serves by `act` until the last event, and ends everything.
struct host {
    using actor = std::function<void(host&, const weir_event&)>;

    explicit host(const std::string& document, uint32_t workers, const actor& act) {
        REQUIRE(weir_plan_load(document.data(), document.size(), nullptr, &plan, nullptr,
                               nullptr) == WEIR_OK);
        REQUIRE(weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK);
        weir_runtime_options how{};
        how.struct_size = sizeof how;
        how.workers = workers;
        how.flags = workers == 0 ? WEIR_RUNTIME_POLLED : 0;
        REQUIRE(weir_runtime_create(&how, &runtime, nullptr) == WEIR_OK);
        REQUIRE(weir_run_start(runtime, plan, queue, nullptr, &run, nullptr) == WEIR_OK);
        while (outcome == 0)
            turn(workers == 0, act);
        if (drains_once_more)
            turn(true, act);
        CHECK(weir_runtime_destroy_wait(runtime) == WEIR_OK);
        CHECK(weir_queue_destroy(queue) == WEIR_OK);
        CHECK(weir_plan_release(plan) == WEIR_OK);
    }

    void turn(bool polled, const actor& act) {
        if (polled)
            static_cast<void>(weir_runtime_poll(runtime, 0, nullptr));
        weir_event batch[16];
        uint32_t count = 0;
        REQUIRE(weir_queue_drain(queue, batch, sizeof batch[0], 16, &count) == WEIR_OK);
        if (count == 0 && !polled) {
            pollfd readable{-1, POLLIN, 0};
            REQUIRE(weir_queue_descriptor(queue, &readable.fd) == WEIR_OK);
            ::poll(&readable, 1, -1);
        }
        for (uint32_t i = 0; i < count; ++i) {
            act(*this, batch[i]);
            if (batch[i].kind == WEIR_EVENT_RUN_FINISHED)
                outcome = batch[i].outcome;
        }
    }

    weir_plan plan = 0;
    weir_queue queue = 0;
    weir_runtime runtime = 0;
    weir_run run = 0;
    weir_outcome outcome = 0;
    inline static bool drains_once_more = true;  // after the last event
};

void succeed(host&, const weir_event& event) {
    if (event.kind == WEIR_EVENT_STEP_STARTED) {
        CHECK(weir_step_finish(event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
        CHECK(weir_step_finish(event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_E_STALE);
    }
}

}  // namespace

TEST_CASE("a host in the same process leaves no descriptor and no thread behind") {
    host::drains_once_more = GENERATE(true, false);
    INFO("drained " << (host::drains_once_more ? "to the end" : "to the last event"));
    host{meeting, 1, succeed};  // whatever is made once for the process
    const std::size_t descriptors = entries("/proc/self/fd"), threads = entries("/proc/self/task");
    for (const uint32_t workers : {0u, 1u, 2u, 4u}) {
        for (int times = 0; times < 5; ++times) {
            CHECK(host{meeting, workers, succeed}.outcome == WEIR_SUCCEEDED);
        }
        CHECK(entries("/proc/self/fd") == descriptors);
        CHECK(entries("/proc/self/task") == threads);
    }
}

TEST_CASE("a step's input says what to do, and a failure reaches who waits") {
    std::set<std::string> inputs, failed;
    const host ended{
        meeting, 1, [&](host&, const weir_event& event) {
            const std::string_view path{event.path == nullptr ? "" : event.path, event.path_length};
            if (event.kind == WEIR_EVENT_NODE_FINISHED && event.outcome == WEIR_FAILED)
                failed.emplace(path);
            if (event.kind != WEIR_EVENT_STEP_STARTED)
                return;
            const auto input = weir::json::parse(std::string_view{event.input, event.input_length});
            CHECK(input["type"] == "Work");
            CHECK(input["path"] == path);
            CHECK(input["attempt"] == 1);
            inputs.insert(input["spec"].dump());
            const std::string why = "no disk";
            CHECK(weir_step_finish(event.step, path.starts_with("a") ? WEIR_FAILED : WEIR_SUCCEEDED,
                                   nullptr, 0, why.data(),
                                   static_cast<uint32_t>(why.size())) == WEIR_OK);
        }};
    CHECK(ended.outcome == WEIR_FAILED);
    CHECK(inputs == std::set<std::string>{R"({"n":1})", R"({"n":2})"});
    CHECK(failed.contains("a/work"));
    CHECK(failed.contains("b/meet_ready"));
}

TEST_CASE("a cancelled run asks the host to end its steps, and ends when they are answered") {
    int cancels = 0;
    const host ended{meeting, 1, [&](host& self, const weir_event& event) {
                         if (event.kind == WEIR_EVENT_STEP_STARTED) {
                             CHECK(weir_run_cancel(self.run, "enough", 6) == WEIR_OK);
                         }
                         if (event.kind == WEIR_EVENT_STEP_CANCEL) {
                             ++cancels;
                             CHECK(weir_step_finish(event.step, WEIR_CANCELLED, nullptr, 0, nullptr,
                                                    0) == WEIR_OK);
                         }
                     }};
    CHECK(ended.outcome == WEIR_CANCELLED);
    CHECK(cancels >= 1);
    CHECK(weir_run_cancel(ended.run, nullptr, 0) == WEIR_E_STALE);
}
