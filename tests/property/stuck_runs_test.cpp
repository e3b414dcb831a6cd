// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/run/simulation.hpp"
#include "fibers/runtime.hpp"
#include "tests/adapters/run/scripted.hpp"
#include "tests/property/plans.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iostream>

using namespace weir;
using namespace weir::property;
using check::verdict;
using runs::event_type;
using runs::test::scripted;

namespace {

std::uint64_t first_seed() {
    return number_from("WEIR_PROPERTY_SEED", 20261128);
}

std::uint64_t plans() {
    return number_from("WEIR_PROPERTY_PLANS", number_from("WEIR_RANDOM_PLANS", 2000));
}

struct ending {
    bool stuck = false;         // a ring was found
    bool waited = false;        // somebody waited until his patience of ten hours was over
    bool failed_first = false;  // and something had failed before
    bool succeeded = false;
};

// Without one who has failed, a quorum may be out of reach for a while, and locks are asked for in
// other orders: which of all failures may come together is not what the checker looks at there.
bool hangs_on_who_fails(const plan::plan& p) {
    return std::ranges::any_of(p.barriers, [](const auto& b) { return b.quorum != 0; }) ||
           std::ranges::any_of(p.nodes,
                               [](const auto& n) { return n.kind == plan::node_kind::lock; });
}

// Runs it in virtual time.
ending run_of(const std::shared_ptr<const plan::plan>& p, const std::string& behaviour,
              std::uint64_t seed, std::string& story) {
    fibers::status why{};
    const auto runtime = fibers::runtime::create({.workers = 0,
                                                  .stack_size = 128 << 10,
                                                  .clock = fibers::clock_kind::virtual_,
                                                  .seed = seed},
                                                 why);
    REQUIRE(runtime);
    std::string error;
    const auto steps = runs::simulation::parse(behaviour, error);
    REQUIRE(steps);
    scripted host;
    runs::run r{p, runtime->at(0), host, {.id = "r", .simulated = steps}};
    r.start();
    while (runtime->poll(0)) {
    }
    REQUIRE(host.over());
    story = host.told().text();
    const auto& all = host.told().all;
    const auto stuck = std::ranges::find_if(all, [](const auto& e) {
        return e.reason == "deadlock" || e.error == "Deadlock";
    });
    const bool waited = std::ranges::any_of(all, [](const auto& e) {
        return e.reason == "timeout" || e.how == runs::outcome::timed_out;
    });
    const bool failed = std::any_of(all.begin(), stuck, [](const auto& e) {
        return e.type == event_type::node_finished && e.how == runs::outcome::failed;
    });
    return {stuck != all.end(), waited, failed, all.back().how == runs::outcome::succeeded};
}

}  // namespace

TEST_CASE(
    "what the checker calls sound never gets stuck, whatever fails; what it calls a deadlock "
    "does") {
    std::cout << "WEIR_PROPERTY_SEED=" << first_seed() << " WEIR_PROPERTY_PLANS=" << plans()
              << "\n";
    std::uint64_t sound = 0;
    std::uint64_t deadlocks = 0;
    for (std::uint64_t i = 0; i < plans(); ++i) {
        dice d{first_seed() + i};
        const auto p = random_plan(d, true);
        plan::diagnostics findings;
        const auto said = check::check(*p, findings);
        std::string story;
        INFO("seed " << first_seed() + i << "\n" << plan::to_tree(*p));
        if (said == verdict::sound) {
            ++sound;
            for (std::uint64_t seed = 0; seed < 3; ++seed) {
                const auto end = run_of(p, random_behaviour(d), seed, story);
                if (end.waited) {
                    FAIL("a stall was not seen\n" << story);
                }
                if (end.stuck && !(end.failed_first && hangs_on_who_fails(*p))) {
                    FAIL("it is called sound and gets stuck\n" << story);
                }
            }
        } else if (said == verdict::deadlock) {
            ++deadlocks;
            const auto end = run_of(p, R"({"default_ms": 1000})", i % 3, story);
            if (end.waited) {
                FAIL("a stall was not seen\n" << story);
            }
            if (end.succeeded && !end.stuck) {
                INFO(findings.all().front().message);
                FAIL("it is called a deadlock and succeeds\n" << story);
            }
        } else if (run_of(p, random_behaviour(d), i % 3, story).waited) {
            FAIL("a stall was not seen\n" << story);
        }
    }
    std::cout << "sound " << sound << ", deadlock " << deadlocks << "\n";
    CHECK(sound > plans() / 3);
}
