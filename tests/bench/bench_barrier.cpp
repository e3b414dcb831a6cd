// SPDX-License-Identifier: BSL-1.0
// What an arrival costs: N lanes of one worker meet at a cyclic barrier, everything on (identities,
// decision, the deadline if asked for). "ns" is the worker's processor time an arrival, from the
// third generation to the last: on a busy machine the wall says little.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <semaphore>

#include "fibers/barrier.hpp"
#include "fibers/runtime.hpp"

namespace {

using namespace weir::fibers;

// [worker]
double seconds() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
}

struct errand : message {
    void (*what)(void*);
    void* with;
    std::binary_semaphore over{0};
};

void on_worker(worker& w, void (*what)(void*), void* with) {
    errand e;
    e.what = what;
    e.with = with;
    e.deliver = [](message& m) noexcept {
        auto& self = static_cast<errand&>(m);
        self.what(self.with);
        self.over.release();
    };
    w.post(e);
    e.over.acquire();
}

std::unique_ptr<runtime> make() {
    status why{};
    auto made = runtime::create({.workers = 1}, why);
    if (why != status::ok) {
        std::abort();
    }
    return made;
}

struct crowd {
    worker* w = nullptr;
    std::size_t size = 0;
    std::uint32_t rounds = 0;
    std::int64_t deadline = -1;
    bool yields = false;
    std::unique_ptr<barrier> b;
    std::unique_ptr<lane_party[]> parties;
    std::size_t started = 0;
    std::size_t left = 0;
    double from = 0;
    double to = 0;
    std::binary_semaphore over{0};

    static void decided(barrier_core& b, const decision& d) noexcept {
        auto& self = *static_cast<crowd*>(b.owner);
        if (d.generation == 2) {
            self.from = seconds();
        } else if (d.generation == self.rounds + 2) {
            self.to = seconds();
        }
    }
    static void arrive(void* p) noexcept {
        auto& self = *static_cast<crowd*>(p);
        lane_party& mine = self.parties[self.started++];
        for (std::uint32_t i = 0; i < self.rounds + 3; ++i) {
            self.b->arrive(mine, self.deadline);
        }
        if (--self.left == 0) {
            self.over.release();
        }
    }
    static void yield(void* p) noexcept {
        auto& self = *static_cast<crowd*>(p);
        lane& me = *self.w->current();
        if (++self.started == self.size) {
            self.from = seconds();
        }
        for (std::uint32_t i = 0; i < self.rounds; ++i) {
            me.yield();
        }
        if (--self.left == 0) {
            self.to = seconds();
            self.over.release();
        }
    }
    static void begin(void* p) {
        auto& self = *static_cast<crowd*>(p);
        self.b = std::make_unique<barrier>(*self.w, p, barrier_options{.cyclic = true, .when_decided = &crowd::decided});
        self.parties.reset(new lane_party[self.size]);
        for (std::size_t i = 0; i < self.size; ++i) {
            self.b->expect(self.parties[i]);
        }
        self.b->open();
        self.started = 0;
        self.left = self.size;
        for (std::size_t i = 0; i < self.size; ++i) {
            if (self.w->spawn(self.yields ? &crowd::yield : &crowd::arrive, p) == nullptr) {
                std::abort();
            }
        }
    }
    static void end(void* p) {
        auto& self = *static_cast<crowd*>(p);
        self.b.reset();
        self.parties.reset();
    }
    double run() {
        on_worker(*w, &crowd::begin, this);
        over.acquire();
        on_worker(*w, &crowd::end, this);
        return to - from;
    }
};

void measure(benchmark::State& state, crowd& c) {
    c.size = static_cast<std::size_t>(state.range(0));
    c.rounds = static_cast<std::uint32_t>(std::max<std::size_t>(1'000'000 / c.size, 10));
    double total = 0;
    for (auto _ : state) {
        const double took = c.run();
        total += took;
        state.SetIterationTime(took);
    }
    const double arrivals =
        static_cast<double>(state.iterations()) * static_cast<double>(c.size) * c.rounds;
    state.counters["ns"] = 1e9 * total / arrivals;
}

void arrival(benchmark::State& state) {
    auto rt = make();
    crowd c;
    c.w = &rt->place();
    c.deadline = state.range(1) != 0 ? std::int64_t{36'000} * 1'000'000'000 : -1;
    measure(state, c);
}

void bare_yield(benchmark::State& state) {
    auto rt = make();
    crowd c;
    c.w = &rt->place();
    c.yields = true;
    measure(state, c);
}

// A warm lane that ends at once: spawn, switch to it, back into the pool.
void spawn_and_end(benchmark::State& state) {
    auto rt = make();
    worker& w = rt->place();
    struct batch {
        worker* w;
        std::size_t size;
        std::size_t left;
        std::binary_semaphore over{0};
    } b{&w, static_cast<std::size_t>(state.range(0)), 0};
    for (auto _ : state) {
        on_worker(
            w,
            [](void* p) {
                auto& self = *static_cast<batch*>(p);
                self.left = self.size;
                for (std::size_t i = 0; i < self.size; ++i) {
                    if (self.w->spawn(
                            [](void* q) noexcept {
                                auto& mine = *static_cast<batch*>(q);
                                if (--mine.left == 0) {
                                    mine.over.release();
                                }
                            },
                            p) == nullptr) {
                        std::abort();
                    }
                }
            },
            &b);
        b.over.acquire();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

}  // namespace

BENCHMARK(arrival)
    ->ArgNames({"N", "deadline"})
    ->ArgsProduct({{2, 16, 1'000, 10'000, 100'000, 1'000'000}, {0, 1}})
    ->UseManualTime()
    ->Iterations(3);
BENCHMARK(bare_yield)
    ->ArgName("N")
    ->Arg(16)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Iterations(3);
BENCHMARK(spawn_and_end)->ArgName("N")->Arg(1'000)->Arg(10'000)->UseRealTime();
