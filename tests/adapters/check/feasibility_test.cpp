// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/harness/load.hpp"
#include "adapters/plan/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace {

using weir::json;

std::string stage(const std::string& id, const std::string& strategy,
                  const std::vector<std::string>& steps) {
    std::string text = "{stage: {identifier: " + id + ", name: " + id +
                       ", type: Custom, strategy: {" + strategy + "}, spec: {execution: {steps: [";
    for (const auto& s : steps) {
        text += (s == steps.front() ? "" : ", ") + s;
    }
    return text + "]}}}}";
}

std::string meet(const std::string& barrier, const std::string& when = {}) {
    return "{step: {type: Barrier, identifier: at_" + barrier +
           ", name: m, spec: {barrierRef: " + barrier + "}" +
           (when.empty() ? "" : ", when: {stageStatus: Success, condition: '" + when + "'}") + "}}";
}

json slots(const std::string& stages) {
    const auto loaded = weir::harness::load(
        "pipeline: {identifier: p, name: p, stages: [" + stages +
            "], flowControl: {barriers: [{identifier: A, name: A}, {identifier: B, name: B}]}}",
        {});
    REQUIRE(loaded.plan);
    weir::plan::diagnostics findings;
    REQUIRE(weir::check::check(*loaded.plan, findings) == weir::check::verdict::sound);
    return json::parse(weir::check::describe_slots(*loaded.plan));
}

}  // namespace

TEST_CASE("a loop needs as many slots as its instances meet at once, and the barrier is named") {
    const auto said = slots(stage("a", "matrix: {n: [1, 2, 3], maxConcurrency: 5}", {meet("A")}));
    REQUIRE(said.size() == 1);
    CHECK(said[0]["code"] == "N0501");
    CHECK(said[0]["severity"] == "note");
    CHECK(said[0]["path"] == "a");
    CHECK(said[0]["slots"] == 5);
    CHECK(said[0]["least"] == 3);
    CHECK(said[0]["barrier"] == "A");
    CHECK(said[0]["line"] == 1);
    CHECK(said[0]["message"] ==
          "`a` needs 3 of its 5 slots: so many instances wait together at barrier `A`");
}

TEST_CASE("instances that wait for nobody need one slot") {
    const auto said = slots(
        "{parallel: [" +
        stage("a", "matrix: {n: [1, 2, 3], maxConcurrency: 2}", {meet("A", "<+matrix.n> == 1")}) +
        ", " + stage("b", "matrix: {n: [1, 2, 3], maxConcurrency: 3}", {meet("A"), meet("B")}) +
        "]}");
    REQUIRE(said.size() == 2);
    CHECK(said[0]["least"] == 1);
    CHECK_FALSE(said[0].contains("barrier"));
    CHECK(said[1]["least"] == 3);
    CHECK(said[1]["message"] ==
          "`b` needs all its 3 slots: so many instances wait together at barrier `A`");
}

TEST_CASE("that the first two of three meet needs two slots, the first and the last all three") {
    const auto of = [](const std::string& when) {
        return slots(stage("a", "matrix: {n: [1, 2, 3], maxConcurrency: 3}", {meet("A", when)}));
    };
    CHECK(of("<+matrix.n> < 3")[0]["least"] == 2);
    // The second one comes to its end and makes room.
    CHECK(of("<+matrix.n> != 2")[0]["least"] == 2);
    CHECK(of("true")[0]["least"] == 3);
}

TEST_CASE("of slots that whoever waits gives away there is nothing to say") {
    CHECK(slots(stage("a", "matrix: {n: [1, 2, 3], maxConcurrency: 1}, slotWhileWaiting: release",
                      {meet("A")}))
              .empty());
    CHECK(slots(stage("a", "matrix: {n: [1, 2, 3]}", {meet("A")})).empty());
}
