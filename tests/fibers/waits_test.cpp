// SPDX-License-Identifier: BSL-1.0
#include <deque>
#include <string>

#include "fibers/event.hpp"
#include "fibers/slots.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("never more than the limit hold a slot, and those who wait get it in order") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        slots gate{w, 3};
        std::string order;
        unsigned most = 0;
        crew all{w};
        for (int i = 0; i < 10; ++i) {
            all.spawn([&, i] {
                slots::waiter me;
                REQUIRE(gate.take(me));
                most = std::max(most, gate.in_use());
                order += static_cast<char>('0' + i);
                for (int n = 0; n < 1 + i % 2; ++n) {
                    w.current()->yield();
                }
                gate.give();
            });
        }
        settle(w);
        CHECK(gate.waiting() > 0);
        all.wait();
        CHECK(most == 3);
        CHECK(order == "0123456789");
        CHECK(gate.in_use() == 0);
    });
}

TEST_CASE("a lower rank goes first") {
    world here;
    here.run([](worker& w) {
        slots gate{w, 1};
        REQUIRE(gate.try_take());
        std::string order;
        crew all{w};
        for (char rank : std::string{"21302"}) {
            all.spawn([&, rank] {
                slots::waiter me;
                me.rank = static_cast<std::uint64_t>(rank);
                CHECK(gate.take(me));
                order += rank;
                gate.give();
            });
        }
        settle(w);
        CHECK_FALSE(gate.try_take());
        gate.give();
        all.wait();
        CHECK(order == "01223");
    });
}

TEST_CASE("who is cancelled while waiting holds no slot") {
    world here;
    here.run([](worker& w) {
        slots gate{w, 1};
        REQUIRE(gate.try_take());
        slots::waiter first;
        slots::waiter second;
        int got = 0;
        crew all{w};
        all.spawn([&] { CHECK_FALSE(gate.take(first)); });
        all.spawn([&] { got += gate.take(second) ? 1 : 0; });
        settle(w);
        gate.cancel(first);
        gate.cancel(first);
        gate.give();
        gate.cancel(second);  // has its slot already
        all.wait();
        CHECK(got == 1);
        CHECK(gate.in_use() == 1);
    });
}

TEST_CASE("a limit that is raised lets the next in at once, a lowered one as slots come back") {
    world here;
    here.run([](worker& w) {
        slots gate{w, 1};
        int in = 0;
        std::deque<event> out;
        crew all{w};
        for (int i = 0; i < 6; ++i) {
            event& mine = out.emplace_back(w);
            all.spawn([&] {
                slots::waiter me;
                REQUIRE(gate.take(me));
                ++in;
                mine.wait();
                gate.give();
            });
        }
        settle(w);
        CHECK(in == 1);
        gate.set_limit(3);
        settle(w);
        CHECK(in == 3);
        gate.set_limit(1);
        out[0].set();
        out[1].set();
        settle(w);
        CHECK(in == 3);
        gate.set_limit(0);
        settle(w);
        CHECK(in == 6);
        for (event& e : out) {
            e.set();
        }
    });
}

TEST_CASE(
    "who asks for a slot without parking is called in its turn, by rank, or not if cancelled") {
    world here;
    here.run([](worker& w) {
        struct asking : slots::waiter {
            std::string* log = nullptr;
            char name = 0;
        };
        std::string log;
        std::deque<asking> all(4);
        slots gate{w, 1};
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].rank = 9 - i;
            all[i].log = &log;
            all[i].name = static_cast<char>('0' + i);
            all[i].granted = [](slots::waiter& who) noexcept {
                auto& me = static_cast<asking&>(who);
                *me.log += me.name;
            };
        }
        CHECK(gate.ask(all[0]));
        CHECK_FALSE(all[0].waiting());
        for (std::size_t i = 1; i < all.size(); ++i) {
            CHECK_FALSE(gate.ask(all[i]));
        }
        gate.cancel(all[2]);
        CHECK(log.empty());
        gate.give();
        CHECK(log == "3");
        gate.set_limit(2);
        CHECK(log == "31");
        CHECK(gate.in_use() == 2);
        CHECK(gate.waiting() == 0);
    });
}

TEST_CASE("an event that happened before the wait is remembered, and the first code counts") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        event e{w};
        CHECK(e.set(5));
        CHECK_FALSE(e.set(6));
        CHECK(e.wait() == 5);
        CHECK(e.wait() == 5);
        e.reset();
        crew all{w};
        all.spawn([&] { CHECK(e.wait() == 9); });
        settle(w);
        CHECK(e.waiting());
        e.set(9);
    });
}

TEST_CASE("join waits for all that was added, also meanwhile") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        int ended = 0;
        crew all{w};
        all.wait();
        for (int i = 0; i < 3; ++i) {
            all.spawn([&] {
                all.spawn([&] {
                    w.current()->yield();
                    ++ended;
                });
                ++ended;
            });
        }
        all.wait();
        CHECK(ended == 6);
    });
}

TEST_CASE("lanes sleep to the nanosecond on a virtual clock, in no time at all") {
    world here{{.workers = worker_counts(), .clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        const std::int64_t from = w.now();
        std::vector<std::int64_t> woke;
        crew all{w};
        for (std::int64_t ns : {36'000'000'000'001L, 5L, 1'000'000'000L, 7L, 5L}) {
            all.spawn([&, ns] {
                weir::fibers::sleep nap{w};
                CHECK(nap.for_ns(ns));
                woke.push_back(w.now() - from);
            });
        }
        all.wait();
        CHECK(woke == std::vector<std::int64_t>{5, 5, 7, 1'000'000'000, 36'000'000'000'001});
    });
}

TEST_CASE("a sleep can be cut short, also before it began") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        weir::fibers::sleep nap{w};
        nap.cancel();
        CHECK_FALSE(nap.for_ns(3'600'000'000'000));
        crew all{w};
        all.spawn([&] { CHECK_FALSE(nap.for_ns(3'600'000'000'000)); });
        settle(w);
        CHECK(nap.asleep());
        nap.cancel();
        all.wait();
        CHECK(nap.for_ns(1000));
    });
}
