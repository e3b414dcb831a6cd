// SPDX-License-Identifier: BSL-1.0
// What an arrival costs: N lanes meet at a cyclic barrier, R times, everything on (identities, one
// decision, cancellation). Timed from the decision of a first generation to that of the last.
//
//   meet n=1000 r=100 workers=1 deadline=0 shuffle=0
//
// workers=2: half of the lanes on each of two, one joint barrier (as fibers/spread would place
// them, but at any N). deadline=1: every arrival has one. shuffle=1: stacks in random order.
#include <atomic>
#include <deque>

#include "fibers/barrier.hpp"
#include "fibers/joint.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/workers.hpp"

namespace {

using namespace weir::fibers;
using namespace weir::bench;

struct meeting {
    std::uint32_t rounds;
    std::int64_t deadline;
    std::atomic<std::size_t> sites;
    instant from{};
    instant to{};
    memory parked{};
    std::binary_semaphore over{0};

    // The first generation warms lanes, lists and stacks.
    void decided(std::uint32_t generation) noexcept {
        if (generation == 1) {
            parked = memory::now();
            from = instant{};
        } else if (generation == rounds + 1) {
            to = instant{};
        }
    }
};

// The lanes of one worker.
struct site {
    worker& w;
    meeting& whole;
    bool marks;
    std::deque<lane_party> parties;
    barrier b;
    std::size_t started = 0;
    std::size_t left;

    site(worker& home, meeting& of, std::size_t lanes, joint* with, bool first)
        : w{home},
          whole{of},
          marks{first},
          parties(lanes),
          b{home, this, options(with)},
          left{lanes} {}

    static barrier_options options(joint* with) {
        barrier_options o{.cyclic = true, .with = with};
        o.when_decided = [](barrier_core& core, const decision& d) noexcept {
            auto& self = *static_cast<site*>(core.owner);
            if (self.marks) {
                self.whole.decided(d.generation);
            }
        };
        return o;
    }
    static void arrive(void* p) noexcept {
        auto& self = *static_cast<site*>(p);
        lane_party& mine = self.parties[self.started++];
        for (std::uint32_t i = 0; i <= self.whole.rounds; ++i) {
            self.b.arrive(mine, self.whole.deadline);
        }
        if (--self.left == 0 && --self.whole.sites == 0) {
            self.whole.over.release();
        }
    }
    void expect() {
        for (lane_party& p : parties) {
            b.expect(p);
        }
    }
    void begin() {
        b.open();
        for (std::size_t i = 0; i < parties.size(); ++i) {
            spawn(w, &site::arrive, this);
        }
    }
};

std::string name(const arguments& given, std::size_t workers) {
    return "weir lanes" + std::string{workers > 1 ? ", 2 workers" : ""} +
           (given.number("deadline", 0) != 0 ? ", deadlines" : "") +
           (given.number("shuffle", 0) != 0 ? ", shuffled" : "");
}

}  // namespace

int main(int count, char** values) {
    const arguments given{count, values};
    const std::size_t n = given.number("n", 1000);
    const std::size_t workers = std::clamp<std::size_t>(given.number("workers", 1), 1, n);
    meeting all{
        .rounds = static_cast<std::uint32_t>(given.number("r", 100)),
        .deadline = given.number("deadline", 0) != 0 ? std::int64_t{36'000} * 1'000'000'000 : -1,
        .sites = workers};
    const auto rt = make_runtime(static_cast<unsigned>(workers));
    joint whole{static_cast<std::uint32_t>(workers)};
    if (given.number("shuffle", 0) != 0) {
        for (std::size_t i = 0; i < workers; ++i) {
            shuffle_stacks(rt->at(i), n / workers + 1);
        }
    }
    const memory before = memory::now();
    std::deque<site> sites;
    for (std::size_t i = 0; i < workers; ++i) {
        const std::size_t lanes = n / workers + (i < n % workers ? 1 : 0);
        sites.emplace_back(rt->at(i), all, lanes, workers > 1 ? &whole : nullptr, i == 0);
    }
    for (site& s : sites) {
        on_worker(s.w, [&] { s.expect(); });
    }
    for (site& s : sites) {
        on_worker(s.w, [&] { s.begin(); });
    }
    all.over.acquire();
    const double arrivals = static_cast<double>(n) * all.rounds;
    line{"barrier", name(given, workers), n}
        .add("ns_per_arrival", (all.to.wall - all.from.wall) / arrivals)
        .add("cpu_ns_per_arrival", (all.to.cpu - all.from.cpu) / arrivals)
        .add("parked_bytes", (all.parked.resident - before.resident) / static_cast<double>(n))
        .print();
    for (site& s : sites) {
        on_worker(s.w, [] {});  // the lanes are through, and what was told has been heard
    }
}
