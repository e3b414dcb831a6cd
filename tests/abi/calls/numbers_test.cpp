// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

using namespace weir::abi::test;

namespace {

constexpr int64_t least = std::numeric_limits<int64_t>::min();
constexpr int64_t most = std::numeric_limits<int64_t>::max();

word of(int64_t n) {
    return static_cast<word>(n);
}

template <class Options>
Options sized() {
    Options made{};
    made.struct_size = sizeof made;
    return made;
}

}  // namespace

TEST_CASE("a number out of its range is refused, whatever it is") {
    const std::map<std::string_view, std::vector<word>> out_of_range{
        {"outcome", {0, 7, 99, of(-1), of(INT32_MIN), INT32_MAX}},
        {"format", {5, 0x80000000, 0xFFFFFFFF}},
        {"places", {0, 0x80000001, 0xFFFFFFFF}},
        {"slots", {0}},
        {"capacity", {0}},
    };
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const auto found = out_of_range.find(f.roles[i]);
            if (found == out_of_range.end()) {
                continue;
            }
            for (const word number : found->second) {
                INFO(f.name << ", argument " << i + 1 << ": " << number);
                world w;
                words arguments = w.good(f);
                arguments[i] = number;
                CHECK(f(arguments) == WEIR_E_INVALID_ARGUMENT);
                CHECK(w.untouched());
            }
        }
    }
}

TEST_CASE("the greatest and the least numbers are accepted where there is no range") {
    const std::vector<word> extremes{0,          1,         0x7FFFFFFF, 0x80000000,
                                     0xFFFFFFFF, of(least), of(most),   of(-1)};
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const std::string& role = f.roles[i];
            const bool free = role == "tag" || role == "number" || role == "timeout" ||
                              (role == "slots" && f.name != "weir_gate_open");
            for (const word number : extremes) {
                if (!free || (role == "slots" && static_cast<uint32_t>(number) == 0)) {
                    continue;
                }
                INFO(f.name << ", argument " << i + 1 << ": " << number);
                world w;
                words arguments = w.good(f);
                arguments[i] = number;
                CHECK(f(arguments) == (f.gives_status ? WEIR_OK : 1));
            }
        }
    }
}

TEST_CASE("a name for a number that nobody knows is 'unknown', never null") {
    for (const weir_status n : {1, -20, -1000, INT32_MIN, INT32_MAX}) {
        CHECK(std::string_view{weir_status_name(n)} == "unknown");
        CHECK(std::string_view{weir_status_text(n)} != "");
    }
    for (const weir_outcome n : {0, 7, -1, INT32_MIN, INT32_MAX}) {
        CHECK(std::string_view{weir_outcome_name(n)} == "unknown");
    }
    for (const uint32_t n : {0u, 7777u, 0x80000000u, 0xFFFFFFFFu}) {
        CHECK(std::string_view{weir_event_name(n)} == "unknown");
        CHECK((n == 0 || std::string_view{weir_reason_name(n)} == "unknown"));
    }
    CHECK(weir_get_api(0) == nullptr);
    CHECK(weir_get_api(WEIR_ABI_MAJOR << 16 | (WEIR_ABI_MINOR + 1)) == nullptr);
    CHECK(weir_get_api((WEIR_ABI_MAJOR + 1) << 16) == nullptr);
    CHECK(weir_get_api(0xFFFFFFFF) == nullptr);
}

TEST_CASE("options of a barrier: negative times and impossible numbers are refused") {
    world w;
    const auto declared = [&](auto&& change) {
        auto options = sized<weir_barrier_options>();
        change(options);
        weir_barrier made = 0;
        const auto status =
            weir_barrier_declare(w.handle("scope"), "b", 1, &options, &made, nullptr);
        CHECK((status == WEIR_OK) == (made != 0));
        return status;
    };
    using o = weir_barrier_options;
    CHECK(declared([](o& x) { x.flags = 8; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.flags = 0x80000000; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.timeout_ns = -1; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.timeout_ns = least; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.parties = 0xFFFFFFFF; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.quorum = 0xFFFFFFFF; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.parties = 1, x.quorum = 2; }) == WEIR_E_INVALID_ARGUMENT);
    CHECK(declared([](o& x) { x.timeout_ns = most, x.parties = 2; }) == WEIR_OK);
    weir_barrier longest = 0;
    REQUIRE(weir_barrier_find(w.handle("scope"), "b", 1, &longest) == WEIR_OK);
    CHECK(weir_lane_arrive(w.handle("lane"), longest, nullptr, 0, most, 1) == WEIR_OK);
    CHECK(weir_runtime_poll(w.handle("runtime"), 0, nullptr) == WEIR_OK);
}

TEST_CASE("options of a run: the longest times do not overflow, negative ones are refused") {
    for (const auto member : {&weir_run_options::grace_ns, &weir_run_options::heartbeat_ns}) {
        for (const int64_t ns : {least, int64_t{-1}, most}) {
            INFO(ns);
            world w;
            auto options = sized<weir_run_options>();
            options.*member = ns;
            weir_run run = 0;
            CHECK(weir_run_start(w.handle("runtime"), w.handle("plan"), w.handle("queue"), &options,
                                 &run, nullptr) == (ns < 0 ? WEIR_E_INVALID_ARGUMENT : WEIR_OK));
            if (run == 0) {
                continue;
            }
            weir_event events[32];
            uint32_t count = 0;
            CHECK(weir_runtime_poll(w.handle("runtime"), 0, nullptr) == WEIR_OK);
            CHECK(weir_queue_drain(w.handle("queue"), events, sizeof events[0], 32, &count) ==
                  WEIR_OK);
            CHECK(weir_run_cancel(run, nullptr, 0) == WEIR_OK);
            for (uint32_t i = 0; i < count; ++i) {
                if (events[i].kind == WEIR_EVENT_STEP_STARTED) {
                    CHECK(weir_step_finish(events[i].step, WEIR_SUCCEEDED, nullptr, 0, nullptr,
                                           0) == WEIR_OK);
                }
            }
        }
    }
}

TEST_CASE("a loop of more instances than there is memory is walked all the same, or refused") {
    for (const char* const text :
         {"parallelism: 1000000", "parallelism: 999999999999", "parallelism: -1",
          "parallelism: 18446744073709551616", "repeat: {times: 4294967296}"}) {
        INFO(text);
        for (const uint64_t limit : {uint64_t{0}, ~uint64_t{0}}) {
            auto options = sized<weir_loop_options>();
            options.most = limit;
            weir_loop loop = 0;
            const auto status =
                weir_loop_open(text, static_cast<uint32_t>(std::char_traits<char>::length(text)),
                               &options, &loop, nullptr, nullptr, nullptr, nullptr);
            CHECK((status == WEIR_OK || status == WEIR_E_DOCUMENT));
            weir_instance one{};
            uint32_t count = 0;
            CHECK(weir_loop_next(loop, &one, sizeof one, 1, &count) ==
                  (status == WEIR_OK ? WEIR_OK : WEIR_E_STALE));
            CHECK(weir_loop_close(loop) == WEIR_OK);
        }
    }
}
