// SPDX-License-Identifier: BSL-1.0
#if defined(__cpp_impl_coroutine)
#include <weir/await.hpp>

#include <coroutine>
#include <cstdlib>

#include "abi/cpp/tests/host.hpp"

namespace {

/// A coroutine that begins at once and is nobody's.
struct task {
    struct promise_type {
        task get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::abort(); }
    };
};

task meet(weir::lane& lane, weir::barrier at, weir::gate gate, int& through) {
    const weir::result<weir::ending> slot = co_await weir::take_slot(lane, gate);
    if (slot.code() != weir::status::ok)
        co_return;
    CHECK(lane.give_slot(gate));
    weir::result<weir::ending> met = co_await weir::arrive(lane, at, {"1"});
    if (met)
        through += met->outcome == weir::outcome::succeeded ? 1 : 100;
}

task arrive_in_vain(const weir::lane& lane, weir::barrier at, weir::status& said) {
    const weir::result<weir::ending> met = co_await weir::arrive(lane, at);
    said = met.code();
}

}  // namespace

TEST(coroutines_wait_for_slots_and_each_other) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b"), c = h.lane("c");
    const weir::barrier at = h.meeting("at", {}, a, b);
    const weir::gate gate = made(h.scope.open_gate("gate", 1));
    int through = 0;
    meet(a, at, gate, through);
    meet(b, at, gate, through);
    while (through < 2) {
        REQUIRE(h.queue.drain_wait(h.batch, std::chrono::seconds(60)));
        for (const weir::event& each : h.batch) {
            CHECK(weir::resume(each) == !weir::is_decision(each));
        }
    }
    CHECK(through == 2);
    weir::status said = weir::status::ok;
    arrive_in_vain(c, at, said);
    CHECK(said == weir::status::not_expected);
}
#endif
