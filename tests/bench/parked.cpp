// SPDX-License-Identifier: BSL-1.0
// What a lane that waits costs: N lanes are made, park in an event, are woken and end; twice, so
// that the second time finds warm lanes.
//
//   parked n=100000 gens=2
#include <deque>

#include "fibers/event.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/workers.hpp"

namespace {

using namespace weir::fibers;
using namespace weir::bench;

struct crowd {
    worker& w;
    std::size_t size;
    std::deque<event> events{};
    std::size_t parked = 0;
    std::size_t ended = 0;
    double at = 0;
    std::binary_semaphore done{0};

    static void wait(void* p) noexcept {
        auto& self = *static_cast<crowd*>(p);
        event& mine = self.events[self.parked];
        self.count(self.parked);
        mine.wait();
        self.count(self.ended);
    }
    void count(std::size_t& so_far) {
        if (++so_far == size) {
            at = now_ns();
            done.release();
        }
    }
};

// Counts everything that N waiting lanes need: the events they wait for too.
void generation(worker& w, std::size_t n, std::size_t number) {
    const memory before = memory::now();
    crowd c{w, n};
    for (std::size_t i = 0; i < n; ++i) {
        c.events.emplace_back(w);
    }
    double begun = 0;
    double made = 0;
    on_worker(w, [&] {
        begun = now_ns();
        for (std::size_t i = 0; i < n; ++i) {
            spawn(w, &crowd::wait, &c);
        }
        made = now_ns();
    });
    c.done.acquire();
    const double parked = c.at;
    const memory full = memory::now();
    double woken = 0;
    on_worker(w, [&] {
        woken = now_ns();
        for (event& e : c.events) {
            e.set();
        }
    });
    c.done.acquire();
    on_worker(w, [] {});  // the lanes are through
    const auto per = [n](double all) { return all / static_cast<double>(n); };
    line{"parkmem", "weir lane", n}
        .add("gen", static_cast<double>(number))
        .add("parked_bytes", per(full.resident - before.resident))
        .add("pte_bytes", per(full.page_tables - before.page_tables))
        .add("virtual_bytes", per(full.virtual_size - before.virtual_size))
        .add("create_ns", per(made - begun))
        .add("first_run_park_ns", per(parked - made))
        .add("resume_destroy_ns", per(c.at - woken))
        .add("after_bytes", per(memory::now().resident - before.resident))
        .print();
}

// Lanes that are done are kept warm; this ends them and gives their stacks back.
void trim(worker& w, std::size_t n) {
    double took = 0;
    on_worker(w, [&] {
        const double from = now_ns();
        w.trim(0);
        took = now_ns() - from;
    });
    line{"trim", "weir lane", n}.add("ns_per_lane", took / static_cast<double>(n)).print();
}

}  // namespace

int main(int count, char** values) {
    const arguments given{count, values};
    const std::size_t n = given.number("n", 100'000);
    const auto rt = make_runtime(1);
    worker& w = rt->at(0);
    for (std::size_t i = 1; i <= given.number("gens", 2); ++i) {
        generation(w, n, i);
    }
    trim(w, n);
}
