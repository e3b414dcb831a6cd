// SPDX-License-Identifier: BSL-1.0
#include <boost/fiber/context.hpp>
#include <boost/fiber/scheduler.hpp>
#include <boost/fiber/seat.hpp>

#include <catch2/catch_test_macros.hpp>

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/overlays/seated.hpp"

using weir::tests::heap_stacks;
using weir::tests::seated;

TEST_CASE("a thread that sits in no seat has no active context, before and after") {
    std::thread([] {
        CHECK(boost::fibers::context::active() == nullptr);
        seated seat;
        CHECK(boost::fibers::context::active() == nullptr);
        seat.poll();
        CHECK(boost::fibers::context::active() == nullptr);
    }).join();
    CHECK(boost::fibers::context::active() == nullptr);
}

TEST_CASE("seats nest on one thread: leave gives back the outer one's context") {
    seated outer;
    seated inner;
    boost::fibers::context* seen_inside = nullptr;
    boost::fibers::context* seen_after = nullptr;
    boost::fibers::context* self = nullptr;
    outer.spawn([&] {
        self = boost::fibers::context::active();
        inner.spawn([&] { seen_inside = boost::fibers::context::active(); });
        inner.poll();
        seen_after = boost::fibers::context::active();
    });
    outer.poll();
    CHECK(self != nullptr);
    CHECK(seen_inside != nullptr);
    CHECK(seen_inside != self);
    CHECK(seen_after == self);
    CHECK(boost::fibers::context::active() == nullptr);
}

TEST_CASE("two schedulers polled in turn from many threads run their fibers to the end") {
    constexpr int fibers = 32;
    constexpr int hops = 100;
    seated first;
    seated second;
    int turns[2] = {0, 0};
    int wrong = 0;
    auto body = [&wrong](seated& seat, int& count) {
        return [&wrong, &seat, &count] {
            for (int hop = 0; hop < hops; ++hop) {
                auto* before = boost::fibers::context::active();
                try {
                    throw std::runtime_error{"a hop"};
                } catch (std::runtime_error const&) {
                    wrong += std::current_exception() == nullptr;
                }
                wrong += std::current_exception() != nullptr;
                seat.yield();
                wrong += boost::fibers::context::active() != before;
                ++count;
            }
        };
    };
    for (int fiber = 0; fiber < fibers; ++fiber) {
        first.spawn(body(first, turns[0]));
        second.spawn(body(second, turns[1]));
    }
    // One hop of every fiber in each poll, each poll on a thread of its own.
    for (int poll = 0; poll <= hops; ++poll) {
        std::thread([&] {
            first.poll_once();
            second.poll_once();
        }).join();
    }
    CHECK(turns[0] == fibers * hops);
    CHECK(turns[1] == fibers * hops);
    CHECK(wrong == 0);
}

TEST_CASE("a poller's own caught exception survives a poll that ends on another thread's fibers") {
    seated seat;
    seat.spawn([&seat] {
        for (int hop = 0; hop < 4; ++hop) {
            try {
                throw hop;
            } catch (int) {
            }
            seat.yield();
        }
    });
    seat.poll_once();
    std::thread([&] {
        try {
            throw std::runtime_error{"mine"};
        } catch (std::runtime_error const&) {
            auto const mine = std::current_exception();
            seat.poll();
            CHECK(std::current_exception() == mine);
        }
        CHECK(std::current_exception() == nullptr);
    }).join();
}

TEST_CASE("a thread that polled before keeps its caught exception while another thread polls") {
    seated seat;
    seat.spawn([&seat] {
        seat.yield();
        seat.yield();
    });
    seat.poll_once();
    try {
        throw std::runtime_error{"mine"};
    } catch (std::runtime_error const&) {
        auto const mine = std::current_exception();
        std::thread([&seat] { seat.poll_once(); }).join();
        CHECK(std::current_exception() == mine);
    }
    CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("opening a seat that runs out of memory leaves nothing behind") {
    struct empty final : boost::fibers::seat::stack_source {
        boost::context::stack_context allocate() override { throw std::bad_alloc{}; }
        void deallocate(boost::context::stack_context&) noexcept override {}
    };
    empty none;
    boost::fibers::algo::algorithm::ptr_t algo{new weir::tests::ready_list};
    CHECK_THROWS_AS(boost::fibers::seat::open(algo, none), std::bad_alloc);
}

TEST_CASE("closing a seat gives back its dispatcher's stack and every fiber's") {
    heap_stacks stacks;
    {
        seated seat{stacks};
        for (int fiber = 0; fiber < 10; ++fiber) {
            seat.spawn([&seat] { seat.yield(); });
        }
        CHECK(stacks.out() == 11);
    }
    CHECK(stacks.out() == 0);
}

TEST_CASE("a seat may be opened, used and closed by three threads") {
    std::unique_ptr<seated> seat;
    int ran = 0;
    std::thread([&] { seat = std::make_unique<seated>(); }).join();
    std::thread([&] {
        seat->spawn([&] { ++ran; });
        seat->poll();
    }).join();
    std::thread([&] { seat.reset(); }).join();
    CHECK(ran == 1);
}
