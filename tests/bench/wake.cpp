// SPDX-License-Identifier: BSL-1.0
// A thread that is none of ours wakes a parked lane, and waits until that has said so.
//
//   wake n=10000 busy=0 gap=20000     latency; the worker asleep, or busy with another lane
//   wake mode=flood n=100000          so many parked lanes, one wake each
#include <atomic>
#include <deque>
#include <thread>

#include "fibers/event.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/workers.hpp"

namespace {

using namespace weir::fibers;
using namespace weir::bench;

void pause() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

// What a step's end is: told from anywhere, heard by one lane.
struct wake_up : message {
    event happened;
    explicit wake_up(worker& home) : happened{home} {
        deliver = [](message& m) noexcept { static_cast<wake_up&>(m).happened.set(); };
    }
};

struct latency {
    worker& w;
    std::size_t times;
    wake_up ring{w};
    std::atomic<std::size_t> armed{0};
    std::atomic<std::size_t> heard{0};
    std::binary_semaphore over{0};

    static void listen(void* p) noexcept {
        auto& self = *static_cast<latency*>(p);
        for (std::size_t i = 1; i <= self.times; ++i) {
            self.armed.store(i, std::memory_order_release);
            self.ring.happened.wait();
            self.ring.happened.reset();
            self.heard.store(i, std::memory_order_release);
        }
    }
    static void spin(void* p) noexcept {
        auto& self = *static_cast<latency*>(p);
        while (self.heard.load(std::memory_order_relaxed) != self.times) {
            self.w.current()->yield();
        }
        self.over.release();
    }
    double once(std::size_t i, double gap) {
        while (armed.load(std::memory_order_acquire) != i) {
            pause();
        }
        for (const double until = now_ns() + gap; now_ns() < until;) {
            pause();
        }
        const double from = now_ns();
        w.post(ring);
        while (heard.load(std::memory_order_acquire) != i) {
            pause();
        }
        return now_ns() - from;
    }
};

void measure_latency(const arguments& given) {
    const bool busy = given.number("busy", 0) != 0;
    const auto gap = static_cast<double>(given.number("gap", busy ? 1'000 : 20'000));
    const auto rt = make_runtime(1);
    latency l{rt->at(0), given.number("n", 10'000)};
    const double cpu = cpu_ns();
    on_worker(l.w, [&] {
        spawn(l.w, &latency::listen, &l);
        if (busy) {
            spawn(l.w, &latency::spin, &l);
        }
    });
    std::vector<double> took(l.times);
    for (std::size_t i = 0; i < l.times; ++i) {
        took[i] = l.once(i + 1, gap);
    }
    const double spent = (cpu_ns() - cpu) / static_cast<double>(l.times);
    if (busy) {
        l.over.acquire();
    }
    on_worker(l.w, [] {});  // the lanes are through
    std::sort(took.begin(), took.end());
    line{busy ? "latency_busy" : "latency_idle", "weir event", l.times}
        .add("p50_ns", percentile(took, 0.5))
        .add("p10_ns", percentile(took, 0.1))
        .add("p99_ns", percentile(took, 0.99))
        .add("cpu_ns", spent)
        .print();
}

struct flood {
    worker& w;
    std::size_t lanes;
    std::deque<wake_up> rings{};
    std::size_t parked = 0;
    std::size_t woken = 0;
    double over_at = 0;
    std::binary_semaphore ready{0};
    std::binary_semaphore over{0};

    static void listen(void* p) noexcept {
        auto& self = *static_cast<flood*>(p);
        wake_up& mine = self.rings[self.parked];
        if (++self.parked == self.lanes) {
            self.ready.release();
        }
        mine.happened.wait();
        if (++self.woken == self.lanes) {
            self.over_at = now_ns();
            self.over.release();
        }
    }
};

void measure_flood(const arguments& given) {
    const auto rt = make_runtime(1);
    flood f{rt->at(0), given.number("n", 100'000)};
    for (std::size_t i = 0; i < f.lanes; ++i) {
        f.rings.emplace_back(f.w);
    }
    on_worker(f.w, [&] {
        for (std::size_t i = 0; i < f.lanes; ++i) {
            spawn(f.w, &flood::listen, &f);
        }
    });
    f.ready.acquire();
    const double cpu = cpu_ns();
    const double from = now_ns();
    std::thread foreign{[&] {
        for (wake_up& each : f.rings) {
            f.w.post(each);
        }
    }};
    f.over.acquire();
    const double spent = cpu_ns() - cpu;
    foreign.join();
    on_worker(f.w, [] {});  // the lanes are through
    const auto each = static_cast<double>(f.lanes);
    line{"flood", "weir event", f.lanes}
        .add("ns_per_completion", (f.over_at - from) / each)
        .add("cpu_ns", spent / each)
        .print();
}

}  // namespace

int main(int count, char** values) {
    const arguments given{count, values};
    given.is("mode", "flood") ? measure_flood(given) : measure_latency(given);
}
