// SPDX-License-Identifier: BSL-1.0
// What an arrival costs through the binding, and what one that is parked holds: a line of JSON for
// each figure. -quick: small and once, to see that it works.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>
#include <weir/weir.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "abi/cpp/bench/threads.hpp"

namespace {

using clock_type = std::chrono::steady_clock;

/// The value, or the end of the bench.
template <typename T>
T must(weir::result<T> made) {
    if (!made) {
        std::fprintf(stderr, "%s\n", made.error().text().data());
        std::exit(1);
    }
    return std::move(*made);
}

void must(weir::result<void> said) {
    if (said)
        return;
    std::fprintf(stderr, "%s\n", said.error().text().data());
    std::exit(1);
}

void said(const char* what, std::uint32_t n, const char* unit, double figure) {
    std::printf("{\"program\":\"weir-cpp\",\"what\":\"%s\",\"n\":%u,\"%s\":%.1f}\n", what, n, unit,
                figure);
    std::fflush(stdout);
}

/// What one of n arrivals took in each of the rounds.
void each(const char* what, std::uint32_t n, std::uint32_t rounds, clock_type::duration took) {
    said(what, n, "ns", std::chrono::duration<double, std::nano>(took).count() / n / rounds);
}

/// One of each, and lanes.
struct host {
    explicit host(std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) {
            lanes.push_back(must(scope.open_lane()));
            handles.push_back(lanes.back().handle());
            tags.push_back(i);
        }
    }

    static weir::barrier_options gathering(std::uint32_t n) {
        weir::barrier_options how;
        how.parties = n;
        how.cyclic = true;
        return how;
    }

    void arrive_all(std::uint32_t first, std::uint32_t count) {
        must(gate.arrive_all(&handles[first], &tags[first], count).said);
    }

    void arrive_one_by_one(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i)
            must(lanes[i].arrive(gate, i));
    }

    /// Drains until so many arrivals have ended.
    void drain(std::uint32_t ends) {
        while (ends > 0) {
            must(queue.drain_wait(batch));
            for (const weir::event& event : batch) {
                ends -= event.kind() == weir::event_kind::barrier_done;
            }
        }
    }

    weir::runtime runtime = must(weir::runtime::create({false, false, 1}));
    weir::queue queue = must(weir::queue::create());
    weir::scope scope = must(weir::scope::open(runtime, queue));
    weir::batch batch;
    weir::barrier gate;
    std::vector<weir::lane> lanes;
    std::vector<weir_lane> handles;
    std::vector<std::uint64_t> tags;
};

template <typename Arrive>
void arrivals(const char* what, std::uint32_t n, std::uint32_t rounds, Arrive arrive) {
    host h(n);
    h.gate = must(h.scope.declare("gate", host::gathering(n)));
    const auto round = [&] {
        arrive(h);
        h.drain(n);
    };
    round();
    const auto start = clock_type::now();
    for (std::uint32_t i = 0; i < rounds; ++i)
        round();
    each(what, n, rounds, clock_type::now() - start);
}

void threads(std::uint32_t n, std::uint32_t rounds) {
    each("std::condition_variable, a thread each", n, rounds, threads_that_meet(n, rounds));
}

/// The process's memory, in bytes.
double resident() {
    std::ifstream status("/proc/self/statm");
    std::uint64_t size = 0, pages = 0;
    status >> size >> pages;
    return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// What one of n that wait holds. In a process of its own: memory that another figure has given
/// back would make it look small.
template <typename Park>
void parked(const char* what, std::uint32_t n, Park park) {
    const pid_t child = fork();
    if (child != 0) {
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            std::exit(1);
        return;
    }
    {
        host h(n + 1);
        h.gate = must(h.scope.declare("gate", host::gathering(n + 1)));
        const double before = resident();
        park(h, n);
        said(what, n, "bytes", (resident() - before) / n);
        h.arrive_all(n, 1);
        h.drain(n + 1);
    }
    _exit(0);
}

void parked_threads(std::uint32_t n) {
    const pid_t child = fork();
    if (child != 0) {
        waitpid(child, nullptr, 0);
        return;
    }
    const double before = resident();
    const auto look = [&] {
        said("threads at a condition variable", n, "bytes", (resident() - before) / n);
    };
    park_threads(n, look);
    _exit(0);
}

void measure(bool quick) {
    const std::vector<std::uint32_t> sizes =
        quick ? std::vector<std::uint32_t>{16} : std::vector<std::uint32_t>{16, 1000, 100'000};
    const std::uint32_t wanted = quick ? 1600 : 4'000'000;
    const std::uint32_t most = sizes.back();
    // Before any thread is there: a child has only the one that forks.
    parked("parked by a batch", most, [](host& h, std::uint32_t n) { h.arrive_all(0, n); });
    parked("parked one by one", most, [](host& h, std::uint32_t n) { h.arrive_one_by_one(n); });
    parked_threads(quick ? 16 : 1000);
    for (const std::uint32_t n : sizes) {
        const std::uint32_t rounds = (wanted + n - 1) / n;
        arrivals("arrive by a batch", n, rounds, [&](host& h) { h.arrive_all(0, n); });
        arrivals("arrive one by one", n, rounds, [&](host& h) { h.arrive_one_by_one(n); });
        if (n <= 1000)
            threads(n, rounds / 100 + 1);
    }
}

}  // namespace

int main(int count, char** arguments) {
    measure(count > 1 && std::strcmp(arguments[1], "-quick") == 0);
}
