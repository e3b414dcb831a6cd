// SPDX-License-Identifier: BSL-1.0
// An agent with control flow of its own, which knows weir.h and no more: it deploys three services,
// two at a time, and each keeps its slot while it waits for the others.
#include <weir/weir.h>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

struct agent {
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    weir_gate cap = 0;
    weir_barrier migrated = 0;
    std::vector<weir_lane> services;
    std::vector<std::string> story;

    explicit agent(bool gives_slots) {
        weir_runtime_options polled{};
        polled.struct_size = sizeof polled;
        polled.flags = WEIR_RUNTIME_POLLED;
        REQUIRE(weir_runtime_create(&polled, &runtime, nullptr) == WEIR_OK);
        REQUIRE(weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK);
        weir_scope_options root{};
        root.struct_size = sizeof root;
        root.name = "release";
        root.name_length = 7;
        root.flags = WEIR_SCOPE_SEQUENTIAL;
        REQUIRE(weir_scope_open(runtime, queue, &root, &scope, nullptr) == WEIR_OK);
        REQUIRE(weir_gate_open(scope, "cap", 3, 2, &cap, nullptr) == WEIR_OK);
        REQUIRE(weir_barrier_declare(scope, "migrated", 8, nullptr, &migrated, nullptr) == WEIR_OK);
        for (const std::string_view name : {"api", "shop", "web"}) {
            weir_lane lane = 0;
            REQUIRE(weir_lane_open(scope, 0, name.data(), static_cast<uint32_t>(name.size()), 0,
                                   &lane) == WEIR_OK);
            REQUIRE(weir_lane_expect(lane, migrated) == WEIR_OK);
            services.push_back(lane);
        }
        REQUIRE(weir_barrier_open(migrated) == WEIR_OK);
        for (uint64_t who = 0; who < services.size(); ++who)
            REQUIRE(weir_lane_take_slot(services[who], cap, who) == WEIR_OK);
        serve(gives_slots);
        REQUIRE(weir_scope_close(scope) == WEIR_OK);
        serve(gives_slots);
        CHECK(weir_queue_destroy(queue) == WEIR_OK);
        CHECK(weir_runtime_destroy_wait(runtime) == WEIR_OK);
    }

    // Until nothing is told any more.
    void serve(bool gives_slots) {
        weir_event events[4];
        for (uint32_t count = 1; count != 0;) {
            REQUIRE(weir_queue_drain(queue, events, sizeof events[0], 4, &count) == WEIR_OK);
            for (uint32_t i = 0; i < count; ++i)
                act(events[i], gives_slots);
        }
    }
    void act(const weir_event& e, bool gives_slots) {
        const std::string who = e.tag < 3 ? std::to_string(e.tag) : "";
        if (e.kind == WEIR_EVENT_SLOT_DONE && e.outcome == WEIR_SUCCEEDED) {
            story.push_back(who + " migrates");
            if (gives_slots)
                REQUIRE(weir_lane_give_slot(services[e.tag], cap) == WEIR_OK);
            REQUIRE(weir_lane_arrive(services[e.tag], migrated, nullptr, 0, -1, e.tag) == WEIR_OK);
        } else if (e.kind == WEIR_EVENT_BARRIER_BROKEN) {
            story.emplace_back(e.input, e.input_length);
        } else if (e.kind == WEIR_EVENT_BARRIER_DONE) {
            story.push_back(who + ": " + weir_outcome_name(e.outcome) + ", " +
                            weir_reason_name(e.reason));
            REQUIRE(weir_lane_finish(services[e.tag], e.outcome) == WEIR_OK);
        }
    }
};

}  // namespace

TEST_CASE("an agent whose cap starves its barrier is told why, and its lanes end") {
    const agent a{false};
    CHECK(
        a.story ==
        std::vector<std::string>{
            "0 migrates", "1 migrates",
            R"({"missing":["release/web"],"message":"barrier 'migrated' waits for release/web, )"
            R"(which waits for a slot of gate 'cap', held by release/api, which waits at barrier )"
            R"('migrated'"})",
            "0: failed, deadlock", "1: failed, deadlock", "2 migrates", "2: failed, deadlock"});
}

TEST_CASE("and one that gives its slots before it waits goes on") {
    const agent a{true};
    CHECK(a.story == std::vector<std::string>{"0 migrates", "1 migrates", "2 migrates",
                                              "0: succeeded, none", "1: succeeded, none",
                                              "2: succeeded, none"});
}
