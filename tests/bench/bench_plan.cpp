// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/harness/load.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/plan/read.hpp"
#include "tests/bench/yaml_events.hpp"
#include "tests/support/documents.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>

#include <malloc.h>

// From a document to a plan that may run, beside what libyaml alone takes for the same text: both
// in turn, so that a slow machine is slow for both. `ratio` is of the fastest of each.
namespace {

using namespace weir;

// Stages of three steps, as people write them.
std::string wordy(std::int64_t stages) {
    std::string text = "pipeline:\n  name: Many stages\n  identifier: many_stages\n  stages:\n";
    for (std::int64_t i = 0; i < stages; ++i) {
        const std::string number = std::to_string(i);
        text += "    - stage:\n        name: Stage " + number + "\n        identifier: stage_" +
                number +
                "\n        type: Custom\n        spec:\n          execution:\n            steps:\n";
        for (const std::string id : {"prepare", "build", "publish"}) {
            text +=
                "              - step:\n                  type: ShellScript\n"
                "                  name: " +
                id + "\n                  identifier: " + id +
                "\n                  spec:\n                    shell: Bash\n"
                "                    source:\n                      type: Inline\n"
                "                      spec:\n                        script: ./" +
                id + " --stage " + number + "\n                  timeout: 10m\n";
        }
    }
    return text;
}

// The same in few words, as programs write them: a hundred thousand are within the limits.
std::string brief(std::int64_t stages) {
    std::string text = "pipeline:\n  identifier: many_stages\n  stages:\n";
    for (std::int64_t i = 0; i < stages; ++i) {
        const std::string number = std::to_string(i);
        text += "  - stage:\n      identifier: stage_" + number +
                "\n      type: Custom\n      spec: {execution: {steps: [";
        for (const std::string id : {"prepare", "build", "publish"}) {
            text += "\n        {step: {type: Run, identifier: " + id + ", spec: {command: ./" + id +
                    " --stage " + number + "}}},";
        }
        text += "\n        ]}}\n";
    }
    return text;
}

// All in parallel, and all meet at one barrier between their steps.
std::string meeting(std::int64_t stages) {
    return test::many_stages(static_cast<std::size_t>(stages));
}

template <class work>
double seconds(const work& what) {
    const auto begin = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::size_t allocated() {
    const auto m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

plan::loaded planned(const std::string& text) {
    plan::loaded l = harness::load(text, {});
    if (!l.plan)
        throw std::runtime_error{plan::to_json(l.findings, l.files)};
    check::check(*l.plan, l.findings);
    return l;
}

struct fastest {
    double seconds = std::numeric_limits<double>::infinity();
    void add(double one) { seconds = std::min(seconds, one); }
};

void load_and_check(benchmark::State& state, std::string (*write)(std::int64_t stages)) {
    const std::string text = write(state.range(0));
    fastest ours, libyaml;
    std::size_t bytes = 0;
    for (auto _ : state) {
        libyaml.add(seconds([&] { benchmark::DoNotOptimize(bench::yaml_events(text)); }));
        const std::size_t before = allocated();
        plan::loaded l;
        const double took = seconds([&] { l = planned(text); });
        bytes = allocated() - before;
        ours.add(took);
        state.SetIterationTime(took);
    }
    state.counters["libyaml_ms"] = libyaml.seconds * 1e3;
    state.counters["ratio"] = ours.seconds / libyaml.seconds;
    state.counters["bytes_a_stage"] =
        static_cast<double>(bytes) / static_cast<double>(state.range(0));
    state.counters["us_a_stage"] = ours.seconds * 1e6 / static_cast<double>(state.range(0));
}
BENCHMARK_CAPTURE(load_and_check, wordy, wordy)
    ->ArgName("stages")
    ->Arg(1'000)
    ->Arg(10'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_and_check, meeting, meeting)
    ->ArgName("stages")
    ->Arg(1'000)
    ->Arg(10'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_and_check, brief, brief)
    ->ArgName("stages")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

std::string syntax_is_right(std::string_view, bool) {
    return {};
}

void read_plan_json(benchmark::State& state) {
    const std::string text = plan::to_json(*planned(brief(state.range(0))).plan);
    for (auto _ : state) {
        const auto l = plan::read_json(text, {}, syntax_is_right);
        if (!l.plan)
            state.SkipWithError("the plan's own JSON is refused");
        benchmark::DoNotOptimize(l.plan.get());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_plan_json)
    ->ArgName("stages")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void describe_as(benchmark::State& state, std::string (*describe)(const plan::plan&)) {
    const auto l = planned(brief(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(describe(*l.plan));
}
BENCHMARK_CAPTURE(describe_as, json, plan::to_json)
    ->ArgName("stages")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(describe_as, tree, plan::to_tree)
    ->ArgName("stages")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(describe_as, dot, plan::to_dot)
    ->ArgName("stages")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
