// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <deque>
#include <string>

#include "fibers/event.hpp"
#include "fibers/locks.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("a key is held by one at a time, in the order in which they asked") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        locks all;
        std::string order;
        {
            crew lanes{w};
            for (char name : std::string{"abcd"}) {
                lanes.spawn([&, name] {
                    locks::request mine;
                    REQUIRE(all.acquire(mine, w, "production") == acquired::yes);
                    CHECK(mine.held());
                    order += name;
                    w.current()->yield();
                    order += name;
                    all.release(mine);
                    CHECK_FALSE(mine.held());
                });
            }
        }
        CHECK(order == "aabbccdd");
        CHECK(all.size() == 0);
    });
}

TEST_CASE("who only tries does not wait, and does not overtake") {
    world here;
    here.run([](worker& w) {
        locks all;
        locks::request first;
        locks::request trying;
        CHECK(all.try_acquire(trying, "agents", 4, 3) == acquired::too_many);
        CHECK(all.size() == 0);
        REQUIRE(all.try_acquire(first, "agents", 2, 3) == acquired::yes);
        CHECK(first.held());
        CHECK(all.try_acquire(trying, "agents", 2, 3) == acquired::not_now);
        CHECK_FALSE(trying.held());
        locks::request waiting;
        {
            crew lanes{w};
            lanes.spawn([&] { CHECK(all.acquire(waiting, w, "agents", 2, 3) == acquired::yes); });
            w.current()->yield();
            CHECK(all.try_acquire(trying, "agents", 1, 3) == acquired::not_now);
            all.release(first);
        }
        REQUIRE(waiting.held());
        CHECK(all.try_acquire(trying, "agents", 1, 3) == acquired::yes);
        all.release(waiting);
        all.release(trying);
        CHECK(all.size() == 0);
    });
}

TEST_CASE("keys are locked apart from each other") {
    world here;
    here.run([](worker& w) {
        locks all;
        locks::request one;
        locks::request other;
        REQUIRE(all.acquire(one, w, "staging") == acquired::yes);
        REQUIRE(all.acquire(other, w, "production") == acquired::yes);
        CHECK(all.size() == 2);
        all.release(one);
        all.release(other);
    });
}

TEST_CASE("who asks for less does not overtake who asks for more") {
    world here;
    here.run([](worker& w) {
        locks all;
        locks::request two;
        REQUIRE(all.acquire(two, w, "agents", 2, 3) == acquired::yes);
        std::string order;
        {
            crew lanes{w};
            for (std::uint32_t permits : {3U, 1U, 1U}) {
                lanes.spawn([&, permits] {
                    locks::request mine;
                    REQUIRE(all.acquire(mine, w, "agents", permits, 3) == acquired::yes);
                    order += static_cast<char>('0' + permits);
                    w.current()->yield();
                    all.release(mine);
                });
            }
            settle(w);
            CHECK(order.empty());
            all.release(two);
        }
        CHECK(order == "311");
    });
}

TEST_CASE("what no key could ever grant is refused at once, and leaves no key behind") {
    world here;
    here.run([](worker& w) {
        locks all;
        locks::request r;
        CHECK(all.acquire(r, w, "agents", 4, 3) == acquired::too_many);
        CHECK(all.acquire(r, w, "agents", 0, 3) == acquired::too_many);
        CHECK(all.acquire(r, w, "agents", 1, 0) == acquired::too_many);
        CHECK_FALSE(r.held());
        CHECK(all.size() == 0);
    });
}

TEST_CASE("who stops waiting holds nothing, and those behind go on") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        locks all;
        locks::request one;
        REQUIRE(all.acquire(one, w, "agents", 1, 2) == acquired::yes);
        locks::request wide;
        locks::request narrow;
        crew lanes{w};
        lanes.spawn([&] { CHECK(all.acquire(wide, w, "agents", 2, 2) == acquired::cancelled); });
        lanes.spawn([&] { CHECK(all.acquire(narrow, w, "agents", 1, 2) == acquired::yes); });
        settle(w);
        CHECK(wide.waiting());
        CHECK(narrow.waiting());
        CHECK(all.cancel(wide));
        CHECK_FALSE(all.cancel(wide));
        CHECK_FALSE(all.cancel(narrow));  // granted by that, and only not woken yet
        lanes.wait();
        CHECK(narrow.held());
        all.release(one);
        all.release(narrow);
        CHECK(all.size() == 0);
    });
}

TEST_CASE("lanes of several workers hold a key one at a time, and cancels lose nothing") {
    world here{{.workers = GENERATE(1U, 2U, 4U)}};
    constexpr int each = 20;
    constexpr int rounds = 50;
    locks all;
    std::atomic<int> inside{0};
    std::atomic<int> held{0};
    std::atomic<int> given_up{0};
    std::atomic<bool> crowded{false};
    std::counting_semaphore<> over{0};
    for (std::size_t i = 0; i < here->workers(); ++i) {
        worker& w = here->at(i);
        here.on_worker(w, [&] {
            struct body {
                std::function<void()> what;
            };
            auto* b = new body{[&] {
                std::deque<locks::request> requests(each);
                {
                    crew lanes{w};
                    for (int n = 0; n < each; ++n) {
                        lanes.spawn([&, n] {
                            locks::request& mine = requests[static_cast<std::size_t>(n)];
                            for (int turn = 0; turn < rounds; ++turn) {
                                all.cancel(
                                    requests[static_cast<std::size_t>((n * 7 + turn) % each)]);
                                if (all.acquire(mine, w, "one") != acquired::yes) {
                                    ++given_up;
                                    continue;
                                }
                                crowded = crowded || inside.fetch_add(1) != 0;
                                ++held;
                                w.current()->yield();
                                --inside;
                                all.release(mine);
                            }
                        });
                    }
                }
                over.release();
            }};
            REQUIRE(w.spawn(
                        [](void* p) noexcept {
                            std::unique_ptr<body> self{static_cast<body*>(p)};
                            self->what();
                        },
                        b) != nullptr);
        });
    }
    for (std::size_t i = 0; i < here->workers(); ++i) {
        over.acquire();
    }
    CHECK_FALSE(crowded);
    CHECK(held + given_up == static_cast<int>(here->workers()) * each * rounds);
    CHECK(held > 0);
    CHECK(given_up > 0);
    CHECK(all.size() == 0);
}
