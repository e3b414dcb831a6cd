// SPDX-License-Identifier: BSL-1.0
// Hours in the life of a host, as fast as they go: runs of all kinds side by side, answered late,
// failed, cancelled and paused, and scopes of its own. Whatever it has done, it has as many threads
// and descriptors as before, and no more memory. WEIR_SOAK_SECONDS says how long: 600.
#include <catch2/catch_test_macros.hpp>

#include <weir/weir.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>
#include <poll.h>
#include <unistd.h>

namespace {

using std::chrono::steady_clock;

constexpr std::size_t side_by_side = 64;
constexpr std::size_t some_growth = std::size_t{8} << 20;

std::string read(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::size_t entries(const char* folder) {
    const std::filesystem::directory_iterator all{folder};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

struct sample {
    std::size_t bytes = 0;  // resident
    std::size_t threads = entries("/proc/self/task");
    std::size_t descriptors = entries("/proc/self/fd");

    sample() {
        (void)::malloc_trim(0);
        std::ifstream statm{"/proc/self/statm"};
        std::size_t whole = 0;
        statm >> whole >> bytes;
        bytes *= static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    }
};

class busy_host {
public:
    busy_host() {
        weir_runtime_options two{};
        two.struct_size = sizeof two;
        two.workers = 2;
        REQUIRE(weir_runtime_create(&two, &runtime_, nullptr) == WEIR_OK);
        REQUIRE(weir_queue_create(nullptr, &queue_, nullptr) == WEIR_OK);
        REQUIRE(weir_queue_descriptor(queue_, &readable_.fd) == WEIR_OK);
        for (const char* name : {"meeting", "failing", "children"}) {
            documents_.push_back(read(std::filesystem::path{WEIR_SOURCE_DIR} / "tests/abi/memory" /
                                          name += ".yaml"));
        }
    }
    ~busy_host() {
        CHECK(weir_runtime_destroy_wait(runtime_) == WEIR_OK);
        CHECK(weir_queue_destroy(queue_) == WEIR_OK);
    }
    busy_host(const busy_host&) = delete;
    busy_host& operator=(const busy_host&) = delete;

    void work(std::chrono::seconds so_long) {
        const auto end = steady_clock::now() + so_long;
        while (steady_clock::now() < end) {
            while (under_way_.size() < side_by_side) {
                begin_run();
            }
            serve();
            if (draw(200) == 0) {
                meet();
            }
        }
        while (!under_way_.empty()) {
            serve();
        }
        weir_statistics left{};
        left.struct_size = sizeof left;
        REQUIRE(weir_runtime_statistics(runtime_, &left) == WEIR_OK);
        CHECK(left.lanes == 0);
        CHECK(left.timers == 0);
    }

    [[nodiscard]] std::uint64_t runs() const { return runs_; }

private:
    std::uint32_t draw(std::uint32_t of) { return static_cast<std::uint32_t>(random_() % of); }

    void begin_run() {
        static const std::string child =
            read(std::filesystem::path{WEIR_SOURCE_DIR} / "tests/abi/memory/child.yaml");
        const auto& document = documents_[draw(static_cast<std::uint32_t>(documents_.size()))];
        weir_load_options how{};
        how.struct_size = sizeof how;
        how.resolve = [](void*, const weir_reference*, weir_resolution* found) {
            found->text = child.data();
            found->text_length = child.size();
            return WEIR_OK;
        };
        weir_plan plan = 0;
        REQUIRE(weir_plan_load(document.data(), document.size(), &how, &plan, nullptr, nullptr) ==
                WEIR_OK);
        weir_run_options options{};
        options.struct_size = sizeof options;
        options.tag = ++runs_;
        weir_run run = 0;
        REQUIRE(weir_run_start(runtime_, plan, queue_, &options, &run, nullptr) == WEIR_OK);
        REQUIRE(weir_plan_release(plan) == WEIR_OK);
        under_way_.insert(options.tag);
        if (draw(20) == 0) {
            (void)weir_run_cancel(run, "enough", 6);
        } else if (draw(20) == 0) {
            (void)weir_run_pause(run, nullptr, 0);
            (void)weir_run_snapshot(run, 1);
            (void)weir_run_resume(run, nullptr, 0);
        }
    }

    void answer(weir_step step) {
        const std::string outputs = R"({"list": ["a", "b"], "n": 3})";
        const bool fails = draw(10) == 0;
        (void)weir_step_progress(step, nullptr, 0);
        (void)weir_step_finish(step, fails ? WEIR_FAILED : WEIR_SUCCEEDED, outputs.data(),
                               static_cast<std::uint32_t>(outputs.size()), "no", fails ? 2 : 0);
    }

    void take(const weir_event& e) {
        if (e.kind == WEIR_EVENT_STEP_STARTED) {
            if (draw(4) == 0) {
                late_.push_back(e.step);
            } else {
                answer(e.step);
            }
        } else if (e.kind == WEIR_EVENT_RUN_FINISHED) {
            CHECK(under_way_.erase(e.tag) == 1);
        } else if (e.kind == WEIR_EVENT_SCOPE_CLOSED) {
            ++closed_;
        } else if (e.kind == WEIR_EVENT_BARRIER_DONE) {
            CHECK(e.outcome == WEIR_SUCCEEDED);
        }
    }

    void serve() {
        std::uint32_t count = 0;
        weir_event events[64];
        REQUIRE(weir_queue_drain(queue_, events, sizeof events[0], 64, &count) == WEIR_OK);
        std::for_each_n(events, count, [&](const weir_event& e) { take(e); });
        if (count != 0) {
            return;
        }
        if (late_.empty()) {
            (void)::poll(&readable_, 1, -1);
        }
        for (const weir_step step : std::exchange(late_, {})) {
            answer(step);
        }
    }

    // Lanes of the host's own meet.
    void meet() {
        weir_scope scope = 0;
        weir_barrier barrier = 0;
        weir_barrier_options options{};
        options.struct_size = sizeof options;
        REQUIRE(weir_scope_open(runtime_, queue_, nullptr, &scope, nullptr) == WEIR_OK);
        REQUIRE(weir_barrier_declare(scope, "all", 3, &options, &barrier, nullptr) == WEIR_OK);
        std::vector<weir_lane> lanes(1 + draw(16));
        for (auto& lane : lanes) {
            REQUIRE(weir_lane_open(scope, 0, "a", 1, 0, &lane) == WEIR_OK);
            REQUIRE(weir_lane_expect(lane, barrier) == WEIR_OK);
        }
        REQUIRE(weir_barrier_open(barrier) == WEIR_OK);
        for (const auto lane : lanes) {
            REQUIRE(weir_lane_arrive(lane, barrier, "1", 1, -1, 0) == WEIR_OK);
        }
        REQUIRE(weir_scope_close(scope) == WEIR_OK);
        for (const auto before = closed_; closed_ == before;) {
            serve();
        }
    }

    weir_runtime runtime_ = 0;
    weir_queue queue_ = 0;
    pollfd readable_{-1, POLLIN, 0};
    std::vector<std::string> documents_;
    std::set<std::uint64_t> under_way_;
    std::vector<weir_step> late_;
    std::uint64_t runs_ = 0, closed_ = 0;
    std::minstd_rand random_{20261127};
};

}  // namespace

TEST_CASE("a host that goes on for hours holds no more than one that has just begun") {
    const char* const given = std::getenv("WEIR_SOAK_SECONDS");
    const std::chrono::seconds all{given ? std::atol(given) : 600};
    busy_host host;
    host.work(all / 4);  // what is kept for the next time is there by then
    const sample before;
    const auto runs = host.runs();
    host.work(all - all / 4);
    const sample after;
    std::cout << "runs " << host.runs() << ", bytes after a quarter of the time " << before.bytes
              << ", at the end " << after.bytes << '\n';
    CHECK(host.runs() > 2 * runs);
    CHECK(after.threads == before.threads);
    CHECK(after.descriptors == before.descriptors);
    CHECK(after.bytes < before.bytes + some_growth);
}
