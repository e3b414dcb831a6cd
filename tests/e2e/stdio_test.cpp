// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace weir::test;

TEST_CASE("closed standard streams do not keep a run from ending well") {
    const std::vector<int> closed = GENERATE(std::vector{0}, std::vector{1}, std::vector{2},
                                             std::vector{0, 1}, std::vector{0, 1, 2});
    const scratch files;
    const std::string text =
        pipeline("closed", {"ready"},
                 {parallel({stage("a", {shell("say", "echo out; echo err >&2"), meet("ready")}),
                            stage("b", {meet("ready")})})});
    const process_end end = weir_command(
        {"run", files.write("closed.yaml", text), "--events", files.path("events.jsonl")},
        {.closed = closed});
    CHECK(end.status == 0);
    CHECK(proven(files.read("events.jsonl")).of("barrier.released").size() == 1);
}

TEST_CASE("a reader that went away does not keep a run from ending well") {
    const scratch files;
    const std::string text = pipeline(
        "gone", {}, {stage("a", {shell("say", "seq 1 100000"), shell("more", "seq 1 10")})});
    const process_end end = weir_command(
        {"run", files.write("gone.yaml", text), "--events", files.path("events.jsonl")},
        {.reader_gone = true});
    CHECK(end.status == 0);
    CHECK(proven(files.read("events.jsonl")).of("step.finished", "outcome", "succeeded").size() ==
          2);
}

TEST_CASE("what cannot be written is told by commands whose result it is") {
    const std::string train = "examples/pipelines/release-train.yaml";
    CHECK(weir_command({"plan", train}, {.closed = {1}}).status == 4);
    CHECK(weir_command({"check", train}, {.closed = {1}}).status == 4);
}
