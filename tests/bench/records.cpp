// SPDX-License-Identifier: BSL-1.0
// A host's own lanes through the C ABI: N records with handles meet at a cyclic barrier, R times;
// every arrival is a call and its event is drained, in batches. One thread does both.
//
//   records n=1000 r=100 batch=256 sequential=0 order=0
//
// sequential=1: stalls are looked for. order=1: they come in no order, but the same each time.
#include <weir/weir.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/bench/figures.hpp"

namespace {

using namespace weir::bench;

void require(weir_status status) {
    if (status != WEIR_OK) {
        std::fprintf(stderr, "records: %s\n", weir_status_name(status));
        std::exit(1);
    }
}

struct host {
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    weir_barrier barrier = 0;
    std::vector<weir_lane> lanes;
    std::vector<weir_event> events;

    host(std::uint32_t n, std::size_t batch, bool sequential) : lanes(n), events(batch) {
        weir_runtime_options how{};
        how.struct_size = sizeof how;
        require(weir_runtime_create(&how, &runtime, nullptr));
        require(weir_queue_create(nullptr, &queue, nullptr));
        weir_scope_options root{};
        root.struct_size = sizeof root;
        root.flags = sequential ? WEIR_SCOPE_SEQUENTIAL : 0;
        require(weir_scope_open(runtime, queue, &root, &scope, nullptr));
    }
    void populate() {
        weir_barrier_options kind{};
        kind.struct_size = sizeof kind;
        kind.flags = WEIR_BARRIER_CYCLIC;
        require(weir_barrier_declare(scope, "all", 3, &kind, &barrier, nullptr));
        for (weir_lane& lane : lanes) {
            require(weir_lane_open(scope, 0, "lane", 4, 0, &lane));
            require(weir_lane_expect(lane, barrier));
        }
        require(weir_barrier_open(barrier));
    }
    void shuffle() { std::shuffle(lanes.begin(), lanes.end(), std::mt19937_64{1}); }
    ~host() {
        require(weir_scope_close(scope));
        drain();
        require(weir_runtime_destroy_wait(runtime));
        require(weir_queue_destroy(queue));
    }
    void drain() {
        // A batch that is not full was the last. Another drain would take nothing, and so arm the
        // descriptor, which is for a host that is about to sleep.
        for (auto count = static_cast<std::uint32_t>(events.size()); count == events.size();) {
            require(weir_queue_drain(queue, events.data(), sizeof(weir_event),
                                     static_cast<std::uint32_t>(events.size()), &count));
        }
    }
    void arrive() {
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            require(weir_lane_arrive(lanes[i], barrier, nullptr, 0, -1, i));
        }
    }
    void round() {
        arrive();
        drain();
    }
};

}  // namespace

int main(int count, char** values) {
    const arguments given{count, values};
    const std::size_t n = given.number("n", 1000);
    const std::size_t rounds = given.number("r", 100);
    host all{static_cast<std::uint32_t>(n), given.number("batch", 256),
             given.number("sequential", 0) != 0};
    const memory before = memory::now();
    all.populate();
    if (given.number("order", 0) != 0) {
        all.shuffle();
    }
    const memory parked = memory::now();
    all.round();
    const instant from;
    for (std::size_t i = 0; i < rounds; ++i) {
        all.round();
    }
    const instant to;
    const double arrivals = static_cast<double>(n) * static_cast<double>(rounds);
    line{"barrier", "weir records", n}
        .add("ns_per_arrival", (to.wall - from.wall) / arrivals)
        .add("cpu_ns_per_arrival", (to.cpu - from.cpu) / arrivals)
        .add("parked_bytes", (parked.resident - before.resident) / static_cast<double>(n))
        .print();
}
