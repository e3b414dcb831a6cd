// SPDX-License-Identifier: BSL-1.0
// The ways to reach the functions, and to hear of events.
#include <weir/weir_api.h>

#include "tests/plugin/library.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

#include <pthread.h>

using namespace weir::plugin::test;

namespace {

const std::string one_step = pipeline(stage("a", step("x")));

// Answers every step, and says when the run is over.
struct listener {
    static void take(void* context, const weir_event* events, uint32_t stride, uint32_t count) {
        auto& self = *static_cast<listener*>(context);
        const auto* at = reinterpret_cast<const unsigned char*>(events);
        for (uint32_t i = 0; i < count; ++i, at += stride) {
            const auto& e = *reinterpret_cast<const weir_event*>(at);
            ++self.seen;
            if (e.kind == WEIR_EVENT_STEP_STARTED)
                weir_step_finish(e.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0);
            if (e.kind == WEIR_EVENT_RUN_FINISHED) {
                self.ended_here = weir_queue_dispatch_end_wait(self.queue);
                self.over.release();
            }
        }
    }

    weir_queue queue;
    std::atomic<int> seen{0};
    std::atomic<weir_status> ended_here{0};
    std::binary_semaphore over{0};
};

}  // namespace

TEST_CASE("the table holds every function, and refuses a version that it does not speak") {
    const auto* const api = weir_get_api(weir_abi_version());
    REQUIRE(api != nullptr);
    CHECK(api->struct_size == sizeof(weir_api));
    CHECK(api->abi == weir_abi_version());
    CHECK(api->version == &weir_version);
    CHECK(api->loop_close == &weir_loop_close);
    const auto* slots = reinterpret_cast<void* const*>(reinterpret_cast<const char*>(api) + 8);
    for (std::size_t i = 0; i < (sizeof(weir_api) - 8) / sizeof(void*); ++i)
        CHECK(slots[i] != nullptr);
    CHECK(weir_get_api(uint32_t{WEIR_ABI_MAJOR + 1} << 16) == nullptr);
    CHECK(weir_get_api(weir_abi_version() + 1) == nullptr);
    CHECK(weir_get_api(0) == nullptr);
}

TEST_CASE("a dispatcher hands every event over, and nobody else drains meanwhile") {
    host h{1};
    listener all{h.queue};
    CHECK(weir_queue_dispatch(h.queue, nullptr, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_queue_dispatch_end_wait(h.queue) == WEIR_E_BAD_STATE);
    REQUIRE(weir_queue_dispatch(h.queue, &listener::take, &all) == WEIR_OK);
    CHECK(weir_queue_dispatch(h.queue, &listener::take, &all) == WEIR_E_BAD_STATE);
    weir_event event{};
    uint32_t count = 0;
    CHECK(weir_queue_drain(h.queue, &event, sizeof event, 1, &count) == WEIR_E_BAD_STATE);
    CHECK(weir_queue_destroy(h.queue) == WEIR_E_BUSY);
    for (int i = 0; i < 20; ++i) {
        h.start(one_step);
        all.over.acquire();
    }
    CHECK(all.seen == 20 * 8);
    CHECK(all.ended_here == WEIR_E_BAD_STATE);  // its own thread cannot
    CHECK(weir_queue_dispatch_end_wait(h.queue) == WEIR_OK);
    CHECK(weir_queue_dispatch_end_wait(h.queue) == WEIR_E_BAD_STATE);
}

TEST_CASE("the wake function is called once for the first event after an empty drain") {
    host h;
    static std::atomic<int> wakes;
    wakes = 0;
    const auto wake = [](void* by) { wakes += *static_cast<int*>(by); };
    int by = 1;
    CHECK(weir_queue_on_wake(h.queue, wake, &by) == WEIR_OK);
    h.take();
    h.start(one_step);
    CHECK(weir_queue_on_wake(h.queue, nullptr, nullptr) == WEIR_E_BAD_STATE);
    weir_runtime_poll(h.runtime, 0, nullptr);
    CHECK(wakes == 1);
    const auto x = h.take().back();
    REQUIRE(x.event.kind == WEIR_EVENT_STEP_STARTED);
    CHECK(wakes == 1);  // not armed
    CHECK(h.take().empty());
    CHECK(weir_step_finish(x.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until_finished();
    CHECK(wakes == 2);
    CHECK(weir_queue_on_wake(h.queue, nullptr, nullptr) == WEIR_OK);
    CHECK(weir_queue_on_wake(0, wake, &by) == WEIR_E_STALE);
}

TEST_CASE("the wake function is called on a thread's own stack") {
    host h{1};
    static std::atomic<bool> outside;
    outside = false;
    const auto wake = [](void*) {
        pthread_attr_t of;
        void* low = nullptr;
        std::size_t size = 0;
        pthread_getattr_np(pthread_self(), &of);
        pthread_attr_getstack(&of, &low, &size);
        pthread_attr_destroy(&of);
        const auto at = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        const auto from = reinterpret_cast<std::uintptr_t>(low);
        outside = outside || at < from || at >= from + size;
    };
    CHECK(weir_queue_on_wake(h.queue, wake, nullptr) == WEIR_OK);
    for (int i = 0; i < 20; ++i) {
        h.start(one_step);
        h.until_finished();
    }
    CHECK_FALSE(outside);
}

TEST_CASE("a queue that has been destroyed calls its wake function no more") {
    struct caller {
        std::binary_semaphore called{0};
        std::binary_semaphore destroyed{0};
        bool too_late = false;
    } all;
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    REQUIRE(weir_runtime_create(nullptr, &runtime, nullptr) == WEIR_OK);
    REQUIRE(weir_queue_create(nullptr, &queue, nullptr) == WEIR_OK);
    // Waits for what must not come, so that it would be seen.
    const auto wake = [](void* context) {
        auto& self = *static_cast<caller*>(context);
        self.called.release();
        self.too_late = self.destroyed.try_acquire_for(std::chrono::milliseconds{50});
    };
    REQUIRE(weir_queue_on_wake(queue, wake, &all) == WEIR_OK);
    REQUIRE(weir_scope_open(runtime, queue, nullptr, &scope, nullptr) == WEIR_OK);
    std::jthread closer{[&] { weir_scope_close(scope); }};
    all.called.acquire();
    std::array<weir_event, 4> events;
    uint32_t count = 0;
    CHECK(weir_queue_drain(queue, events.data(), sizeof(weir_event), 4, &count) == WEIR_OK);
    CHECK(count == 1);
    CHECK(weir_queue_destroy(queue) == WEIR_OK);
    all.destroyed.release();
    closer.join();
    CHECK_FALSE(all.too_late);
    CHECK(weir_runtime_destroy_wait(runtime) == WEIR_OK);
}

TEST_CASE("statistics say what a runtime holds") {
    host h;
    auto seen = sized<weir_statistics>();
    CHECK(weir_runtime_statistics(h.runtime, &seen) == WEIR_OK);
    CHECK(seen.runs == 0);
    CHECK(seen.workers == 0);
    h.start(one_step);
    const auto x = h.until(WEIR_EVENT_STEP_STARTED).event.step;
    CHECK(weir_runtime_statistics(h.runtime, &seen) == WEIR_OK);
    CHECK(seen.runs == 1);
    CHECK(seen.lanes == 1);
    CHECK(seen.lanes_started >= 1);
    CHECK(seen.timers >= 1);
    CHECK(seen.stack_bytes > 0);
    CHECK(weir_step_finish(x, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) == WEIR_OK);
    h.until_finished();
    weir_statistics wrong{};
    CHECK(weir_runtime_statistics(h.runtime, &wrong) == WEIR_E_STRUCT_SIZE);
    CHECK(weir_runtime_statistics(h.runtime, nullptr) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_runtime_statistics(0, &seen) == WEIR_E_STALE);
}
