// SPDX-License-Identifier: BSL-1.0
// Lanes that wait in a circle, with one request refused in the call that closes it, or that one and
// all that follow: the barriers break, and each lane is told once.
#include "tests/abi/memory/failing.hpp"
#include "tests/abi/memory/trials.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <string>

using namespace weir::abi::test;

namespace {

constexpr std::size_t lanes = 3;

// Each lane waits where it is needed with the next one.
struct ring {
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    std::array<weir_lane, lanes> lane{};
    std::array<weir_barrier, lanes> barrier{};
    bool ready = true;
    std::uint32_t broken = 0, explained = 0, told = 0;

    ring() {
        weir_runtime_options polled{};
        polled.struct_size = sizeof polled;
        polled.flags = WEIR_RUNTIME_POLLED;
        weir_scope_options root{};
        root.struct_size = sizeof root;
        root.flags = WEIR_SCOPE_SEQUENTIAL;
        ready = weir_runtime_create(&polled, &runtime, nullptr) == WEIR_OK &&
                weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK &&
                weir_scope_open(runtime, queue, &root, &scope, nullptr) == WEIR_OK;
        for (auto& l : lane) {
            ready = ready && weir_lane_open(scope, 0, "lane", 4, 0, &l) == WEIR_OK;
        }
        for (std::size_t i = 0; i < lanes; ++i) {
            const auto name = std::string{"a barrier whose name takes memory: "} + char('a' + i);
            ready =
                ready &&
                weir_barrier_declare(scope, name.data(), static_cast<std::uint32_t>(name.size()),
                                     nullptr, &barrier[i], nullptr) == WEIR_OK &&
                weir_lane_expect(lane[i], barrier[i]) == WEIR_OK &&
                weir_lane_expect(lane[(i + 1) % lanes], barrier[i]) == WEIR_OK &&
                weir_barrier_open(barrier[i]) == WEIR_OK;
        }
    }
    bool arrive(std::size_t i) const {
        return weir_lane_arrive(lane[i], barrier[i], nullptr, 0, -1, i) == WEIR_OK;
    }
    bool end() {
        const bool closed = weir_scope_close(scope) == WEIR_OK;
        drain();
        return closed && weir_queue_destroy(queue) == WEIR_OK &&
               weir_runtime_destroy_wait(runtime) == WEIR_OK;
    }
    void drain() {
        std::array<weir_event, 16> events{};
        std::uint32_t count = 0;
        (void)weir_queue_drain(queue, events.data(), sizeof(weir_event), 16, &count);
        for (std::uint32_t i = 0; i < count; ++i) {
            const weir_event& e = events[i];
            const bool deadlock = e.reason == WEIR_REASON_DEADLOCK;
            broken += e.kind == WEIR_EVENT_BARRIER_BROKEN && deadlock;
            explained +=
                e.kind == WEIR_EVENT_BARRIER_BROKEN && e.input != nullptr &&
                std::string_view{e.input, e.input_length}.find("message") != std::string_view::npos;
            told += e.kind == WEIR_EVENT_BARRIER_DONE && e.outcome == WEIR_FAILED && deadlock;
        }
    }
};

const char* fault_of(bool for_good, place& here) {
    bool was_short = true;
    for (here.at = 0; was_short; ++here.at) {
        ring r;
        if (!r.ready || !r.arrive(0) || !r.arrive(1)) {
            return "it cannot even begin";
        }
        {
            const shortage now{here.at, for_good};
            if (!r.arrive(2)) {
                return "the arrival was refused, though all that it takes is there";
            }
            was_short = now.came();
        }
        r.drain();
        if (r.broken != lanes || r.told != lanes) {
            return "not all have been told of the stall";
        }
        if (!was_short && r.explained != lanes) {
            return "nothing was short, and yet it is not explained";
        }
        if (!r.end()) {
            return "it cannot be ended any more";
        }
    }
    return here.at > 3 ? nullptr : "nothing was refused";
}

}  // namespace

TEST_CASE("a stall is decided, and all are told, when there is no memory for the words") {
    const bool for_good = GENERATE(false, true);
    const place end = tried([&](place& here) { return fault_of(for_good, here); });
    INFO("request " << end.at << (for_good ? " and all after it" : ""));
    CHECK(std::string{end.fault ? end.fault : ""} == "");
}
