// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/library.hpp"

#include <array>

using namespace weir::plugin::test;

TEST_CASE("a handle that is zero, of another kind, invented or ended is stale, everywhere") {
    host h;
    const auto plan = load(pipeline(stage("a", step("x"))));
    const auto run = h.start(pipeline(stage("a", step("x"))));
    const auto started = h.until(WEIR_EVENT_STEP_STARTED);
    weir_text text = 0;
    REQUIRE(weir_plan_describe(plan, WEIR_FORMAT_TREE, &text) == WEIR_OK);
    const std::array<uint64_t, 9> all{h.runtime, h.queue, plan, run,         started.event.step,
                                      text,      0,       1,    ~uint64_t{0}};

    std::array<weir_event, 4> events{};
    uint32_t count = 0;
    int32_t descriptor = 0;
    const char* data = nullptr;
    weir_text other = 0;
    weir_run made = 0;
    for (const auto handle : all) {
        INFO(handle);
        if (handle != h.runtime) {
            CHECK(weir_runtime_poll(handle, 0, nullptr) == WEIR_E_STALE);
            CHECK(weir_runtime_destroy_wait(handle) == WEIR_E_STALE);
            CHECK(weir_run_start(handle, plan, h.queue, nullptr, &made, nullptr) == WEIR_E_STALE);
        }
        if (handle != h.queue) {
            CHECK(weir_queue_descriptor(handle, &descriptor) == WEIR_E_STALE);
            CHECK(weir_queue_drain(handle, events.data(), sizeof(weir_event), 4, &count) ==
                  WEIR_E_STALE);
            CHECK(weir_queue_wake(handle) == WEIR_E_STALE);
            CHECK(weir_queue_destroy(handle) == WEIR_E_STALE);
            CHECK(weir_run_start(h.runtime, plan, handle, nullptr, &made, nullptr) == WEIR_E_STALE);
        }
        if (handle != plan) {
            CHECK(weir_plan_describe(handle, WEIR_FORMAT_JSON, &other) == WEIR_E_STALE);
            CHECK(weir_plan_release(handle) == (handle == 0 ? WEIR_OK : WEIR_E_STALE));
            CHECK(weir_run_start(h.runtime, handle, h.queue, nullptr, &made, nullptr) ==
                  WEIR_E_STALE);
        }
        if (handle != run)
            CHECK(weir_run_cancel(handle, nullptr, 0) == WEIR_E_STALE);
        if (handle != started.event.step) {
            CHECK(weir_step_finish(handle, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_E_STALE);
        }
        if (handle != text) {
            CHECK(weir_text_view(handle, &data, &count) == WEIR_E_STALE);
            CHECK(weir_text_release(handle) == (handle == 0 ? WEIR_OK : WEIR_E_STALE));
        }
    }
    CHECK(made == 0);
    CHECK(weir_text_release(text) == WEIR_OK);
    CHECK(weir_text_release(text) == WEIR_E_STALE);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    CHECK(weir_plan_release(plan) == WEIR_E_STALE);
    CHECK(weir_step_finish(started.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    CHECK(weir_step_finish(started.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) ==
          WEIR_E_STALE);
    h.until_finished();
    CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_E_STALE);
}

TEST_CASE("a place that is used again has another handle") {
    const auto first = load(pipeline(stage("a", step("x"))));
    CHECK(weir_plan_release(first) == WEIR_OK);
    const auto second = load(pipeline(stage("a", step("x"))));
    CHECK(first != second);
    CHECK(weir_plan_release(first) == WEIR_E_STALE);
    CHECK(weir_plan_release(second) == WEIR_OK);
}

TEST_CASE("a null where something must be, and a null with a length, are refused") {
    host h;
    std::array<weir_event, 1> events{};
    uint32_t count = 0;
    const char* data = nullptr;
    weir_plan plan = 0;
    weir_run run = 0;
    CHECK(weir_runtime_create(nullptr, nullptr, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_create(nullptr, nullptr, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_descriptor(h.queue, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_drain(h.queue, nullptr, sizeof(weir_event), 1, &count) ==
          WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 1, nullptr) ==
          WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 0, &count) ==
          WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_drain(h.queue, events.data(), sizeof(weir_event) - 1, 1, &count) ==
          WEIR_E_STRUCT_SIZE);
    CHECK(weir_plan_load(nullptr, 3, nullptr, &plan, nullptr, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_plan_load("", 0, nullptr, nullptr, nullptr, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_plan_load(nullptr, 0, nullptr, &plan, nullptr, nullptr) == WEIR_E_DOCUMENT);
    CHECK(weir_text_view(0, nullptr, &count) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_text_view(0, &data, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_run_start(h.runtime, 0, h.queue, nullptr, nullptr, nullptr) ==
          WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_run_cancel(run, nullptr, 2) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_step_finish(0, WEIR_SUCCEEDED, nullptr, 2, nullptr, 0) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_step_finish(0, WEIR_SUCCEEDED, nullptr, 0, nullptr, 2) == WEIR_E_INVALID_ARGUMENT);
    const auto some = load(pipeline(stage("a", step("x"))));
    weir_text text = 0;
    CHECK(weir_plan_describe(some, WEIR_FORMAT_JSON, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_plan_describe(some, 99, &text) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_plan_release(some) == WEIR_OK);
}
