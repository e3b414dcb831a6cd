// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace weir::test;

namespace {

// Two lanes meet; one of them has a step that fails at its first try, and asks what is to be done.
std::string document(const scratch& files, const std::string& timeout) {
    return files.write("asks.yaml", R"(pipeline:
  identifier: p
  name: p
  flowControl: {barriers: [{identifier: both, name: both}]}
  stages:
    - parallel:
        - stage: {identifier: w, name: w, type: Custom, spec: {execution: {steps: [
            {step: {identifier: m, name: m, type: Barrier, spec: {barrierRef: both}}}]}}}
        - stage:
            identifier: a
            name: a
            type: Custom
            spec:
              execution:
                steps:
                  - step:
                      identifier: x
                      name: x
                      type: ShellScript
                      spec: {shell: Bash, source: {type: Inline, spec: {script: "test -e )" +
                                        files.path("fixed") + R"( || { touch )" +
                                        files.path("fixed") +
                                        R"(; exit 1; }"}}}
                      failureStrategies:
                        - onFailure:
                            errors: [AllErrors]
                            action:
                              type: ManualIntervention
                              spec: {timeout: )" +
                                        timeout + R"(, onTimeout: {action: {type: MarkAsFailure}}}
                  - step: {identifier: m, name: m, type: Barrier, spec: {barrierRef: both}}
)");
}

process_end run(const scratch& files, const process_options& how,
                std::vector<std::string> more = {}, const std::string& timeout = "1d") {
    std::vector<std::string> words{"run", document(files, timeout), "--events",
                                   files.path("events.jsonl")};
    words.insert(words.end(), more.begin(), more.end());
    return weir_command(words, how);
}

}  // namespace

TEST_CASE("where nobody can be asked, what the document says for that is done at once") {
    const scratch files;
    const process_end end = run(files, {});
    INFO(end.out << end.err);
    CHECK(end.status == 1);
    const events told = proven(files.read("events.jsonl"));
    CHECK(told.one("intervention.wanted", "path", "a/x")["timeout_ms"] == 86'400'000);
    CHECK_FALSE(told.one("intervention.closed", "path", "a/x").contains("action"));
    CHECK(told.one("barrier.broken", "barrier", "both")["culprit"] == "a");
}

TEST_CASE("on a terminal the person decides; a wrong key is asked about again") {
    const scratch files;
    const process_end end =
        run(files, {.environment = {{"TERM", "xterm"}}, .on_terminal = true, .typed = "?\nr\n"},
            {"--progress", "plain"});
    INFO(end.out << end.err);
    CHECK(end.status == 0);
    CHECK(end.out.find("what now?") != std::string::npos);
    const events told = proven(files.read("events.jsonl"));
    CHECK(told.one("intervention.closed", "path", "a/x")["action"] == "retry");
    CHECK(told.of("step.started", "path", "a/x").size() == 2);
    CHECK(told.one("barrier.released", "barrier", "both")["parties"] == 2);
}

TEST_CASE("a simulated run lets the time of an intervention pass") {
    const scratch files;
    const std::string durations =
        files.write("durations.json", R"({"steps": {"a/x": {"outcome": "failed"}}})");
    const process_end end = run(files, {}, {"--simulate", "--durations", durations}, "1h");
    CHECK(end.status == 1);
    const events told = proven(files.read("events.jsonl"));
    CHECK(told.one("intervention.closed", "path", "a/x")["t_ns"] == 3'601'000'000'000);
}
