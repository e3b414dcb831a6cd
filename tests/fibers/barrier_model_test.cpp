// SPDX-License-Identifier: BSL-1.0
// Random operations on a barrier and on the plainest model of one, side by side, with lanes,
// deadlines and every kind of barrier. barrier_exploration_test.cpp does all of them in small.
#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <random>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "tests/fibers/barrier_model.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

constexpr std::size_t parties = barrier_model::parties;
constexpr std::size_t the_barrier = parties;

struct visit {
    std::size_t who = 0;
    std::int64_t deadline = -1;
    std::optional<outcome> said;
};

barrier_model shape(std::uint64_t seed) {
    barrier_model m;
    m.quorum = seed % 5 == 0 ? 3 : 0;
    m.cyclic = seed % 2 == 0;
    m.completes = seed % 3 == 0;
    return m;
}

struct trial {
    trial(worker& home, std::uint64_t seed)
        : w{home},
          random{seed},
          m{shape(seed)},
          b{home,
            this,
            {.cyclic = m.cyclic,
             .quorum = m.quorum,
             .when_decided = &trial::decided,
             .complete = m.completes ? &trial::complete : nullptr}},
          patience{seed % 7 == 0 ? 300 : -1},
          all{home} {
        b.set_timeout(patience);
    }

    outcome plain(const decision& d) const {
        int culprit = -1;
        for (std::size_t i = 0; i < parties; ++i) {
            culprit = d.culprit == &who[i] ? static_cast<int>(i) : culprit;
        }
        return {d.kind, d.why, culprit, d.arrived, d.generation, d.late};
    }
    static void decided(barrier_core& b, const decision& d) noexcept {
        auto& self = *static_cast<trial*>(b.owner);
        self.decisions.push_back(self.plain(d));
    }
    static void complete(barrier_core& b) noexcept { ++static_cast<trial*>(b.owner)->completions; }

    void come(std::size_t i) {
        // One lane a party: a second one would be another party.
        if (std::any_of(visits.begin(), visits.end(),
                        [i](const visit& v) { return v.who == i && !v.said; })) {
            return;
        }
        visit& v = visits.emplace_back();
        v.who = i;
        if (random() % 4 == 0) {
            v.deadline = w.now() + 1 + static_cast<std::int64_t>(random() % 500);
        }
        all.spawn([this, &v] {
            const std::size_t before = m.waiting.size();
            m.arrive(v.who);
            if (m.waiting.size() > before) {
                watch(v.who, v.deadline);
                if (before == 0 && patience >= 0) {
                    watch(the_barrier, w.now() + patience);
                }
            }
            v.said = plain(b.arrive(who[v.who], v.deadline));
        });
    }

    void watch(std::size_t whose, std::int64_t deadline) {
        alarms.erase(whose);
        if (deadline >= 0) {
            alarms[whose] = {deadline, ++armed};
        }
    }
    // Of those who still wait.
    void forget_alarms() {
        std::erase_if(alarms, [this](const auto& a) {
            return a.first == the_barrier
                       ? m.waiting.empty()
                       : std::find(m.waiting.begin(), m.waiting.end(), a.first) == m.waiting.end();
        });
    }
    void expire() {
        for (;;) {
            forget_alarms();
            const auto first =
                std::min_element(alarms.begin(), alarms.end(),
                                 [](const auto& x, const auto& y) { return x.second < y.second; });
            if (first == alarms.end() || first->second.first > w.now()) {
                return;
            }
            const std::size_t whose = first->first;
            alarms.erase(first);
            if (m.releasing) {
                continue;
            }
            if (whose == the_barrier) {
                m.break_now(reason::timed_out);
            } else {
                m.fail(whose, reason::timed_out);
            }
        }
    }

    void compare() {
        REQUIRE(decisions == m.decisions);
        REQUIRE(b.generation() == m.generation);
        REQUIRE(b.state() == (m.last ? m.last->kind : verdict::pending));
        REQUIRE(b.reserved() == m.reserved);
        for (std::size_t i = 0; i < parties; ++i) {
            REQUIRE(who[i].state() == m.state[i]);
        }
        if (!m.last) {
            REQUIRE(b.arrived() == m.waiting.size());
            REQUIRE(b.expected() == m.count(party_state::expected));
        }
        forget_alarms();
    }

    // All ready lanes have run: whoever is still in there waits by right.
    void compare_visits() {
        std::array<std::vector<outcome>, parties> said;
        std::array<std::vector<outcome>, parties> wanted;
        for (const visit& v : visits) {
            if (v.said) {
                said[v.who].push_back(*v.said);
            }
        }
        for (const auto& a : m.answers) {
            wanted[a.who].push_back(a.said);
        }
        for (std::size_t i = 0; i < parties; ++i) {
            REQUIRE(said[i].size() == wanted[i].size());
            for (std::size_t n = 0; n < said[i].size(); ++n) {
                REQUIRE(same(said[i][n], wanted[i][n], m.generation));
            }
        }
        REQUIRE(b.in_use() == !m.waiting.empty());
    }

    void step() {
        const std::size_t i = random() % parties;
        switch (random() % 26) {
        case 0:
        case 1:
        case 2:
            REQUIRE(b.expect(who[i]) == m.expect(i));
            break;
        case 3:
            if (m.reserved < 2) {
                b.reserve();
                m.reserve();
            }
            break;
        case 4:
        case 5:
            if (m.reserved > 0) {
                m.settle();
                b.settle();
            }
            break;
        case 6:
            if (random() % 3 == 0) {
                m.open_up();
                b.open();
            }
            break;
        case 7:
            if (random() % 4 == 0) {
                REQUIRE(b.withdraw(who[i]) == m.withdraw(i));
            }
            break;
        case 8:
            REQUIRE(b.retract(who[i]) == m.retract(i));
            break;
        case 9:
            if (random() % 16 == 0) {
                REQUIRE(b.fail(who[i], reason::failed) == m.fail(i, reason::failed));
            }
            break;
        case 10:
            if (random() % 32 == 0) {
                m.break_now(reason::deadlock);
                b.break_now(reason::deadlock);
            } else if (random() % 16 == 0) {
                m.release_now();
                b.release_now();
            }
            break;
        case 11: {
            settle(w);
            weir::fibers::sleep nap{w};
            nap.for_ns(static_cast<std::int64_t>(random() % 60));
            expire();
            break;
        }
        case 12:
        case 13:
            settle(w);
            settle(w);
            compare_visits();
            break;
        case 14:
        case 15: {
            const reason why = random() % 8 == 0 ? reason::failed : reason::none;
            const std::uint32_t of = m.generation - (random() % 4 == 0 ? 1 : 0);
            m.finish(of, why);
            b.finish(of, why);
            break;
        }
        default:
            come(i);
        }
        compare();
    }

    worker& w;
    std::mt19937_64 random;
    std::array<lane_party, parties> who;
    barrier_model m;
    barrier b;
    std::deque<visit> visits;
    std::vector<outcome> decisions;
    std::map<std::size_t, std::pair<std::int64_t, std::uint64_t>> alarms;
    std::uint64_t armed = 0;
    std::int64_t patience;
    std::size_t completions = 0;
    crew all;
};

}  // namespace

TEST_CASE("a barrier does what its model does, whatever is done to it in whatever order") {
    std::size_t kinds[4] = {};
    std::size_t timeouts = 0;
    std::size_t completions = 0;
    for (std::uint64_t seed = 1; seed <= 840; ++seed) {
        CAPTURE(seed);
        world here{{.workers = seed % 2 == 0 ? 0U : 1U,
                    .clock = clock_kind::virtual_,
                    .seed = seed % 3 == 0 ? 0 : seed}};
        here.run([&](worker& w) {
            trial t{w, seed};
            for (int i = 0; i < 150; ++i) {
                t.step();
            }
            t.m.break_now(reason::by_hand);
            t.b.break_now(reason::by_hand);
            t.all.wait();
            t.compare();
            t.compare_visits();
            for (const outcome& d : t.decisions) {
                ++kinds[static_cast<std::size_t>(d.kind)];
                timeouts += d.why == reason::timed_out ? 1 : 0;
            }
            completions += t.completions;
        });
    }
    CHECK(kinds[static_cast<std::size_t>(verdict::released)] > 100);
    CHECK(kinds[static_cast<std::size_t>(verdict::broken)] > 100);
    CHECK(kinds[static_cast<std::size_t>(verdict::voided)] > 10);
    CHECK(timeouts > 20);
    CHECK(completions > 100);
}
