// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <catch2/catch_all.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

// What a host does with weir.h, in few words.
namespace weir::plugin::test {

template <class Options>
Options sized() {
    Options o{};
    o.struct_size = sizeof o;
    return o;
}

inline std::string pipeline(const std::string& stages, const std::string& more = {}) {
    return "{pipeline: {identifier: p, name: p, " + more + "stages: [" + stages + "]}}";
}
inline std::string step(const std::string& id) {
    return "{step: {identifier: " + id + ", name: " + id +
           ", type: ShellScript, spec: {shell: Bash, source: {type: Inline, spec: {script: "
           "\"true\"}}}}}";
}
inline std::string stage(const std::string& id, const std::string& steps,
                         const std::string& more = {}) {
    return "{stage: {identifier: " + id + ", name: " + id + ", type: Custom, " + more +
           "spec: {execution: {steps: [" + steps + "]}}}}";
}

inline weir_plan load(const std::string& document) {
    weir_plan plan = 0;
    weir_text findings = 0;
    const auto status =
        weir_plan_load(document.data(), document.size(), nullptr, &plan, &findings, nullptr);
    const char* text = nullptr;
    uint32_t length = 0;
    weir_text_view(findings, &text, &length);
    INFO(std::string(text ? text : "", length));
    REQUIRE(status == WEIR_OK);
    CHECK(weir_text_release(findings) == WEIR_OK);
    return plan;
}

// An event that outlives the next drain.
struct told {
    explicit told(const weir_event& e)
        : event{e},
          path(e.path ? e.path : "", e.path_length),
          input(e.input ? e.input : "", e.input_length),
          json(e.json ? e.json : "", e.json_length) {}

    weir_event event;
    std::string path, input, json;
};

// A polled runtime and a queue, with whatever runs the test starts.
class host {
public:
    explicit host(uint32_t workers = 0, uint32_t queue_flags = WEIR_QUEUE_JSON,
                  weir_clock clock = WEIR_CLOCK_REAL) {
        auto of_runtime = sized<weir_runtime_options>();
        of_runtime.workers = workers;
        of_runtime.flags = workers == 0 ? WEIR_RUNTIME_POLLED : 0;
        of_runtime.clock = clock;
        REQUIRE(weir_runtime_create(&of_runtime, &runtime, nullptr) == WEIR_OK);
        auto of_queue = sized<weir_queue_options>();
        of_queue.flags = queue_flags;
        REQUIRE(weir_queue_create(&of_queue, &queue, nullptr) == WEIR_OK);
    }
    ~host() {
        if (queue != 0)
            CHECK(weir_queue_destroy(queue) == WEIR_OK);
        if (runtime != 0)
            CHECK(weir_runtime_destroy_wait(runtime) == WEIR_OK);
    }
    host(const host&) = delete;
    host& operator=(const host&) = delete;

    weir_run start(const std::string& document, uint32_t flags = 0, uint64_t tag = 0) {
        const auto plan = load(document);
        auto options = sized<weir_run_options>();
        options.flags = flags;
        options.tag = tag;
        weir_run run = 0;
        REQUIRE(weir_run_start(runtime, plan, queue, &options, &run, nullptr) == WEIR_OK);
        CHECK(weir_plan_release(plan) == WEIR_OK);
        return run;
    }

    // One drain, after polling where that is needed.
    std::vector<told> take(uint32_t capacity = 64) {
        weir_runtime_poll(runtime, 0, nullptr);
        std::vector<weir_event> events(capacity);
        uint32_t count = 99;
        CHECK(weir_queue_drain(queue, events.data(), sizeof(weir_event), capacity, &count) ==
              WEIR_OK);
        CHECK(count <= capacity);
        return {events.begin(), events.begin() + count};
    }
    // Everything until so many runs have finished; answers each step with `outcome`, unless 0.
    std::vector<told> until_finished(std::size_t runs = 1, weir_outcome outcome = WEIR_SUCCEEDED) {
        std::vector<told> all;
        while (runs > 0) {
            auto some = take();
            if (some.empty())
                wait(1);
            for (auto& t : some) {
                if (t.event.kind == WEIR_EVENT_RUN_FINISHED)
                    --runs;
                if (t.event.kind == WEIR_EVENT_STEP_STARTED && t.event.step != 0 && outcome != 0) {
                    CHECK(weir_step_finish(t.event.step, outcome, nullptr, 0, nullptr, 0) ==
                          WEIR_OK);
                }
                all.push_back(std::move(t));
            }
        }
        return all;
    }
    // The first event of a kind, among those that come.
    told until(weir_event_kind kind) {
        for (;;) {
            for (auto& t : take()) {
                if (t.event.kind == kind)
                    return t;
            }
            wait(1);
        }
    }
    // Whether the descriptor is readable, within so many milliseconds.
    bool wait(int ms) {
        int32_t descriptor = -1;
        CHECK(weir_queue_descriptor(queue, &descriptor) == WEIR_OK);
        pollfd on{descriptor, POLLIN, 0};
        return ::poll(&on, 1, ms) == 1;
    }

    weir_runtime runtime = 0;
    weir_queue queue = 0;
};

}  // namespace weir::plugin::test
