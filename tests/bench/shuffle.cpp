// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <random>
#include <vector>

#include "tests/bench/workers.hpp"

namespace weir::bench {
namespace {

struct deck {
    fibers::worker* w;
    std::vector<fibers::lane*> parked;
    std::size_t left;
    std::binary_semaphore all{0};
};

void stay(void* p) noexcept {
    auto& self = *static_cast<deck*>(p);
    fibers::lane* const me = self.w->current();
    self.parked.push_back(me);
    if (self.parked.size() == self.left) {
        self.all.release();
    }
    me->park();
    if (--self.left == 0) {
        self.all.release();
    }
}

}  // namespace

// The last that ended is the first that is used again, so they are made to end in random order.
void shuffle_stacks(fibers::worker& w, std::size_t lanes) {
    deck d{&w, {}, lanes};
    d.parked.reserve(lanes);
    on_worker(w, [&] {
        for (std::size_t i = 0; i < lanes; ++i) {
            spawn(w, &stay, &d);
        }
    });
    d.all.acquire();
    on_worker(w, [&] {
        std::shuffle(d.parked.begin(), d.parked.end(), std::mt19937_64{1});
        for (fibers::lane* each : d.parked) {
            each->unpark();
        }
    });
    d.all.acquire();
}

}  // namespace weir::bench
