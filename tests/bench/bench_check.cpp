// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/harness/load.hpp"
#include "tests/bench/check_documents.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/plot.hpp"
#include "tests/bench/yaml_events.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

#include <sys/resource.h>

// What a check costs before every commit: many documents of ordinary size through the command, and
// ever larger ones, beside what libyaml alone takes for the same text. All times are the
// processor's, so that what else goes on at the machine counts less.
namespace {

using namespace weir;

template <class work>
double processor_seconds(const work& what) {
    const double begin = bench::cpu_ns();
    what();
    return (bench::cpu_ns() - begin) / 1e9;
}

double seconds_of_children() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

void command(benchmark::State& state) {
    const auto texts = bench::published(static_cast<std::size_t>(state.range(0)));
    const test::scratch files;
    std::vector<std::string> arguments{"check"};
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        arguments.push_back(files.write("pipeline_" + std::to_string(i) + ".yaml", texts[i]));
        bytes += texts[i].size();
    }
    for (auto _ : state) {
        const double before = seconds_of_children();
        const auto end = test::weir_command(arguments);
        state.SetIterationTime(seconds_of_children() - before);
        if (end.status != 0) {
            throw std::runtime_error{end.out + end.err};
        }
    }
    state.counters["documents"] = static_cast<double>(texts.size());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(command)
    ->ArgName("documents")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1'000)
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

constexpr std::int64_t sizes[] = {100, 300, 1'000, 3'000, 10'000, 30'000};

// What is to be plotted: by shape, by stages.
std::map<std::string, std::vector<bench::point>, std::less<>>& growth() {
    static std::map<std::string, std::vector<bench::point>, std::less<>> all;
    return all;
}

void load_and_check(benchmark::State& state, std::string_view shape) {
    const auto text = bench::document(shape, static_cast<std::size_t>(state.range(0)));
    const bool sound = shape != "crossing" && shape != "serial";
    double libyaml = std::numeric_limits<double>::infinity();
    double ours = libyaml, checking = libyaml;
    for (auto _ : state) {
        libyaml = std::min(libyaml, processor_seconds([&] { (void)bench::yaml_events(text); }));
        plan::loaded l;
        const double loaded = processor_seconds([&] { l = harness::load(text, {}); });
        if (!l.plan) {
            throw std::runtime_error{plan::to_json(l.findings, l.files)};
        }
        check::verdict said{};
        const double checked = processor_seconds([&] { said = check::check(*l.plan, l.findings); });
        if ((said == check::verdict::sound) != sound) {
            throw std::runtime_error{"another verdict: " + plan::to_json(l.findings, l.files)};
        }
        ours = std::min(ours, loaded + checked);
        checking = std::min(checking, checked);
        state.SetIterationTime(loaded + checked);
    }
    const auto stages = static_cast<double>(state.range(0));
    state.counters["libyaml_ms"] = libyaml * 1e3;
    state.counters["check_ms"] = checking * 1e3;
    state.counters["ratio"] = ours / libyaml;
    state.counters["us_a_stage"] = ours * 1e6 / stages;
    growth()[std::string{shape}].push_back({stages, ours * 1e6 / stages});
}

void register_growth() {
    for (const auto shape : bench::shapes()) {
        auto* const one = benchmark::RegisterBenchmark(
            ("load_and_check/" + std::string{shape}).c_str(), load_and_check, shape);
        one->ArgName("stages")->UseManualTime()->Unit(benchmark::kMillisecond);
        for (const auto n : sizes) {
            one->Arg(n);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    register_growth();
    benchmark::RunSpecifiedBenchmarks();
    std::puts("\nProcessor time of load and check, µs a stage: level means linear");
    for (const auto& [shape, points] : growth()) {
        std::printf("\n%s", bench::plot(shape, points).c_str());
    }
}
