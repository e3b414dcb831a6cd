// SPDX-License-Identifier: BSL-1.0
// Loops through the C ABI: what a host pays for an instance with its suffix and values.
#include <weir/weir.h>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace {

std::string hundred() {
    std::string list = "[";
    for (int i = 0; i < 100; ++i) {
        list += (i == 0 ? "value-" : ", value-") + std::to_string(i);
    }
    return list + "]";
}

// A million combinations of three axes, as this engine writes them.
std::string million(const std::string& dialect) {
    const std::string axis = hundred();
    if (dialect == "argo") {
        return "withSequence: {count: 1000000, format: 'item-%06d'}";
    }
    const std::string axes = "{service: " + axis + ", zone: " + axis + ", image: " + axis + "}";
    return dialect == "gitlab" ? "matrix: [" + axes + "]" : "matrix: " + axes;
}

weir_loop open_loop(const std::string& text, const std::string& dialect) {
    weir_loop_options how{};
    how.struct_size = sizeof how;
    how.most = 1'000'000;
    how.dialect = dialect.data();
    how.dialect_length = static_cast<uint32_t>(dialect.size());
    weir_loop loop = 0;
    if (weir_loop_open(text.data(), static_cast<uint32_t>(text.size()), &how, &loop, nullptr,
                       nullptr, nullptr, nullptr) != WEIR_OK) {
        std::abort();
    }
    return loop;
}

void open_and_first(benchmark::State& state, const std::string& dialect) {
    const std::string text = million(dialect);
    for (auto _ : state) {
        const weir_loop loop = open_loop(text, dialect);
        weir_instance one;
        uint32_t count = 0;
        if (weir_loop_next(loop, &one, sizeof one, 1, &count) != WEIR_OK || count != 1) {
            std::abort();
        }
        benchmark::DoNotOptimize(one);
        weir_loop_close(loop);
    }
}

void all_in_batches(benchmark::State& state, const std::string& dialect) {
    const std::string text = million(dialect);
    std::vector<weir_instance> batch(256);
    std::int64_t seen = 0;
    for (auto _ : state) {
        const weir_loop loop = open_loop(text, dialect);
        for (uint32_t count = 1; count != 0; seen += count) {
            if (weir_loop_next(loop, batch.data(), sizeof batch[0], 256, &count) != WEIR_OK) {
                std::abort();
            }
            benchmark::DoNotOptimize(batch.data());
        }
        weir_loop_close(loop);
    }
    state.SetItemsProcessed(seen);
}

BENCHMARK_CAPTURE(open_and_first, harness, std::string{"harness"})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(open_and_first, github, std::string{"github"})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(open_and_first, gitlab, std::string{"gitlab"})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(open_and_first, argo, std::string{"argo"})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(all_in_batches, harness, std::string{"harness"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(all_in_batches, github, std::string{"github"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(all_in_batches, gitlab, std::string{"gitlab"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(all_in_batches, argo, std::string{"argo"})->Unit(benchmark::kMillisecond);

}  // namespace
