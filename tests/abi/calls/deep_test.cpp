// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace weir::abi::test;

// Nobody's stack holds a million calls: not the host's that drains, not a lane's.
TEST_CASE("values nested a million deep pass through a run whose events are JSON") {
    const std::string nest = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    const std::string deep = R"({"a":)" + nest + "}";
    const auto length = static_cast<uint32_t>(deep.size());
    weir_queue_options options{};
    options.struct_size = sizeof options;
    options.flags = WEIR_QUEUE_JSON;
    weir_queue queue = 0;
    weir_run run = 0;
    world w;
    REQUIRE(weir_queue_create(&options, &queue, nullptr) == WEIR_OK);
    REQUIRE(weir_run_start(w.handle("runtime"), w.handle("plan"), queue, nullptr, &run, nullptr) ==
            WEIR_OK);
    weir_outcome outcome = 0;
    for (int turn = 0; turn < 20 && outcome == 0; ++turn) {
        weir_event events[8];
        uint32_t count = 0;
        REQUIRE(weir_runtime_poll(w.handle("runtime"), 0, nullptr) == WEIR_OK);
        REQUIRE(weir_queue_drain(queue, events, sizeof events[0], 8, &count) == WEIR_OK);
        for (uint32_t i = 0; i < count; ++i) {
            if (events[i].kind == WEIR_EVENT_RUN_FINISHED) {
                outcome = events[i].outcome;
            }
            if (events[i].kind == WEIR_EVENT_STEP_STARTED) {
                const weir_step step = events[i].step;
                CHECK(weir_step_progress(step, deep.data(), length) == WEIR_OK);
                REQUIRE(weir_runtime_poll(w.handle("runtime"), 0, nullptr) == WEIR_OK);
                CHECK(weir_step_finish(step, WEIR_SUCCEEDED, deep.data(), length, nullptr, 0) ==
                      WEIR_OK);
            }
        }
    }
    CHECK(outcome != 0);
    CHECK(w.end());
    CHECK(weir_queue_destroy(queue) == WEIR_OK);
}
