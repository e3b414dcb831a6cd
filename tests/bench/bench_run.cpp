// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"

#include <weir/weir.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <poll.h>

// Parallel stages that meet at one barrier, simulated, from the document to the run's last event,
// through the C ABI: time, threads while it runs, and the greatest resident size of the process.
namespace {

void require(weir_status status) {
    if (status != WEIR_OK)
        throw std::runtime_error{weir_status_name(status)};
}

std::size_t threads() {
    const std::filesystem::directory_iterator tasks{"/proc/self/task"};
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

double megabytes(const std::string& field) {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == field && status >> kilobytes)
            return kilobytes / 1024;
    }
    return 0;
}

void forget_peak() {
    std::ofstream{"/proc/self/clear_refs"} << 5;
}

struct counts {
    std::uint64_t events = 0;
    std::size_t threads = 0;
    weir_outcome outcome = 0;
};

counts serve(weir_queue queue) {
    counts seen;
    int32_t descriptor = -1;
    require(weir_queue_descriptor(queue, &descriptor));
    std::vector<weir_event> batch(1024);
    while (seen.outcome == 0) {
        uint32_t count = 0;
        require(weir_queue_drain(queue, batch.data(), sizeof(weir_event), 1024, &count));
        if (count == 0) {
            seen.threads = std::max(seen.threads, threads());
            pollfd readable{descriptor, POLLIN, 0};
            ::poll(&readable, 1, -1);
        }
        seen.events += count;
        if (count > 0 && batch[count - 1].kind == WEIR_EVENT_RUN_FINISHED)
            seen.outcome = batch[count - 1].outcome;
    }
    return seen;
}

counts run(const std::string& document) {
    weir_plan plan = 0;
    require(weir_plan_load(document.data(), document.size(), nullptr, &plan, nullptr, nullptr));
    weir_queue queue = 0;
    require(weir_queue_create(nullptr, &queue, nullptr));
    weir_runtime_options how{};
    how.struct_size = sizeof how;
    how.workers = 1;
    how.clock = WEIR_CLOCK_VIRTUAL;
    weir_runtime runtime = 0;
    require(weir_runtime_create(&how, &runtime, nullptr));
    weir_run_options options{};
    options.struct_size = sizeof options;
    options.flags = WEIR_RUN_SIMULATE;
    weir_run started = 0;
    require(weir_run_start(runtime, plan, queue, &options, &started, nullptr));
    counts seen = serve(queue);
    seen.threads = std::max(seen.threads, threads());
    require(weir_runtime_destroy_wait(runtime));
    require(weir_queue_destroy(queue));
    require(weir_plan_release(plan));
    return seen;
}

void stages_meet(benchmark::State& state) {
    const auto stages = static_cast<std::size_t>(state.range(0));
    const std::string document = weir::test::many_stages(stages);
    const std::size_t before = threads();
    counts seen;
    forget_peak();
    for (auto _ : state) {
        seen = run(document);
        if (seen.outcome != WEIR_SUCCEEDED)
            state.SkipWithError("the run did not succeed");
    }
    state.counters["events"] = static_cast<double>(seen.events);
    state.counters["threads_more"] = static_cast<double>(seen.threads - before);
    state.counters["peak_MB"] = megabytes("VmHWM:");
    state.counters["document_MB"] = static_cast<double>(document.size()) / 1e6;
}

}  // namespace

BENCHMARK(stages_meet)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
