// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/harness/load.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <initializer_list>
#include <string>

namespace {

using Catch::Matchers::ContainsSubstring;
using weir::check::verdict;
using weir::plan::code;

std::string joined(std::initializer_list<std::string> entries) {
    std::string text;
    for (const auto& e : entries) {
        text += (text.empty() ? "" : ", ") + e;
    }
    return text;
}

std::string parallel(std::initializer_list<std::string> entries) {
    return "{parallel: [" + joined(entries) + "]}";
}

std::string stage(const std::string& id, std::initializer_list<std::string> steps) {
    return "{stage: {identifier: " + id + ", name: " + id +
           ", type: Custom, spec: {execution: {steps: [" + joined(steps) + "]}}}}";
}

std::string queue(const std::string& id, const std::string& key) {
    return "{step: {type: Queue, identifier: " + id + ", name: " + id + ", spec: {key: '" + key +
           "', scope: Stage}}}";
}

std::string meet(const std::string& barrier) {
    return "{step: {type: Barrier, identifier: at_" + barrier +
           ", name: m, spec: {barrierRef: " + barrier + "}}}";
}

struct told {
    verdict said;
    weir::plan::diagnostics findings;

    [[nodiscard]] const weir::plan::diagnostic& only() const {
        REQUIRE(findings.all().size() == 1);
        return findings.all()[0];
    }
};

weir::plan::load_options inputs_open() {
    weir::plan::load_options how;
    how.inputs_may_be_missing = true;
    return how;
}

told check(std::initializer_list<std::string> stages, const weir::check::options& how = {}) {
    const auto loaded = weir::harness::load(
        "pipeline: {identifier: p, name: p, stages: [" + joined(stages) +
            "], variables: [{name: cluster, type: String, value: <+input>}], flowControl: "
            "{barriers: [{identifier: A, name: A}, {identifier: B, name: B}]}}",
        inputs_open());
    for (const auto& finding : loaded.findings.all()) {
        INFO(finding.message);
    }
    REQUIRE(loaded.plan);
    told t;
    t.said = weir::check::check(*loaded.plan, t.findings, how);
    return t;
}

const std::string pipelines = "<+pipeline.variables.cluster>";
const std::string of_a_step = "<+execution.steps.find.output.outputVariables.cluster>";

}  // namespace

TEST_CASE("a key that nobody knows, but that is the pipeline's, is the same in all its stages") {
    const auto t = check({parallel({stage("a", {queue("q", pipelines), meet("A")}),
                                    stage("b", {queue("q", pipelines), meet("A")})})});
    CHECK(t.said == verdict::deadlock);
    CHECK(t.only().what == code::lock_across_barrier);
}

TEST_CASE("a key that nobody knows may be equal to one that is written") {
    const auto t = check({parallel({stage("a", {queue("q", of_a_step), meet("A")}),
                                    stage("b", {queue("q", "k"), meet("A")})})});
    CHECK(t.said == verdict::deadlock_when);
    CHECK(t.only().what == code::lock_across_barrier);
    CHECK(t.only().notes.back().message == "this is so when the key of `a/q` is `k`");
    CHECK(t.only().notes.back().where.known());
}

TEST_CASE("keys that nobody knows may be equal to each other") {
    const auto t = check({parallel({stage("a", {queue("q", of_a_step), meet("A")}),
                                    stage("b", {queue("q", of_a_step), meet("A")})})});
    CHECK(t.said == verdict::deadlock_when);
    CHECK(t.only().notes.back().message == "this is so when the key of `a/q` is that of `b/q`");
}

TEST_CASE("a key that nobody knows may stand between two locks that are taken in one order") {
    const auto t = check({parallel({stage("a", {queue("k", "k"), queue("q", of_a_step)}),
                                    stage("b", {queue("l", "l"), queue("k", "k")})})});
    CHECK(t.said == verdict::deadlock_when);
    CHECK(t.only().what == code::lock_order);
    CHECK(t.only().notes.back().message == "this is so when the key of `a/q` is `l`");
}

TEST_CASE("keys that nobody knows are no matter where nobody waits while he holds one") {
    CHECK(check({parallel({stage("a", {meet("A"), queue("q", of_a_step)}),
                           stage("b", {meet("A"), queue("q", of_a_step)}),
                           stage("c", {queue("q", pipelines)})})})
              .said == verdict::sound);
}

TEST_CASE("how many permits there are must be known where somebody waits while he holds some") {
    const std::string some =
        "{step: {type: ResourceConstraint, identifier: c, name: c, spec: {key: k, capacity: "
        "<+pipeline.variables.cluster>, permits: 1, scope: Stage}}}";
    const auto held =
        check({parallel({stage("a", {some, meet("A")}), stage("b", {some, meet("A")})})});
    CHECK(held.said == verdict::not_proved);
    CHECK_THAT(held.only().message, ContainsSubstring("known only in a run"));
    CHECK(check({parallel({stage("a", {some}), stage("b", {some})})}).said == verdict::sound);
}

TEST_CASE("what locks there may be is searched for each set of lanes that share something") {
    // Two locks in either order, behind a third: each pair has few orders, and all together many.
    const auto pair = [](const std::string& n) {
        return joined(
            {stage("a" + n, {queue("g", "g" + n), queue("k", "k" + n), queue("l", "l" + n)}),
             stage("b" + n, {queue("g", "g" + n), queue("l", "l" + n), queue("k", "k" + n)})});
    };
    const auto pairs = joined({pair("0"), pair("1"), pair("2"), pair("3"), pair("4")});
    const weir::check::options few{.most_steps = 20'000};
    CHECK(check({parallel({pairs})}, few).said == verdict::sound);
    // A stage that takes the outer locks of all makes one set of them.
    const auto all = stage("z", {queue("a", "g0"), queue("b", "g1"), queue("c", "g2"),
                                 queue("d", "g3"), queue("e", "g4")});
    CHECK(check({parallel({pairs, all})}, few).said == verdict::not_proved);
}

TEST_CASE("what passes with its holder's lock says nothing of how much there is") {
    const auto of = [](const std::string& id, const std::string& capacity) {
        return "{step: {type: ResourceConstraint, identifier: " + id + ", name: " + id +
               ", spec: {key: k, scope: Stage, capacity: " + capacity + "}}}";
    };
    CHECK(check({parallel({stage("t", {of("q", "2"), of("again", "1")}),
                           stage("a", {of("qa", "2"), meet("A")}),
                           stage("b", {of("qb", "2"), meet("A")})})})
              .said == verdict::sound);
    CHECK(check({parallel({stage("t", {of("q", "1")}), stage("a", {of("qa", "2"), meet("A")}),
                           stage("b", {of("qb", "2"), meet("A")})})})
              .said == verdict::deadlock);
}
