// SPDX-License-Identifier: BSL-1.0
// One barrier over several workers, with threads. joint_exploration_test.cpp has every order of
// events in small.
#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "fibers/barrier.hpp"
#include "fibers/joint.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// The part of a meeting that is on one worker.
struct site {
    struct entry {
        decision said;
        std::uint32_t here;  // of those who had arrived
        std::uint32_t missing;
    };

    site(worker& home, joint& whole, std::size_t lanes, barrier_options options)
        : w{home}, parties(lanes), b{home, this, part_of(whole, options)} {}

    static barrier_options part_of(joint& whole, barrier_options options) {
        options.with = &whole;
        options.when_decided = [](barrier_core& b, const decision& d) noexcept {
            auto& self = *static_cast<site*>(b.owner);
            std::uint32_t missing = 0;
            b.for_each_missing([&](const party&) { ++missing; });
            self.log.push_back({d, b.arrived(), missing});
        };
        return options;
    }

    worker& w;
    std::deque<lane_party> parties;
    std::vector<entry> log;
    barrier b;
};

// Lanes of all workers, that each do `what(site, index)`.
class assembly {
public:
    assembly(world& here, std::size_t lanes, barrier_options options = {})
        : here_{here}, whole_{static_cast<std::uint32_t>(here->workers())} {
        for (std::size_t i = 0; i < here->workers(); ++i) {
            sites.push_back(std::make_unique<site>(here->at(i), whole_, lanes, options));
        }
        for (auto& s : sites) {
            here.on_worker(s->w, [&] {
                for (lane_party& p : s->parties) {
                    s->b.expect(p);
                }
            });
        }
    }
    void open() {
        for (auto& s : sites) {
            here_.on_worker(s->w, [&] { s->b.open(); });
        }
    }
    // What lanes of any worker claim.
    void must(bool holds) noexcept { wrong_ += holds ? 0 : 1; }

    void run(std::function<void(site&, std::size_t)> what) {
        std::counting_semaphore<> over{0};
        for (auto& s : sites) {
            here_.on_worker(s->w, [&] {
                struct body {
                    std::function<void()> f;
                };
                auto* b = new body{[&, s = s.get()] {
                    {
                        crew all{s->w};
                        for (std::size_t i = 0; i < s->parties.size(); ++i) {
                            all.spawn([&, i] { what(*s, i); });
                        }
                    }
                    over.release();
                }};
                REQUIRE(s->w.spawn(
                            [](void* p) noexcept {
                                std::unique_ptr<body> self{static_cast<body*>(p)};
                                self->f();
                            },
                            b) != nullptr);
            });
        }
        for (std::size_t i = 0; i < sites.size(); ++i) {
            over.acquire();
        }
    }
    // Waits until so many decisions have been heard of everywhere. All were told the same, and the
    // numbers add up.
    void check(std::size_t decisions) const {
        REQUIRE(wrong_ == 0);
        for (const auto& s : sites) {
            for (bool told = false; !told;) {
                here_.on_worker(s->w, [&] { told = s->log.size() >= decisions; });
            }
        }
        const auto& first = sites.front()->log;
        for (const auto& s : sites) {
            REQUIRE(s->log.size() == first.size());
        }
        for (std::size_t i = 0; i < first.size(); ++i) {
            const decision& d = first[i].said;
            REQUIRE(d.generation == i + 1);
            std::uint32_t arrived = 0;
            std::uint32_t missing = 0;
            for (const auto& s : sites) {
                const decision& other = s->log[i].said;
                REQUIRE(other.kind == d.kind);
                REQUIRE(other.why == d.why);
                REQUIRE(other.culprit == d.culprit);
                REQUIRE(other.arrived == d.arrived);
                REQUIRE(other.generation == d.generation);
                arrived += s->log[i].here;
                missing += s->log[i].missing;
            }
            REQUIRE(arrived == d.arrived);
            if (d.kind == verdict::released && d.why == reason::none) {
                REQUIRE(missing == 0);
            }
        }
    }

    std::vector<std::unique_ptr<site>> sites;

private:
    world& here_;
    joint whole_;
    std::atomic<int> wrong_{0};
};

auto several() {
    return GENERATE(1U, 2U, 4U, 8U);
}

}  // namespace

TEST_CASE("lanes of all workers meet, generation after generation") {
    world here{{.workers = several()}};
    assembly a{here, 50, {.cyclic = true}};
    a.open();
    a.run([&](site& s, std::size_t i) {
        for (std::uint32_t n = 1; n <= 100; ++n) {
            const decision d = s.b.arrive(s.parties[i], std::int64_t{3'600'000'000'000});
            a.must(d.kind == verdict::released);
            a.must(d.generation == n);
            a.must(!d.late);
        }
    });
    a.check(100);
    CHECK(a.sites[0]->log.size() == 100);
    CHECK(a.sites[0]->log[0].said.arrived == 50 * here->workers());
}

TEST_CASE("a failure on one worker breaks the barrier for the lanes of all") {
    world here{{.workers = several()}};
    assembly a{here, 10};
    a.open();
    const party* bad = &a.sites.back()->parties[7];
    a.run([&](site& s, std::size_t i) {
        if (&s.parties[i] == bad) {
            a.must(s.b.fail(s.parties[i], reason::failed));
            return;
        }
        const decision d = s.b.arrive(s.parties[i]);
        a.must(d.kind == verdict::broken);
        a.must(d.culprit == bad);
        a.must(d.why == reason::failed);
    });
    a.check(1);
}

TEST_CASE("a worker without parties, or with all withdrawn, does not hold the others up") {
    world here{{.workers = 4}};
    assembly a{here, 3, {.cyclic = true}};
    here.on_worker(a.sites[2]->w, [&] {
        for (lane_party& p : a.sites[2]->parties) {
            REQUIRE(a.sites[2]->b.withdraw(p));
        }
    });
    a.open();
    a.run([&](site& s, std::size_t i) {
        for (std::uint32_t n = 1; n <= 20 && &s != a.sites[2].get(); ++n) {
            a.must(s.b.arrive(s.parties[i]).generation == n);
        }
    });
    a.check(20);
    CHECK(a.sites[0]->log[0].said.arrived == 9);
}

TEST_CASE("a barrier of several workers that all have left is void") {
    world here{{.workers = 3}};
    assembly a{here, 2};
    a.open();
    a.run([&](site& s, std::size_t i) { a.must(s.b.withdraw(s.parties[i])); });
    a.check(1);
    CHECK(a.sites[0]->log[0].said.kind == verdict::voided);
}

TEST_CASE("a reservation on one worker holds the lanes of all") {
    world here{{.workers = 2}};
    assembly a{here, 4};
    here.on_worker(a.sites[0]->w, [&] { a.sites[0]->b.reserve(); });
    a.open();
    std::atomic<bool> settled{false};
    a.run([&](site& s, std::size_t i) {
        if (&s == a.sites[0].get() && i == 3) {
            for (int n = 0; n < 100; ++n) {
                s.w.current()->yield();
            }
            settled = true;
            s.b.settle();
        }
        a.must(s.b.arrive(s.parties[i]).kind == verdict::released);
        a.must(settled);
    });
    a.check(1);
}

TEST_CASE("the completion of a barrier of several workers runs once, and for all of them") {
    world here{{.workers = several()}};
    static std::atomic<int> completions;
    completions = 0;
    assembly a{here, 10, {.cyclic = true, .complete = [](barrier_core& b) noexcept {
                              ++completions;
                              b.finish(b.generation());
                          }}};
    a.open();
    a.run([&](site& s, std::size_t i) {
        for (std::uint32_t n = 1; n <= 50; ++n) {
            a.must(s.b.arrive(s.parties[i]).generation == n);
            a.must(completions >= static_cast<int>(n));
        }
    });
    a.check(50);
    CHECK(completions == 50);
}

TEST_CASE("with everything done at once on every worker, there is one decision a generation") {
    world here{{.workers = GENERATE(2U, 3U, 4U)}};
    std::size_t broken = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        assembly a{here, 6, {.cyclic = true}};
        a.open();
        a.run([&](site& s, std::size_t i) {
            std::mt19937_64 random{seed * 1000 + s.w.current()->number() * 17 + i};
            for (int n = 0; n < 400; ++n) {
                lane_party& other = s.parties[random() % s.parties.size()];
                switch (random() % 64) {
                case 0:
                    s.b.retract(other);
                    break;
                case 1:
                    s.b.withdraw(s.parties[i]);
                    break;
                case 2:
                    s.b.expect(s.parties[i]);
                    break;
                case 3:
                    s.b.reserve();
                    s.w.current()->yield();
                    s.b.settle();
                    break;
                case 4:
                    if (random() % 16 == 0) {
                        s.b.release_now();
                    }
                    break;
                case 5:
                    if (random() % 128 == 0) {
                        s.b.fail(s.parties[i], reason::failed);
                    }
                    break;
                case 6:
                    s.w.current()->yield();
                    break;
                default: {
                    const decision d = s.b.arrive(s.parties[i]);
                    if (d.kind == verdict::broken || d.kind == verdict::voided) {
                        return;
                    }
                }
                }
            }
            s.b.break_now(reason::by_hand);
        });
        // What was decided last may still be on its way to the others.
        std::size_t decisions = 0;
        for (bool over = false; !over;) {
            here.on_worker(a.sites[0]->w, [&] {
                over = a.sites[0]->b.state() != verdict::pending;
                decisions = a.sites[0]->log.size();
            });
        }
        a.check(decisions);
        broken += a.sites[0]->log.back().said.why == reason::failed ? 1 : 0;
    }
    CHECK(broken > 0);
}
