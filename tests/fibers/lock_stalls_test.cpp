// SPDX-License-Identifier: BSL-1.0
#include <deque>
#include <string>

#include "fibers/event.hpp"
#include "fibers/locks.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

struct somebody : locks::owner {
    void is_stalled() noexcept override { ++told; }

    std::atomic<int> told{0};
};

// One that holds a key, and waits for another in a lane of its own.
struct taker {
    taker(locks& of, worker& home, std::string_view key, std::string_view called)
        : all{of}, at{home}, first{&who, called}, second{&who, called} {
        REQUIRE(all.acquire(first, at, key) == acquired::yes);
    }

    void want(crew& lanes, std::string_view key, std::uint32_t permits = 1) {
        lanes.spawn([=, this] {
            got = all.acquire(second, at, key, permits);
            if (got == acquired::yes) {
                all.release(second);
            }
            if (first.held()) {
                all.release(first);
            }
        });
        at.current()->yield();
    }
    void keeps() { all.keep(first, locks::kept::for_one, &second); }

    locks& all;
    worker& at;
    somebody who;
    locks::request first, second;
    acquired got = acquired::not_now;
};

}  // namespace

TEST_CASE("of a ring the one who asked last is refused, and the others go on") {
    world here;
    here.run([](worker& w) {
        locks all;
        taker a{all, w, "k", "a"};
        taker b{all, w, "l", "b"};
        taker c{all, w, "m", "c"};
        {
            crew lanes{w};
            a.want(lanes, "l");
            a.keeps();
            b.want(lanes, "m");
            b.keeps();
            all.find_stalls();
            CHECK_FALSE(all.is_stuck(a.second));
            c.want(lanes, "k");
            CHECK(a.who.told > 0);  // somebody waits for what it holds
            all.find_stalls();
            CHECK_FALSE(all.is_stuck(c.second));  // its owner has not said that it keeps "m" for it
            c.keeps();
            all.find_stalls();
        }
        CHECK(c.got == acquired::deadlock);
        CHECK(c.second.ring() ==
              "lock 'k' is held by a, which waits for lock 'l', held by b, which waits for lock "
              "'m', held by c, which waits for lock 'k'");
        CHECK(a.got == acquired::yes);
        CHECK(b.got == acquired::yes);
        CHECK(all.size() == 0);
    });
}

TEST_CASE("who keeps a lock for what is no lock is told, and decides") {
    world here;
    here.run([](worker& w) {
        locks all;
        taker a{all, w, "k", "a"};
        taker b{all, w, "l", "b"};
        {
            crew lanes{w};
            a.want(lanes, "l");
            b.want(lanes, "k");
            a.keeps();
            all.keep(b.first, locks::kept::for_all);
            const int before = b.who.told;
            all.find_stalls();
            CHECK(b.who.told == before + 1);
            CHECK(all.is_stuck(a.second));
            CHECK(all.is_stuck(b.second));
            CHECK(all.cancel(b.second));
        }
        CHECK(b.got == acquired::cancelled);
        CHECK(a.got == acquired::yes);
        CHECK(all.size() == 0);
    });
}

TEST_CASE("what was said of a hold is void once a wait of its owner has ended") {
    world here;
    here.run([](worker& w) {
        locks all;
        taker a{all, w, "k", "a"};
        taker b{all, w, "l", "b"};
        locks::request third{&a.who, "a"};
        REQUIRE(all.acquire(third, w, "m") == acquired::yes);
        locks::request of_a{&a.who, "a"};
        {
            crew lanes{w};
            a.want(lanes, "l");
            lanes.spawn([&] { CHECK(all.acquire(of_a, w, "l") == acquired::cancelled); });
            w.current()->yield();
            a.keeps();
            CHECK(all.cancel(of_a));
            b.want(lanes, "k");
            b.keeps();
            all.find_stalls();
            CHECK_FALSE(all.is_stuck(b.second));
            a.keeps();
            all.find_stalls();
        }
        CHECK(b.got == acquired::deadlock);
        all.release(third);
        CHECK(all.size() == 0);
    });
}

TEST_CASE("permits that come back make no ring; too few that do make one") {
    world here;
    here.run([](worker& w) {
        locks all;
        somebody one;
        somebody other;
        locks::request stays{&one, "one"};
        locks::request goes{&other, "other"};
        locks::request wants{&one, "one"};
        REQUIRE(all.acquire(stays, w, "agents", 1, 3) == acquired::yes);
        REQUIRE(all.acquire(goes, w, "agents", 2, 3) == acquired::yes);
        SECTION("two are enough") {
            crew lanes{w};
            lanes.spawn([&] {
                CHECK(all.acquire(wants, w, "agents", 2, 3) == acquired::yes);
                all.release(wants);
            });
            w.current()->yield();
            all.keep(stays, locks::kept::for_one, &wants);
            all.find_stalls();
            CHECK_FALSE(all.is_stuck(wants));
            all.release(goes);
        }
        SECTION("three are too many: one of them is its own") {
            crew lanes{w};
            lanes.spawn(
                [&] { CHECK(all.acquire(wants, w, "agents", 3, 3) == acquired::deadlock); });
            w.current()->yield();
            all.keep(stays, locks::kept::for_one, &wants);
            all.find_stalls();
            all.release(goes);
        }
        all.release(stays);
        CHECK(all.size() == 0);
    });
}
