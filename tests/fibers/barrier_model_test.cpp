// SPDX-License-Identifier: BSL-1.0
// Random operations on a barrier and on the plainest model of one, side by side.
#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <random>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

constexpr std::size_t parties = 6;

struct outcome {
    verdict kind = verdict::pending;
    reason why = reason::none;
    int culprit = -1;
    std::uint32_t arrived = 0;
    std::uint32_t generation = 0;
    bool late = false;
    bool operator==(const outcome&) const = default;
};

struct visit {
    std::size_t who = 0;
    std::int64_t deadline = -1;
    std::optional<outcome> said;    // by the barrier
    std::optional<outcome> wanted;  // by the model
};

struct model {
    bool cyclic = false;
    bool open = false;
    std::uint32_t reserved = 0;
    std::uint32_t generation = 1;
    std::optional<outcome> last;  // the final decision
    std::vector<outcome> decisions;
    std::array<party_state, parties> state{};
    std::array<std::uint32_t, parties> came_in{};
    std::vector<visit*> waiting;  // in order of arrival

    std::uint32_t count(party_state s) const {
        return static_cast<std::uint32_t>(std::count(state.begin(), state.end(), s));
    }
    bool member(std::size_t i) const {
        return state[i] == party_state::expected || state[i] == party_state::arrived;
    }
    void decide(verdict kind, reason why, int culprit, std::uint32_t arrived) {
        const outcome d{kind, why, culprit, arrived, generation, false};
        decisions.push_back(d);
        for (visit* v : waiting) {
            v->wanted = d;
        }
        waiting.clear();
        if (kind == verdict::released && cyclic) {
            ++generation;
            std::replace(state.begin(), state.end(), party_state::arrived, party_state::expected);
        } else {
            last = d;
        }
    }
    void evaluate() {
        if (!last && open && reserved == 0 && count(party_state::expected) == 0) {
            const auto n = count(party_state::arrived);
            decide(n > 0 ? verdict::released : verdict::voided, reason::none, -1, n);
        }
    }
    void arrive(visit& v) {
        if (last) {
            v.wanted = last;
            v.wanted->late = came_in[v.who] != generation;
        } else if (state[v.who] != party_state::expected) {
            v.wanted = {.generation = generation, .late = true};
        } else {
            state[v.who] = party_state::arrived;
            came_in[v.who] = generation;
            waiting.push_back(&v);
            evaluate();
        }
    }
    void take_back(std::size_t i) {
        auto at =
            std::find_if(waiting.begin(), waiting.end(), [i](visit* v) { return v->who == i; });
        (*at)->wanted = outcome{.generation = generation};
        waiting.erase(at);
        came_in[i] = 0;
    }
    bool withdraw(std::size_t i) {
        if (last || !member(i)) {
            return false;
        }
        if (state[i] == party_state::arrived) {
            take_back(i);
        }
        state[i] = party_state::withdrawn;
        evaluate();
        return true;
    }
    bool retract(std::size_t i) {
        if (last || state[i] != party_state::arrived) {
            return false;
        }
        take_back(i);
        state[i] = party_state::expected;
        return true;
    }
    bool fail(std::size_t i, reason why) {
        if (last || !member(i)) {
            return false;
        }
        const auto n = count(party_state::arrived);
        state[i] = party_state::failed;
        decide(verdict::broken, why, static_cast<int>(i), n);
        return true;
    }
    bool expect(std::size_t i) {
        if (last) {
            return false;
        }
        if (!member(i)) {
            state[i] = party_state::expected;
            came_in[i] = 0;
        }
        return true;
    }
    // Time has gone on to `now`.
    void expire(std::int64_t now) {
        visit* first = nullptr;
        for (visit* v : waiting) {
            if (v->deadline >= 0 && v->deadline <= now &&
                (!first || v->deadline < first->deadline)) {
                first = v;
            }
        }
        if (first != nullptr) {
            decide(verdict::broken, reason::timed_out, static_cast<int>(first->who),
                   count(party_state::arrived));
        }
    }
};

struct trial {
    trial(worker& home, std::uint64_t seed)
        : w{home}, random{seed}, b{home, this, &trial::decided, seed % 2 == 0}, all{home} {
        m.cyclic = seed % 2 == 0;
    }

    outcome plain(const decision& d) const {
        int culprit = -1;
        for (std::size_t i = 0; i < parties; ++i) {
            culprit = d.culprit == &who[i] ? static_cast<int>(i) : culprit;
        }
        return {d.kind, d.why, culprit, d.arrived, d.generation, d.late};
    }
    static void decided(barrier& b, const decision& d) noexcept {
        auto& self = *static_cast<trial*>(b.owner);
        self.decisions.push_back(self.plain(d));
    }

    void come(std::size_t i) {
        // One lane a party: a second one would be another party.
        if (std::any_of(visits.begin(), visits.end(),
                        [i](const visit& v) { return v.who == i && !v.said; })) {
            return;
        }
        visit& v = visits.emplace_back();
        v.who = i;
        if (random() % 4 == 0) {
            v.deadline = w.now() + static_cast<std::int64_t>(random() % 500);
        }
        all.spawn([this, &v] {
            m.arrive(v);
            v.said = plain(b.arrive(who[v.who], v.deadline));
        });
    }

    void compare() {
        REQUIRE(decisions == m.decisions);
        REQUIRE(b.generation() == m.generation);
        REQUIRE(b.state() == (m.last ? m.last->kind : verdict::pending));
        REQUIRE(b.reserved() == m.reserved);
        std::size_t expected = 0;
        b.for_each_missing([&](const party&) { ++expected; });
        REQUIRE(expected == m.count(party_state::expected));
        for (std::size_t i = 0; i < parties; ++i) {
            REQUIRE(who[i].state() == m.state[i]);
        }
        if (!m.last) {
            REQUIRE(b.arrived() == m.waiting.size());
            REQUIRE(b.expected() == expected);
        }
    }

    // All ready lanes have run: whoever is still in there waits by right.
    void compare_visits() {
        for (const visit& v : visits) {
            REQUIRE(v.said.has_value() == v.wanted.has_value());
            if (v.said) {
                REQUIRE(*v.said == *v.wanted);
            }
        }
        REQUIRE(b.in_use() == !m.waiting.empty());
    }

    void step() {
        const std::size_t i = random() % parties;
        switch (random() % 24) {
        case 0:
        case 1:
        case 2:
            REQUIRE(b.expect(who[i]) == m.expect(i));
            break;
        case 3:
            if (m.reserved < 2) {
                b.reserve();
                ++m.reserved;
            }
            break;
        case 4:
        case 5:
            if (m.reserved > 0) {
                --m.reserved;
                m.evaluate();
                b.settle();
            }
            break;
        case 6:
            if (random() % 3 == 0) {
                m.open = true;
                m.evaluate();
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
                if (!m.last) {
                    m.decide(verdict::broken, reason::deadlock, -1, m.count(party_state::arrived));
                }
                b.break_now(reason::deadlock);
            } else if (random() % 16 == 0) {
                if (!m.last) {
                    m.decide(verdict::released, reason::by_hand, -1, m.count(party_state::arrived));
                }
                b.release_now();
            }
            break;
        case 11: {
            settle(w);
            weir::fibers::sleep nap{w};
            nap.for_ns(static_cast<std::int64_t>(random() % 60));
            m.expire(w.now());
            break;
        }
        case 12:
        case 13:
            settle(w);
            settle(w);
            compare_visits();
            break;
        default:
            come(i);
        }
        compare();
    }

    worker& w;
    std::mt19937_64 random;
    std::array<party, parties> who;
    barrier b;
    model m;
    std::deque<visit> visits;
    std::vector<outcome> decisions;
    crew all;
};

}  // namespace

TEST_CASE("a barrier does what its model does, whatever is done to it in whatever order") {
    std::size_t kinds[4] = {};
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        world here{{.workers = seed % 2 == 0 ? 0U : 1U,
                    .clock = clock_kind::virtual_,
                    .seed = seed % 3 == 0 ? 0 : seed}};
        here.run([&](worker& w) {
            trial t{w, seed};
            for (int i = 0; i < 150; ++i) {
                t.step();
            }
            if (!t.m.last) {
                t.m.decide(verdict::broken, reason::by_hand, -1, t.m.count(party_state::arrived));
                t.b.break_now(reason::by_hand);
            }
            t.all.wait();
            t.compare();
            t.compare_visits();
            for (const outcome& d : t.decisions) {
                ++kinds[static_cast<std::size_t>(d.kind)];
            }
        });
    }
    CHECK(kinds[static_cast<std::size_t>(verdict::released)] > 100);
    CHECK(kinds[static_cast<std::size_t>(verdict::broken)] > 100);
    CHECK(kinds[static_cast<std::size_t>(verdict::voided)] > 10);
}
