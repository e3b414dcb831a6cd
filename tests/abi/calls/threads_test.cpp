// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <random>
#include <thread>

using namespace weir::abi::test;

namespace {

constexpr std::size_t threads = 4;
constexpr int rounds = 12;
constexpr int calls_a_round = 1500;

constexpr std::array<std::string_view, 16> roles{"barrier.completing",
                                                 "runtime",
                                                 "queue",
                                                 "plan",
                                                 "run",
                                                 "step",
                                                 "text",
                                                 "scope",
                                                 "lane",
                                                 "lane.absent",
                                                 "barrier",
                                                 "gate",
                                                 "loop",
                                                 "gate.held",
                                                 "barrier.arrived",
                                                 "barrier.reserved"};

// These want the object for themselves (`[owner]`), or a thread of their own for the answer.
bool is_owners(const function& f) {
    return f.takes("queue.idle") || f.takes("queue.dispatched") || f.takes("runtime.idle");
}

struct finding {
    std::atomic<const char*> function{nullptr};
    std::atomic<weir_status> status{0};
};

// What a role may stand for: mostly of its kind, so that calls get somewhere.
word some_handle(std::string_view role, const std::vector<word>& pool, std::mt19937& random) {
    const auto kind = role.substr(0, role.find_first_of(".?"));
    const bool any = random() % 4 == 0;
    for (;;) {
        const auto at = random() % pool.size();
        if (any || roles[at / 2].substr(0, kind.size()) == kind) {
            return pool[at];
        }
    }
}

// One thread's share: any function, with handles of the right kind or another, of this world or the
// other; `own` has the other arguments, and room for what is written. Asserts nothing.
void hammer(const std::vector<function>& all, const std::vector<word>& pool, unsigned seed,
            world& own, finding& wrong) {
    std::mt19937 random{seed};
    const auto pick = [&](std::size_t below) { return random() % below; };
    for (int n = 0; n < calls_a_round; ++n) {
        const function& f = all[pick(all.size())];
        if (is_owners(f) || !f.gives_status) {
            continue;
        }
        words arguments = own.good_but_handles(f);
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            if (is_handle(f.roles[i])) {
                arguments[i] = pick(16) == 0 ? random() : some_handle(f.roles[i], pool, random);
            }
            if (f.roles[i] == "outcome") {
                arguments[i] = 1 + pick(6);
            }
        }
        const weir_status status = f.call(arguments.data());
        if (!f.documented.contains(status)) {
            wrong.status = status;
            wrong.function = f.name.c_str();
        }
        own.end_made();
    }
}

}  // namespace

TEST_CASE("all functions from several threads at once, with handles of the right and wrong kinds") {
    const auto& all = all_functions();
    for (int round = 0; round < rounds; ++round) {
        INFO("seed " << round);
        world one, two;
        std::vector<word> pool;
        for (const auto role : roles) {
            pool.push_back(one.handle(role));
            pool.push_back(two.handle(role));
        }
        finding wrong;
        std::array<world, threads> own;
        std::vector<std::thread> crowd;
        for (std::size_t t = 0; t < threads; ++t) {
            crowd.emplace_back([&, t] {
                const auto seed = static_cast<std::size_t>(round) * threads + t;
                hammer(all, pool, static_cast<unsigned>(seed), own[t], wrong);
            });
        }
        for (auto& thread : crowd) {
            thread.join();
        }
        const char* const who = wrong.function;
        INFO((who ? who : "nobody") << " returned " << weir_status_name(wrong.status));
        CHECK(who == nullptr);
    }
}
