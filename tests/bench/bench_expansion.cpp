// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/expression.hpp"
#include "adapters/plan/builder.hpp"
#include "adapters/plan/describe.hpp"
#include "tests/adapters/expressions/support.hpp"
#include "tests/adapters/plan/support.hpp"

#include <benchmark/benchmark.h>

#include <numeric>

namespace {

using namespace weir;
using namespace weir::plan;
using namespace weir::plan::testing;

std::vector<json> hundred() {
    std::vector<json> all;
    for (int i = 0; i < 100; ++i) all.emplace_back("value-" + std::to_string(i));
    return all;
}

// A million combinations; with exclusions, of which some name all axes and some two.
strategy million(bool excluded) {
    strategy s = matrix({{"service", hundred()}, {"zone", hundred()}, {"image", hundred()}});
    for (int i = 0; excluded && i < 100; ++i) {
        const std::string a = "value-" + std::to_string(i), b = "value-" + std::to_string(99 - i);
        exclude(s, {{"service", a}, {"zone", b}});
        exclude(s, {{"zone", a}, {"image", b}});
        exclude(s, {{"service", a}, {"zone", a}, {"image", b}});
    }
    return s;
}

void make_and_first(benchmark::State& state) {
    const strategy s = million(state.range(0) != 0);
    for (auto _ : state) {
        const auto x = expand(s);
        benchmark::DoNotOptimize(x->first());
    }
}
BENCHMARK(make_and_first)->ArgName("excluded")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void walk(benchmark::State& state) {
    const auto x = expand(million(state.range(0) != 0));
    for (auto _ : state) {
        instance at = x->first();
        do benchmark::DoNotOptimize(at); while (x->advance(at));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(x->count()));
}
BENCHMARK(walk)->ArgName("excluded")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void suffixes_and_values(benchmark::State& state) {
    const auto x = expand(million(false), {.labels = state.range(0) != 0});
    instance at = x->first();
    for (auto _ : state) {
        benchmark::DoNotOptimize(x->suffix(at, {}));
        benchmark::DoNotOptimize(x->value(at, "zone"));
        if (!x->advance(at)) at = x->first();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(suffixes_and_values)->ArgName("labels")->Arg(0)->Arg(1);

std::shared_ptr<const weir::plan::plan> big_plan(std::int64_t stages) {
    builder b;
    const node_index root = add(b, no_node, node_kind::pipeline, "big");
    for (std::int64_t i = 0; i < stages; ++i) {
        const node_index stage =
            add(b, root, node_kind::stage, "stage_" + std::to_string(i), "Custom");
        for (const char* id : {"prepare", "build", "publish"}) {
            const node_index step = add(b, stage, node_kind::step, id, "ShellScript");
            b.at(step).spec = b.keep(
                R"({"shell":"Bash","source":{"spec":{"script":"echo some words of a script"}}})");
        }
    }
    return b.finish();
}

void build(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(big_plan(state.range(0)));
}
BENCHMARK(build)->ArgName("stages")->Arg(10'000)->Unit(benchmark::kMillisecond);

void describe(benchmark::State& state) {
    const auto p = big_plan(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(to_json(*p));
}
BENCHMARK(describe)->ArgName("stages")->Arg(10'000)->Unit(benchmark::kMillisecond);

void interpolate(benchmark::State& state) {
    const auto& names = expressions::testing::sample();
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            expressions::interpolate("deploy <+matrix.service> of <+pipeline.name>", names));
    }
}
BENCHMARK(interpolate);

void condition(benchmark::State& state) {
    const auto& names = expressions::testing::sample();
    for (auto _ : state) {
        benchmark::DoNotOptimize(expressions::condition(
            "<+pipeline.variables.seven> > 5 && <+matrix.service> != 'x'", names));
    }
}
BENCHMARK(condition);

}  // namespace
