// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/expression.hpp"
#include "adapters/harness/load.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/plan/read.hpp"
#include "adapters/run/simulation.hpp"
#include "fibers/runtime.hpp"
#include "tests/adapters/plan/schema.hpp"
#include "tests/adapters/run/scripted.hpp"
#include "tests/property/plans.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace weir;
using namespace weir::property;

namespace {

using shared_plan = std::shared_ptr<const plan::plan>;

std::string told(const plan::loaded& l) {
    return plan::to_json(l.findings, l.files);
}

// Everything that a simulated run tells, until it ends or nothing goes on any more.
std::string events_of(const shared_plan& document, const std::string& behaviour) {
    fibers::status why{};
    const auto runtime = fibers::runtime::create(
        {.workers = 0, .stack_size = 128 << 10, .clock = fibers::clock_kind::virtual_, .seed = 7},
        why);
    REQUIRE(runtime);
    std::string error;
    const auto steps = runs::simulation::parse(behaviour, error);
    REQUIRE(steps);
    runs::test::scripted host;
    runs::run r{document, runtime->at(0), host, {.id = "r", .simulated = steps}};
    r.start();
    while (runtime->poll(0)) {
    }
    REQUIRE(host.over());
    return host.told().text();
}

// What breaks the schema of the docs; empty: nothing.
std::string schema_problem(const std::string& text) {
    static const plan::testing::schema all{json::parse(
        std::ifstream{std::filesystem::path{WEIR_SOURCE_DIR} / "docs/plan.schema.json"})};
    return all.problem(json::parse(text));
}

shared_plan read_again(const plan::plan& p) {
    const auto text = plan::to_json(p);
    CHECK(schema_problem(text) == "");
    plan::load_options how;
    how.inputs_may_be_missing = true;
    const auto l = plan::read_json(text, how, expressions::wrong_syntax);
    if (!l.plan)
        FAIL(told(l) << "\n" << text);
    if (const auto again = plan::to_json(*l.plan); again != text)
        FAIL("written\n" << text << "\nread and written again\n" << again);
    return l.plan;
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::filesystem::path> documents() {
    const char* const given = std::getenv("WEIR_CORPUS");
    const std::filesystem::path root{WEIR_SOURCE_DIR};
    const auto corpus = given ? std::filesystem::path{given} : root / "../shared/corpus";
    std::vector<std::filesystem::path> all;
    for (const auto& folder : {root / "examples/pipelines", corpus / "harness"}) {
        if (!std::filesystem::is_directory(folder))
            continue;
        for (const auto& entry : std::filesystem::directory_iterator{folder})
            all.push_back(entry.path());
    }
    std::ranges::sort(all);
    return all;
}

}  // namespace

TEST_CASE("a random plan comes back from its JSON the same, and runs the same") {
    const auto seed = number_from("WEIR_PROPERTY_SEED", 20261127);
    const auto count = number_from("WEIR_PROPERTY_PLANS", number_from("WEIR_RANDOM_PLANS", 2000));
    for (std::uint64_t i = 0; i < count; ++i) {
        dice d{seed + i};
        const auto document = random_plan(d);
        const auto behaviour = random_behaviour(d);
        INFO("seed " << seed + i);
        const auto again = read_again(*document);
        if (const auto events = events_of(document, behaviour);
            events_of(again, behaviour) != events)
            FAIL("other events\n" << events << events_of(again, behaviour));
    }
}

TEST_CASE("every document that loads comes back from its JSON the same, and runs the same") {
    std::size_t loaded = 0;
    for (const auto& file : documents()) {
        INFO(file.filename().string());
        plan::load_options how;
        how.inputs_may_be_missing = true;
        const auto open = harness::load(content_of(file), how);
        if (!open.plan)
            continue;
        ++loaded;
        read_again(*open.plan);
        how.inputs_may_be_missing = false;
        if (const auto closed = harness::load(content_of(file), how); closed.plan) {
            const auto again = read_again(*closed.plan);
            CHECK(events_of(again, "{}") == events_of(closed.plan, "{}"));
        }
    }
    CHECK(loaded >= 4);  // the examples at least
}
