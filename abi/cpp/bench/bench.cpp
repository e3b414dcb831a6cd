// SPDX-License-Identifier: BSL-1.0
// What an arrival costs through the binding, and what one that is parked holds: N lanes of one
// scope reach one cyclic barrier, round after round, and all are told. Prints a line of JSON.
//
//   bench how=batch n=100000 r=10
//   bench                           every way, with 16, 1,000 and 100,000
//
// The ways: `batch`, all lanes by one call; `each`, one by one; `threads`, what C++ has without a
// library: a thread for each who waits.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>
#include <weir/weir.hpp>

#include <dirent.h>
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

/// The process's memory, in bytes.
double resident() {
    std::ifstream status("/proc/self/statm");
    std::uint64_t size = 0, pages = 0;
    status >> size >> pages;
    return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Threads of the process, and those that the library has named.
struct thread_count {
    int all = 0, library = 0;

    static thread_count now() {
        thread_count seen;
        DIR* const folder = ::opendir("/proc/self/task");
        while (const dirent* each = folder != nullptr ? ::readdir(folder) : nullptr) {
            std::ifstream comm(std::string("/proc/self/task/") + each->d_name + "/comm");
            std::string name;
            if (each->d_name[0] == '.' || !std::getline(comm, name))
                continue;
            ++seen.all;
            seen.library += name.rfind("weir-", 0) == 0;
        }
        ::closedir(folder);
        return seen;
    }
};

/// One of each, and lanes.
struct host {
    host(std::uint32_t n, bool batch) : at_once(batch) {
        weir::barrier_options how;
        how.parties = n;
        how.cyclic = true;
        gate = must(scope.declare("gate", how));
        for (std::uint32_t i = 0; i < n; ++i) {
            lanes.push_back(must(scope.open_lane()));
            handles.push_back(lanes.back().handle());
            tags.push_back(i);
        }
    }

    void arrive(std::size_t first, std::uint32_t count) {
        if (at_once) {
            must(gate.arrive_all(&handles[first], &tags[first], count).said);
            return;
        }
        for (std::size_t i = first; i < first + count; ++i)
            must(lanes[i].arrive(gate, i));
    }

    /// All but the last arrive.
    void begin() { arrive(0, static_cast<std::uint32_t>(lanes.size()) - 1); }

    /// The last arrives, and all are told.
    clock_type::duration finish() {
        const auto from = clock_type::now();
        arrive(lanes.size() - 1, 1);
        for (std::size_t left = lanes.size(); left > 0;) {
            must(queue.drain_wait(batch));
            for (const weir::event& event : batch)
                left -= event.kind() == weir::event_kind::barrier_done;
        }
        return clock_type::now() - from;
    }

    weir::runtime runtime = must(weir::runtime::create({false, false, 1}));
    weir::queue queue = must(weir::queue::create());
    weir::scope scope = must(weir::scope::open(runtime, queue));
    weir::batch batch;
    weir::barrier gate;
    std::vector<weir::lane> lanes;
    std::vector<weir_lane> handles;
    std::vector<std::uint64_t> tags;
    bool at_once;
};

struct figures {
    const char* how;
    std::uint32_t n, rounds;
    clock_type::duration took{}, telling{};
    double processor = 0, parked = 0;
    thread_count threads{};

    void print() const {
        const double arrivals = static_cast<double>(n) * rounds;
        const auto each = [&](clock_type::duration of) {
            return std::chrono::duration<double, std::nano>(of).count() / arrivals;
        };
        std::printf(
            "{\"bench\":\"languages\",\"lang\":\"c++\",\"impl\":\"%s\",\"n\":%u,"
            "\"ns_per_arrival\":%.1f,\"cpu_ns_per_arrival\":%.1f",
            how, n, each(took), processor / arrivals);
        if (telling.count() > 0)
            std::printf(",\"ns_per_event\":%.1f", each(telling));
        std::printf(",\"parked_bytes\":%.1f,\"threads\":%d,\"library_threads\":%d}\n", parked / n,
                    threads.all, threads.library);
    }
};

double processor_ns() {
    return 1e9 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void lanes(bool batch, std::uint32_t n, std::uint32_t rounds) {
    figures of{batch ? "weir C++, batch" : "weir C++, each", n, rounds};
    const double before = resident();
    host h(n, batch);
    h.begin();
    of.parked = resident() - before;
    of.threads = thread_count::now();
    h.finish();
    const double processor = processor_ns();
    const auto from = clock_type::now();
    for (std::uint32_t i = 0; i < rounds; ++i) {
        h.begin();
        of.telling += h.finish();
    }
    of.took = clock_type::now() - from;
    of.processor = processor_ns() - processor;
    of.print();
}

void threads(std::uint32_t n, std::uint32_t rounds) {
    figures of{"threads at a condition variable", n, rounds};
    const double before = resident();
    park_threads(n, [&] {
        of.parked = resident() - before;
        of.threads = thread_count::now();
    });
    const double processor = processor_ns();
    of.took = threads_that_meet(n, rounds);
    of.processor = processor_ns() - processor;
    of.print();
}

int measure(const std::string& how, std::uint32_t n, std::uint32_t rounds) {
    if (n < 2 || rounds < 1 || (how != "batch" && how != "each" && how != "threads")) {
        std::fprintf(stderr, "usage: bench [how=batch|each|threads] [n=N] [r=ROUNDS]\n");
        return 2;
    }
    how == "threads" ? threads(n, rounds) : lanes(how == "batch", n, rounds);
    return 0;
}

/// Each in a process of its own: memory that another has given back would make the next look small.
int everything() {
    for (const char* how : {"batch", "each", "threads"}) {
        for (const std::uint32_t n : {16u, 1000u, 100'000u}) {
            const bool slow = *how == 't';
            if (slow && n > 1000)
                continue;
            const pid_t child = ::fork();
            if (child == 0) {
                const int failed = measure(how, n, (slow ? 40'000 : 4'000'000) / n);
                std::fflush(stdout);
                ::_exit(failed);
            }
            int status = 0;
            if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
                return 1;
        }
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 1)
        return everything();
    std::string how = "batch";
    std::uint32_t n = 1000, rounds = 100;
    for (int i = 1; i < count; ++i) {
        const std::string given = arguments[i];
        const std::string value = given.substr(given.find('=') + 1);
        if (given.rfind("how=", 0) == 0)
            how = value;
        else
            (given[0] == 'n' ? n : rounds) =
                static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    }
    return measure(how, n, rounds);
}
