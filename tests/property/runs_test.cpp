// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "adapters/run/simulation.hpp"
#include "fibers/runtime.hpp"
#include "tests/adapters/run/scripted.hpp"
#include "tests/property/plans.hpp"
#include "tests/support/proof.hpp"

#include <deque>
#include <iostream>
#include <map>
#include <sstream>
#include <thread>

using namespace weir;
using namespace weir::property;
using runs::event_type;
using runs::test::scripted;

namespace {

constexpr std::size_t never = ~std::size_t{0};
constexpr std::size_t stack = 128 << 10;

std::uint64_t first_seed() {
    static const auto seed = number_from("WEIR_PROPERTY_SEED", 20261123);
    return seed;
}

// WEIR_PROPERTY_PLANS, else what all random tests go by, else enough for a quick look.
std::uint64_t plans() {
    return number_from("WEIR_PROPERTY_PLANS", number_from("WEIR_RANDOM_PLANS", 2000));
}

struct attempt {
    std::uint64_t seed;
    std::shared_ptr<const plan::plan> document;
    std::string behaviour;
    std::size_t cancel_at = never;  // after so many events
};

attempt attempt_of(std::uint64_t seed) {
    dice d{seed};
    attempt made{seed, random_plan(d), random_behaviour(d)};
    if (d.in(25))
        made.cancel_at = d.below(60);
    return made;
}

// A simulated run in virtual time, on this thread. What is left behind afterwards is a failure.
std::string simulated(const attempt& a, scripted& host) {
    fibers::status why{};
    const auto runtime = fibers::runtime::create({.workers = 0,
                                                  .stack_size = stack,
                                                  .clock = fibers::clock_kind::virtual_,
                                                  .seed = a.seed % 3},
                                                 why);
    REQUIRE(runtime);
    std::string error;
    const auto steps = runs::simulation::parse(a.behaviour, error);
    REQUIRE(steps);
    {
        runs::run r{a.document, runtime->at(0), host, {.id = "r", .simulated = steps}};
        r.start();
        while (runtime->poll(a.cancel_at == never ? 0 : 1)) {
            if (host.told().all.size() >= a.cancel_at)
                host.cancel(r, "at random");
        }
        if (!host.over()) {
            std::cerr << "seed " << a.seed << " never ends\n"
                      << plan::to_tree(*a.document) << host.told().text();
            std::abort();  // a run that goes on must not be destroyed
        }
    }
    CHECK(runtime->at(0).lanes() == 0);
    CHECK(runtime->next_deadline() == -1);
    return host.told().text();
}

// Each party ends exactly once, however its lane ended; at a cyclic barrier at most once in each
// generation, and those who come when it has broken for good are told again.
std::string parties_without_one_end(const plan::plan& document, const runs::test::story& told) {
    std::map<std::string_view, bool> cyclic;
    for (const auto& barrier : document.barriers)
        cyclic[barrier.id] = barrier.cyclic;
    std::map<std::string, int> ends;
    for (const auto& r : told.all) {
        if (cyclic[r.barrier] && r.late)
            continue;
        const auto who = r.barrier + " " + r.path + " " + std::to_string(r.generation);
        if (r.type == event_type::barrier_expected) {
            ends.try_emplace(who, 0);
        } else if (r.type == event_type::barrier_arrived ||
                   r.type == event_type::barrier_withdrawn) {
            ++ends[who];
        } else if (r.type == event_type::barrier_retracted) {
            --ends[who];
        } else if (r.type == event_type::barrier_failed) {
            ends[who] = std::max(ends[who], 1);  // it may have been waiting
        }
    }
    std::string wrong;
    for (const auto& [who, times] : ends) {
        const bool once = times == 1 || (times == 0 && cyclic[who.substr(0, who.find(' '))]);
        if (!once)
            wrong += who + " ended " + std::to_string(times) + " times\n";
    }
    return wrong;
}

// No loop has more turns active than its cap; every loop has an identifier of its own.
std::string loops_over_their_cap(const plan::plan& document, const runs::test::story& told) {
    std::map<std::string_view, std::int64_t> caps;
    for (const auto& node : document.nodes) {
        if (node.loop())
            caps[node.id] = node.loop()->max_concurrency.value;
    }
    std::map<std::string, std::int64_t> active;
    std::string wrong;
    for (const auto& r : told.all) {
        if (r.type == event_type::slot_given)
            --active[r.kind];
        if (r.type == event_type::slot_taken &&
            ++active[r.kind] > caps[std::string_view{r.kind}.substr(r.kind.rfind('/') + 1)])
            wrong += r.kind + " has " + std::to_string(active[r.kind]) + " turns active\n";
    }
    return wrong;
}

void check(const attempt& a) {
    scripted host;
    const auto text = simulated(a, host);
    std::istringstream lines{text};
    const auto proved = test::prove(lines);
    const auto wrong = parties_without_one_end(*a.document, host.told()) +
                       loops_over_their_cap(*a.document, host.told());
    INFO("seed " << a.seed);
    if (!proved.holds() || !wrong.empty()) {
        if (plans() == 1)
            std::cerr << plan::to_tree(*a.document) << a.behaviour << "\n" << text;
        FAIL(test::report(proved) << wrong);
    }
    CHECK(host.told().count(event_type::step_started) ==
          host.told().count(event_type::step_finished));
    CHECK(host.told().count(event_type::slot_taken) == host.told().count(event_type::slot_given));
    scripted again;
    if (simulated(a, again) != text)
        FAIL("the same seed gives other events");
}

}  // namespace

TEST_CASE("a random run ends, its events prove it, nothing is left, and again it is the same") {
    std::cout << "WEIR_PROPERTY_SEED=" << first_seed() << " WEIR_PROPERTY_PLANS=" << plans()
              << "\n";
    for (std::uint64_t i = 0; i < plans(); ++i)
        check(attempt_of(first_seed() + i));
}

TEST_CASE("random runs beside one another: answers and cancels from other threads") {
    fibers::status why{};
    const auto runtime = fibers::runtime::create({.workers = 3, .stack_size = stack}, why);
    REQUIRE(runtime);
    dice d{first_seed()};
    constexpr std::size_t at_once = 50;
    for (std::uint64_t done = 0; done < plans() / 10; done += at_once) {
        std::deque<scripted> hosts(at_once);
        std::deque<runs::run> all;
        for (auto& host : hosts) {
            all.emplace_back(random_plan(d), runtime->place(), host,
                             runs::run_options{.id = "r", .grace_ns = 2'000'000})
                .start();
        }
        const auto started = std::chrono::steady_clock::now();
        std::thread canceller{[&, seed = d.draw()] {
            dice own{seed};
            for (std::size_t i = 0; i < at_once / 4; ++i) {
                const auto which = own.below(at_once);
                hosts[which].cancel(all[which], "at random");
            }
        }};
        for (std::size_t open = at_once; open != 0;) {
            open = 0;
            // Whoever waits out a timeout of hours, or never is to end, is cancelled after a while.
            const bool late =
                std::chrono::steady_clock::now() - started > std::chrono::milliseconds{300};
            for (std::size_t i = 0; i < at_once; ++i) {
                if (hosts[i].over())
                    continue;
                ++open;
                if (late)
                    hosts[i].cancel(all[i], "long enough");
                const auto handle = hosts[i].any(d.draw());
                if (handle == 0 || d.in(2))
                    continue;
                const auto how = d.in(85) ? runs::outcome::succeeded
                                          : static_cast<runs::outcome>(d.between(1, 5));
                hosts[i].answer(handle, how, d.in(50) ? R"({"v": 1, "list": [1, 2]})" : "",
                                "by dice");
            }
        }
        canceller.join();
        for (const auto& host : hosts) {
            std::istringstream lines{host.told().text()};
            const auto proved = test::prove(lines);
            if (!proved.holds())
                FAIL(host.told().text() << test::report(proved));
        }
    }
}
