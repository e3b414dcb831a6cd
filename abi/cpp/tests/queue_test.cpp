// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <future>
#include <thread>

#include "abi/cpp/tests/host.hpp"

TEST(a_drain_gives_batches_until_there_is_nothing) {
    host h;
    weir::batch small(2);
    for (int i = 0; i < 3; ++i)
        CHECK(made(h.scope.open_below("below")).close());
    CHECK(h.queue.drain(small) && small.size() == 2);
    CHECK(small[0].seq() == 1 && small[1].seq() == 2);
    std::uint64_t seq = 0;
    for (const weir::event& each : small) {
        CHECK(each.seq() == ++seq && each.kind() == weir::event_kind::scope_closed);
        CHECK(each.path() == "below" && each.run() == 0 && each.raw().tag == each.tag());
        CHECK(each.time().count() >= 0 && each.json().empty());
    }
    CHECK(h.queue.drain(small) && small.size() == 1);
    CHECK(h.queue.drain(small) && small.empty());
    CHECK(made(h.queue.descriptor()) >= 0);
}

TEST(a_wait_ends_by_an_event_a_wake_or_its_time) {
    host h;
    CHECK(h.queue.drain_wait(h.batch, std::chrono::nanoseconds(0)) && h.batch.empty());
    CHECK(h.queue.drain_wait(h.batch, std::chrono::milliseconds(1)) && h.batch.empty());
    CHECK(h.queue.wake());
    CHECK(h.queue.drain_wait(h.batch) && h.batch.empty());
    for (int i = 0; i < 200; ++i) {
        std::thread waker([&] { CHECK(h.queue.wake()); });
        CHECK(h.queue.drain_wait(h.batch) && h.batch.empty());
        waker.join();
    }
    std::thread closer([&] { CHECK(h.scope.close()); });
    CHECK(h.until(weir::event_kind::scope_closed).tag() == 4711);
    closer.join();
}

TEST(a_wake_function_signals_in_the_descriptors_place) {
    weir::runtime runtime = made(weir::runtime::create({false, false, 1}));
    weir::queue queue = made(weir::queue::create());
    std::atomic<int> woken{0};
    auto signal = [&]() noexcept { ++woken; };
    CHECK(queue.on_wake(signal));
    CHECK(queue.on_wake(nullptr));
    CHECK(queue.on_wake(signal));
    weir::scope scope = made(weir::scope::open(runtime, queue));
    CHECK(queue.on_wake(signal).code() == weir::status::bad_state);
    CHECK(scope.close());
    CHECK(woken == 1);
}

TEST(a_dispatcher_calls_and_once_ended_does_not) {
    host h;
    std::promise<std::string> told;
    auto take = [kept = std::make_unique<int>(5), &told](weir::event_view events) {
        CHECK(*kept == 5 && events.size() == 1);
        for (const weir::event& each : events)
            told.set_value(std::string(each.path()));
    };
    weir::dispatcher first = made(weir::dispatcher::start(h.queue, std::move(take)));
    CHECK(weir::dispatcher::start(h.queue, [](weir::event_view) {}).code() ==
          weir::status::bad_state);
    CHECK(h.queue.drain(h.batch).code() == weir::status::bad_state);
    weir::dispatcher second = std::move(first);
    CHECK(first.end_wait().code() == weir::status::bad_state);
    CHECK(made(h.scope.open_below("x")).close());
    CHECK(told.get_future().get() == "x");
    weir::dispatcher& itself = second;
    second = std::move(itself);
    CHECK(second.end_wait());
    CHECK(made(h.scope.open_below("y")).close());
    CHECK(h.next().path == "y");
}

TEST(a_dispatcher_replaced_by_another_has_ended) {
    host a, b;
    std::atomic<int> calls{0};
    const auto count = [&](weir::event_view) { ++calls; };
    weir::dispatcher one = made(weir::dispatcher::start(a.queue, count));
    one = made(weir::dispatcher::start(b.queue, count));
    CHECK(a.queue.drain(a.batch));
    CHECK(b.queue.drain(b.batch).code() == weir::status::bad_state);
}
