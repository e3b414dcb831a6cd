// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "fibers/slots.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// Two hundred lanes that yield, sleep, take slots and meet; what happened in which order at what
// time, as a hash.
std::uint64_t history(unsigned workers, std::uint64_t seed) {
    std::uint64_t hash = 14695981039346656037U;
    world here{{.workers = workers, .clock = clock_kind::virtual_, .seed = seed}};
    here.run([&](worker& w) {
        auto note = [&](std::uint64_t what) {
            hash = (hash ^ what) * 1099511628211U;
            hash = (hash ^ static_cast<std::uint64_t>(w.now())) * 1099511628211U;
        };
        slots gate{w, 7};
        std::vector<lane_party> parties(200);
        barrier b{w, nullptr, {.cyclic = true}};
        for (lane_party& p : parties) {
            b.expect(p);
        }
        b.open();
        crew all{w};
        for (std::uint64_t i = 0; i < 200; ++i) {
            all.spawn([&, i] {
                for (std::uint64_t hop = 0; hop < 20; ++hop) {
                    note(i);
                    std::free(std::malloc(16 + i * hop % 1000));
                    switch ((i * 7 + hop * 3) % 4) {
                    case 0:
                        w.current()->yield();
                        break;
                    case 1: {
                        weir::fibers::sleep nap{w};
                        nap.for_ns(static_cast<std::int64_t>((i * hop) % 5) * 1000);
                        break;
                    }
                    case 2: {
                        slots::waiter me;
                        if (gate.take(me)) {
                            w.current()->yield();
                            gate.give();
                        }
                        break;
                    }
                    default:
                        w.on_own_stack([&] { note(1000 + i); });
                    }
                    if (hop % 5 == 4) {
                        b.arrive(parties[i], w.now() + 1'000'000'000);
                    }
                }
            });
        }
        all.wait();
    });
    return hash;
}

}  // namespace

TEST_CASE("the same seed gives the same order, on a thread or polled, another seed another") {
    const std::uint64_t fifo = history(1, 0);
    CHECK(history(1, 0) == fifo);
    CHECK(history(0, 0) == fifo);
    const std::uint64_t seven = history(1, 7);
    CHECK(seven != fifo);
    CHECK(history(1, 7) == seven);
    CHECK(history(0, 7) == seven);
    CHECK(history(1, 8) != seven);
    WARN("order with seed 7: " << std::hex << seven);
}
