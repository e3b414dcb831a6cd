// SPDX-License-Identifier: BSL-1.0
// Every state of a small barrier that any order of calls can reach, and every call in each of them.
#include <catch2/catch_all.hpp>

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "tests/fibers/barrier_model.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// A barrier at which nobody waits: it writes down who would have been woken.
class bare final : public barrier_core {
public:
    bare(void* whose, const barrier_options& options) : barrier_core{whose, options} {}

    void arrive(std::size_t i) {
        const std::uint32_t generation = this->generation();
        switch (effect_on(who[i], call::arrive)) {
        case effect::waits:
            waiting.push_back(i);
            if (enter(who[i])) {
                return;
            }
            break;
        case effect::told:
            answers.push_back({i, plain(late_answer(who[i]))});
            break;
        default:
            answers.push_back({i, {.generation = generation, .late = true}});
        }
    }
    test::outcome plain(const decision& d) const {
        int culprit = -1;
        for (std::size_t i = 0; i < who.size(); ++i) {
            culprit = d.culprit == &who[i] ? static_cast<int>(i) : culprit;
        }
        return {d.kind, d.why, culprit, d.arrived, d.generation, d.late};
    }

    std::vector<std::size_t> waiting;
    std::vector<barrier_model::answer> answers;
    std::vector<test::outcome> decisions;
    std::array<party, barrier_model::parties> who;  // last: those who wait leave when they go

private:
    void wake_all() noexcept override {
        for (const std::size_t i : waiting) {
            answers.push_back({i, plain(result())});
        }
        waiting.clear();
    }
    void wake(party& p) noexcept override {
        const auto i = static_cast<std::size_t>(&p - who.data());
        std::erase(waiting, i);
        answers.push_back({i, {.generation = generation()}});
    }
    void make_room(std::uint32_t) noexcept override {}
};

enum class op : std::uint8_t {
    expect,
    arrive,
    withdraw,
    retract,
    retract_before,
    fail,
    fail_before,
    open,
    reserve,
    settle,
    finish,
    finish_badly,
    break_now,
    release_now
};
constexpr op of_a_party[] = {op::expect,         op::arrive, op::withdraw,   op::retract,
                             op::retract_before, op::fail,   op::fail_before};
constexpr op of_all[] = {op::open,         op::reserve,   op::settle,     op::finish,
                         op::finish_badly, op::break_now, op::release_now};

struct step {
    op what;
    std::size_t who = 0;
};

struct shape {
    bool cyclic;
    bool completes;
    std::uint32_t quorum;
    std::size_t parties;
    std::uint32_t generations;
};

// A barrier and its model, side by side.
struct pair {
    explicit pair(const shape& s)
        : b{this,
            {.cyclic = s.cyclic,
             .quorum = s.quorum,
             .when_decided =
                 [](barrier_core& of, const decision& d) noexcept {
                     auto& self = static_cast<bare&>(of);
                     self.decisions.push_back(self.plain(d));
                 },
             .complete = s.completes ? [](barrier_core&) noexcept {} : complete_function{}}} {
        m.cyclic = s.cyclic;
        m.completes = s.completes;
        m.quorum = s.quorum;
    }

    // False where it would be wrong use.
    bool possible(const step& s, const shape& of) const {
        if (m.generation > of.generations) {
            return false;
        }
        switch (s.what) {
        case op::open:
            return !m.open;
        case op::reserve:
            return m.reserved == 0;
        case op::settle:
            return m.reserved != 0;
        case op::arrive:  // one lane a party
            return std::find(m.waiting.begin(), m.waiting.end(), s.who) == m.waiting.end();
        default:
            return true;
        }
    }
    void take(const step& s) {
        const std::uint32_t now = m.generation;
        const std::uint32_t before = now - 1 == 0 ? now + 1 : now - 1;
        switch (s.what) {
        case op::expect:
            REQUIRE(b.expect(b.who[s.who]) == m.expect(s.who));
            break;
        case op::arrive:
            m.arrive(s.who);
            b.arrive(s.who);
            break;
        case op::withdraw:
            REQUIRE(b.withdraw(b.who[s.who]) == m.withdraw(s.who));
            break;
        case op::retract:
            REQUIRE(b.retract(b.who[s.who], now) == m.retract(s.who, now));
            break;
        case op::retract_before:
            REQUIRE_FALSE(b.retract(b.who[s.who], before));
            break;
        case op::fail:
            REQUIRE(b.fail(b.who[s.who], reason::failed) == m.fail(s.who, reason::failed));
            break;
        case op::fail_before:
            REQUIRE_FALSE(b.fail(b.who[s.who], reason::cancelled, before));
            break;
        case op::open:
            m.open_up();
            b.open();
            break;
        case op::reserve:
            m.reserve();
            b.reserve();
            break;
        case op::settle:
            m.settle();
            b.settle();
            break;
        case op::finish:
            b.finish(before);
            m.finish(now, reason::none);
            b.finish(now);
            break;
        case op::finish_badly:
            m.finish(now, reason::failed);
            b.finish(now, reason::failed);
            break;
        case op::break_now:
            m.break_now(reason::deadlock);
            b.break_now(reason::deadlock);
            break;
        case op::release_now:
            m.release_now();
            b.release_now();
            break;
        }
    }
    // Nothing but what was decided, and who was told what, can tell them apart.
    void compare() const {
        REQUIRE(b.decisions == m.decisions);
        REQUIRE(b.generation() == m.generation);
        REQUIRE(b.state() == (m.last ? m.last->kind : verdict::pending));
        REQUIRE(b.where() == (m.last        ? phase::decided
                              : m.releasing ? phase::releasing
                                            : phase::standing));
        REQUIRE(b.reserved() == m.reserved);
        REQUIRE(b.waiting == m.waiting);
        std::vector<std::size_t> missing;
        b.for_each_missing([&](const party& p) {
            missing.push_back(static_cast<std::size_t>(&p - b.who.data()));
        });
        REQUIRE(missing.size() == m.count(party_state::expected));
        std::size_t arrived = 0;
        b.for_each_arrived([&](const party&) { ++arrived; });
        REQUIRE(arrived == m.count(party_state::arrived));
        for (std::size_t i = 0; i < barrier_model::parties; ++i) {
            REQUIRE(b.who[i].state() == m.state[i]);
        }
        if (!m.last) {
            REQUIRE(b.arrived() == m.waiting.size());
            REQUIRE(b.expected() == missing.size());
        }
        REQUIRE(b.answers.size() == m.answers.size());
        for (std::size_t i = 0; i < b.answers.size(); ++i) {
            REQUIRE(b.answers[i].who == m.answers[i].who);
            // Why an arrival was taken back is what a lane adds.
            test::outcome wanted = m.answers[i].said;
            if (wanted.kind == verdict::pending) {
                wanted.why = reason::none;
                wanted.culprit = -1;
            }
            REQUIRE(same(b.answers[i].said, wanted, m.generation));
        }
    }
    // What later calls can depend on.
    std::string key() const {
        std::string k{static_cast<char>(m.generation),
                      static_cast<char>(m.reserved),
                      m.open,
                      m.releasing,
                      m.last ? static_cast<char>(1 + int(m.last->kind)) : '\0',
                      static_cast<char>(m.lost),
                      static_cast<char>(m.lost_why)};
        for (std::size_t i = 0; i < barrier_model::parties; ++i) {
            k += static_cast<char>(m.state[i]);
            k += static_cast<char>('0' + m.generation - m.came_in[i]);
        }
        for (const std::size_t i : m.waiting) {
            k += static_cast<char>('0' + i);
        }
        return k;
    }

    barrier_model m;
    bare b;
};

std::vector<step> all_steps(const shape& s) {
    std::vector<step> all;
    for (const op what : of_a_party) {
        for (std::size_t i = 0; i < s.parties; ++i) {
            all.push_back({what, i});
        }
    }
    for (const op what : of_all) {
        all.push_back({what});
    }
    return all;
}

std::size_t explore(const shape& s) {
    const std::vector<step> steps = all_steps(s);
    std::set<std::string> known;
    std::deque<std::vector<step>> frontier{{}};
    std::size_t taken = 0;
    while (!frontier.empty()) {
        const std::vector<step> path = frontier.front();
        frontier.pop_front();
        for (const step& next : steps) {
            pair here{s};
            for (const step& one : path) {
                here.take(one);
            }
            if (!here.possible(next, s)) {
                continue;
            }
            here.take(next);
            here.compare();
            ++taken;
            if (known.insert(here.key()).second) {
                frontier.push_back(path);
                frontier.back().push_back(next);
            }
        }
    }
    CHECK(known.size() > 50);
    return taken;
}

}  // namespace

TEST_CASE("in every state that calls can reach, every call does what the model does") {
    const shape shapes[] = {
        {.cyclic = false, .completes = false, .quorum = 0, .parties = 3, .generations = 1},
        {.cyclic = true, .completes = false, .quorum = 0, .parties = 2, .generations = 3},
        {.cyclic = false, .completes = true, .quorum = 0, .parties = 2, .generations = 1},
        {.cyclic = true, .completes = true, .quorum = 0, .parties = 2, .generations = 2},
        {.cyclic = false, .completes = false, .quorum = 2, .parties = 3, .generations = 1},
        {.cyclic = false, .completes = true, .quorum = 2, .parties = 3, .generations = 1},
        {.cyclic = true, .completes = false, .quorum = 1, .parties = 2, .generations = 3},
    };
    for (const shape& s : shapes) {
        CAPTURE(s.cyclic, s.completes, s.quorum, s.parties);
        WARN(explore(s) << " transitions");
    }
}
