// SPDX-License-Identifier: BSL-1.0
#include <string>

#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("a lane sleeps until it is unparked and learns what it was told") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        crew all{w};
        lane* sleeper = nullptr;
        wake_code told = 0;
        all.spawn([&] {
            sleeper = w.current();
            told = w.current()->park();
        });
        settle(w);
        REQUIRE(sleeper != nullptr);
        CHECK(told == 0);
        sleeper->unpark(42);
        CHECK(told == 0);
        all.wait();
        CHECK(told == 42);
    });
}

TEST_CASE("lanes run in the order in which they became ready") {
    world here;
    here.run([](worker& w) {
        std::string order;
        crew all{w};
        for (char name = 'a'; name <= 'e'; ++name) {
            all.spawn([&w, &order, name] {
                order += name;
                w.current()->yield();
                order += static_cast<char>(name - 'a' + 'A');
            });
        }
        all.wait();
        CHECK(order == "abcdeABCDE");
    });
}

TEST_CASE("an ended lane is used again") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        for (int i = 0; i < 1000; ++i) {
            crew all{w};
            all.spawn([] {});
        }
        CHECK(w.lanes() == 1);
        CHECK(w.warm() <= 2);
        w.trim(0);
        CHECK(w.warm() == 0);
        crew all{w};
        all.spawn([] {});
    });
}

TEST_CASE("lanes are numbered by spawn, whichever stack they got") {
    world here;
    here.run([](worker& w) {
        CHECK(w.current()->number() == 1);
        for (std::uint64_t i = 2; i < 10; ++i) {
            crew all{w};
            all.spawn([&w, i] { CHECK(w.current()->number() == i); });
        }
    });
}

TEST_CASE(
    "work on the worker's own stack is done at once, on another stack, while the lane waits") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        crew all{w};
        bool other = false;
        all.spawn([&other] { other = true; });
        int local = 0;
        std::uintptr_t there = 0;
        w.on_own_stack([&] {
            char probe;
            there = reinterpret_cast<std::uintptr_t>(&probe);
            CHECK_FALSE(w.on_lane());
            w.on_own_stack([&] { local = 7; });
            all.spawn([] {});
        });
        const auto here_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        CHECK((there > here_ ? there - here_ : here_ - there) > 4096);
        CHECK(w.on_lane());
        CHECK(local == 7);
        CHECK_FALSE(other);
    });
}

TEST_CASE("a large frame is at home on the worker's own stack") {
    world here{{.workers = 1, .stack_size = 16 << 10}};
    here.run([](worker& w) {
        std::size_t sum = 0;
        w.on_own_stack([&] {
            volatile char large[256 << 10];
            for (std::size_t i = 0; i < sizeof large; i += 4096) {
                large[i] = 1;
                sum += large[i];
            }
        });
        CHECK(sum == 64);
    });
}

TEST_CASE("many lanes come and go, many at a time") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        int sum = 0;
        for (int round = 0; round < 5; ++round) {
            crew all{w};
            for (int i = 0; i < 500; ++i) {
                all.spawn([&, i] {
                    if (i % 3 == 0) {
                        w.current()->yield();
                    }
                    ++sum;
                });
            }
            all.wait();
            w.trim(round % 2 == 0 ? 0 : 100);
        }
        CHECK(sum == 2500);
    });
}
