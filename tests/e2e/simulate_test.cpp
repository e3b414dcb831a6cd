// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* train = "examples/pipelines/release-train.yaml";

std::string simulated(const scratch& files, std::vector<std::string> more, int status = 0) {
    std::vector<std::string> arguments{
        "run", train, "--simulate", "--progress", "off", "--events", files.path("events.jsonl")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const process_end end = weir_command(arguments);
    INFO(end.err);
    REQUIRE(end.status == status);
    CHECK(end.out.empty());
    return files.read("events.jsonl");
}

}  // namespace

TEST_CASE("a simulation with the same seed gives the same events, byte for byte") {
    const scratch files;
    for (const char* seed : {"0", "1", "77"}) {
        const std::string first = simulated(files, {"--seed", seed}),
                          second = simulated(files, {"--seed", seed});
        CHECK(first == second);
        static_cast<void>(proven(first));
    }
    CHECK(simulated(files, {"--seed", "1"}) != simulated(files, {"--seed", "2"}));
}

TEST_CASE("a simulated step takes a second and succeeds unless told otherwise") {
    const scratch files;
    const events usual = proven(simulated(files, {}));
    const auto took = [&](const events& told, const std::string& path) {
        return told.one("step.finished", "path", path)["t_ns"].get<std::int64_t>() -
               told.one("step.started", "path", path)["t_ns"].get<std::int64_t>();
    };
    CHECK(took(usual, "deploy_catalog/migrate") == 1'000'000'000);

    const std::string durations = files.write("durations.json", R"({"default_ms": 10, "steps": {
        "deploy_catalog/migrate": {"ms": 90000, "outcome": "failed", "message": "table is locked"},
        "*/roll_out": {"ms": 250}}})");
    const events told = proven(simulated(files, {"--durations", durations}, 1));
    CHECK(took(told, "deploy_catalog/migrate") == 90'000'000'000);
    CHECK(took(told, "deploy_checkout/drain") == 10'000'000);
    CHECK(told.one("barrier.broken", "barrier", "schema_ready")["culprit"] == "deploy_catalog");
    CHECK(told.one("node.finished", "path", "deploy_catalog/migrate")["error"]["message"] ==
          "table is locked");
}

TEST_CASE("six instances meet with two slots, when those that wait give them to the next") {
    const scratch files;
    const auto document = [&](const std::string& slots) {
        return files.write("slots.yaml", R"(pipeline:
  identifier: p
  name: p
  flowControl: {barriers: [{identifier: all, name: all}]}
  stages:
    - stage:
        identifier: a
        name: a
        type: Custom
        strategy: {matrix: {n: [1, 2, 3, 4, 5, 6], maxConcurrency: 2})" +
                                             slots + R"(}
        spec:
          execution:
            steps:
              - step: {type: ShellScript, identifier: x, name: x, spec: {script: x}}
              - step: {type: Barrier, identifier: m, name: m, spec: {barrierRef: all}}
              - step: {type: ShellScript, identifier: y, name: y, spec: {script: y}}
)");
    };
    const auto run = [&](const std::string& slots, const std::vector<std::string>& more) {
        std::vector<std::string> words{
            "run",      document(slots),           "--simulate", "--progress", "off",
            "--events", files.path("events.jsonl")};
        words.insert(words.end(), more.begin(), more.end());
        return weir_command(words).status;
    };
    CHECK(run("", {}) == 3);
    CHECK(run(", slotWhileWaiting: hold", {"--slot-while-waiting", "release"}) == 3);
    for (const bool by_option : {true, false}) {
        CHECK(run(by_option ? "" : ", slotWhileWaiting: release",
                  by_option ? std::vector<std::string>{"--slot-while-waiting", "release"}
                            : std::vector<std::string>{}) == 0);
        const events told = proven(files.read("events.jsonl"));
        CHECK(told.one("barrier.released", "barrier", "all")["parties"] == 6);
        CHECK(told.one("barrier.released", "barrier", "all")["t_ns"] == 3'000'000'000);
        int active = 0;
        for (const auto& event : told.all()) {
            active += event["type"] == "slot.taken" ? 1 : event["type"] == "slot.given" ? -1 : 0;
            CHECK(active <= 2);
        }
    }
    CHECK(run("", {"--compat", "harness"}) == 0);
    CHECK(proven(files.read("events.jsonl")).one("barrier.released", "barrier", "all")["parties"] ==
          2);
}

TEST_CASE("a quorum decides, values are there for the rest, and steps run before anyone goes on") {
    const scratch files;
    const std::string document = files.write("options.yaml", R"(pipeline:
  identifier: p
  name: p
  flowControl:
    barriers:
      - identifier: agreed
        quorum: 2
        exchange: true
        onRelease: [{step: {type: ShellScript, identifier: tell, name: tell, spec: {script: x}}}]
  stages:
    - stage:
        identifier: a
        name: a
        type: Custom
        strategy: {matrix: {n: [1, 2, 3], nodeName: <+matrix.n>}}
        spec:
          execution:
            steps:
              - step: {type: ShellScript, identifier: x, name: x, spec: {script: x}}
              - step: {type: Barrier, identifier: m, name: m, spec: {barrierRef: agreed, value: {n: <+matrix.n>}}}
              - step:
                  type: ShellScript
                  identifier: y
                  name: y
                  when: {stageStatus: Success, condition: "<+barriers.agreed.values.a_1.n> == 1"}
                  spec: {script: y}
)");
    const std::string durations =
        files.write("durations.json", R"({"steps": {"a_3/x": {"ms": 9000}}})");
    const process_end end =
        weir_command({"run", document, "--simulate", "--progress", "off", "--durations", durations,
                      "--events", files.path("events.jsonl")});
    INFO(end.err);
    REQUIRE(end.status == 0);
    const events told = proven(files.read("events.jsonl"));
    const auto decision = told.one("barrier.released", "barrier", "agreed");
    CHECK(decision["quorum"] == 2);
    CHECK(decision["t_ns"] == 2'000'000'000);
    CHECK(told.one("node.started", "path", "agreed/tell")["t_ns"] == 1'000'000'000);
    CHECK(told.one("node.finished", "path", "a_3/y")["outcome"] == "succeeded");
}

TEST_CASE("durations that cannot be read are refused") {
    const scratch files;
    for (const char* text : {"[", "[]", R"({"default_ms": -1})", R"({"stepz": {}})"}) {
        const process_end end = weir_command(
            {"run", train, "--simulate", "--durations", files.write("durations.json", text)});
        INFO(text << "\n" << end.err);
        CHECK(end.status == 3);
        CHECK_THAT(end.err, ContainsSubstring("durations.json"));
    }
}

TEST_CASE("ten thousand parallel stages meet, and no thread waits for it") {
#ifdef __SANITIZE_THREAD__
    constexpr std::size_t stages = 1'000;  // the sanitizer knows 8,128 contexts at once
#else
    constexpr std::size_t stages = 10'000;
#endif
    constexpr std::size_t workers = 1;
    const scratch files;
    process run{{WEIR_COMMAND, "run", files.write("many.yaml", many_stages(stages)), "--simulate",
                 "--progress", "off", "--events", files.path("events.jsonl")}};
    std::size_t most = 0;
    for (std::size_t now = run.threads(); now != 0; now = run.threads()) {
        most = std::max(most, now);
    }
    const process_end end = run.wait();
    INFO(end.err);
    REQUIRE(end.status == 0);
    CHECK(most <= workers + 1);
    const events told = proven(files.read("events.jsonl"));
    CHECK(told.one("barrier.released", "barrier", "all_here")["parties"] == stages);
}
