// SPDX-License-Identifier: BSL-1.0
#include <catch2/catch_all.hpp>

#include <deque>
#include <map>
#include <random>

#include "fibers/timers.hpp"

using weir::fibers::timer;
using weir::fibers::wheel;

namespace {

struct entry : timer {
    std::pair<std::int64_t, std::uint64_t> key{};
};

}  // namespace

TEST_CASE("timers come out by deadline, equal ones in the order of arming, never early") {
    const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
    std::mt19937_64 random{seed};
    // From within one slot to beyond the last level.
    const std::int64_t spans[] = {1000,
                                  1 << 20,
                                  1 << 24,
                                  std::int64_t{1} << 31,
                                  std::int64_t{1} << 40,
                                  std::int64_t{1} << 50};
    wheel timers;
    std::deque<entry> all(300);
    std::map<std::pair<std::int64_t, std::uint64_t>, entry*> model;
    std::uint64_t sequence = 0;
    std::int64_t now = 0;
    std::size_t fired = 0;
    for (int step = 0; step < 20'000; ++step) {
        entry& e = all[random() % all.size()];
        const auto action = random() % 10;
        if (action < 6) {
            if (e.armed()) {
                model.erase(e.key);
            }
            const std::int64_t span = spans[random() % std::size(spans)];
            std::int64_t deadline = now + static_cast<std::int64_t>(random() % span);
            if (random() % 8 == 0 && !model.empty()) {
                deadline = std::max(model.begin()->first.first, now);  // one more at the same time
            }
            timers.arm(e, deadline);
            e.key = {deadline, sequence++};
            model[e.key] = &e;
        } else if (action < 8) {
            if (e.armed()) {
                model.erase(e.key);
            }
            timers.disarm(e);
        } else {
            if (!model.empty() && random() % 2 == 0) {
                now = std::max(
                    now, model.begin()->first.first + static_cast<std::int64_t>(random() % 3) - 1);
            } else {
                now += static_cast<std::int64_t>(random() % spans[random() % 5]);
            }
            while (timer* t = timers.take(now)) {
                REQUIRE_FALSE(model.empty());
                REQUIRE(model.begin()->second == t);
                REQUIRE(t->deadline() <= now);
                model.erase(model.begin());
                ++fired;
            }
            REQUIRE((model.empty() || model.begin()->first.first > now));
        }
        REQUIRE(timers.size() == model.size());
        const std::int64_t bound = timers.bound();
        REQUIRE((bound < 0) == model.empty());
        if (!model.empty()) {
            REQUIRE(bound <= model.begin()->first.first);
            if (random() % 16 == 0) {
                REQUIRE(timers.first() == model.begin()->first.first);
            }
        }
    }
    CHECK(fired > 100);
    for (entry& e : all) {
        timers.disarm(e);
    }
    CHECK(timers.first() == -1);
}

TEST_CASE("a bound is exact once its slot has come") {
    wheel timers;
    timer t;
    const std::int64_t deadline = 3'600'000'000'123;
    timers.arm(t, deadline);
    std::int64_t now = 0;
    int steps = 0;
    while (timers.bound() < deadline) {
        REQUIRE(timers.bound() > now);
        now = timers.bound();
        CHECK(timers.take(now) == nullptr);
        REQUIRE(++steps < 5);
    }
    CHECK(timers.take(deadline - 1) == nullptr);
    CHECK(timers.take(deadline) == &t);
    CHECK_FALSE(t.armed());
}
