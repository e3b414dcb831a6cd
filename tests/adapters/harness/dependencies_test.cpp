// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;
using Catch::Matchers::ContainsSubstring;

// A stage whose `dependsOn`, if any, begins in column 46 of its line.
std::string stage(char id, std::string_view depends_on = {}, std::string_view step = {}) {
    return std::string{"- stage: {identifier: "} + id + ", type: Custom, " +
           (depends_on.empty() ? "" : "dependsOn: " + std::string{depends_on} + ", ") +
           "spec: {execution: {steps: [" + std::string{step} + "]}}}\n";
}

words waited_for(const plan::loaded& l, std::string_view id) {
    words all;
    const auto* const n = at(l, id);
    REQUIRE(n);
    for (const auto on : n->extras ? n->extras->depends_on : std::vector<plan::node_index>{}) {
        all.emplace_back(l.plan->nodes[on].id);
    }
    return all;
}

}  // namespace

TEST_CASE("stages that say what they depend on are a graph") {
    const auto l =
        load(with_stages(stage('a', "[c]") + stage('b') + stage('c', "[]") + stage('d', "[a, c]")));
    REQUIRE(l.plan);
    const auto& graph = l.plan->nodes[l.plan->root().first_child];
    CHECK(graph.kind == plan::node_kind::graph);
    CHECK(graph.next == plan::no_node);
    CHECK(waited_for(l, "a") == words{"c"});
    CHECK(waited_for(l, "b") == words{"a"});  // it does not say: after the one before it
    CHECK(waited_for(l, "c").empty());
    CHECK(waited_for(l, "d") == words{"a", "c"});
    CHECK(at(l, "d/x") == nullptr);
}

TEST_CASE("without dependsOn the list stays a sequence, and a null is none") {
    const auto l = load(with_stages(stage('a', "~") + stage('b')));
    REQUIRE(l.plan);
    CHECK(l.plan->nodes[l.plan->root().first_child].kind == plan::node_kind::stage);
}

TEST_CASE("a parallel in a graph is one entry: what follows waits for all of it") {
    const auto l = load(with_stages(stage('a', "[]") + "- parallel:\n" + indented(stage('b'), 4) +
                                    indented(stage('c'), 4) + indented(stage('e', "[]"), 4) +
                                    stage('d') + stage('f', "[b]")));
    REQUIRE(l.plan);
    CHECK(l.plan->nodes[at(l, "b")->parent].kind == plan::node_kind::graph);
    CHECK(waited_for(l, "b") == words{"a"});
    CHECK(waited_for(l, "c") == words{"a"});
    CHECK(waited_for(l, "e").empty());
    CHECK(waited_for(l, "d") == words{"b", "c", "e"});
    CHECK(waited_for(l, "f") == words{"b"});
    CHECK(codes(load(with_stages(stage('a', "[]") + "- parallel:\n    - parallel: []\n"))) ==
          words{"E0204"});
}

TEST_CASE("parallels whose stages wait for each other by the thousand are refused") {
    std::string stages = stage('a', "[]");
    for (int p = 0; p < 2; ++p) {
        stages += "- parallel:\n";
        for (int i = 0; i < 1100; ++i) {
            stages += "    - stage: {identifier: s" + std::to_string(p) + "_" + std::to_string(i) +
                      ", type: Custom, spec: {execution: {steps: []}}}\n";
        }
    }
    CHECK(codes(load(with_stages(stages))) == words{"E0102"});
}

TEST_CASE("names that are not there are told, with the nearest") {
    const auto l =
        load(with_stages("- stage: {identifier: build, type: Custom, dependsOn: [], "
                         "spec: {execution: {steps: []}}}\n" +
                         stage('b', "[biuld]")));
    REQUIRE(findings(l) == words{"E0231@5:56"});
    CHECK(l.findings.all()[0].help == "did you mean `build`?");
}

TEST_CASE("stages that wait for each other are told with the chain") {
    const auto self = load(with_stages(stage('a', "[a]")));
    REQUIRE(findings(self) == words{"E0232@4:56"});
    const auto l = load(
        with_stages(stage('a', "[c]") + stage('b', "[a]") + stage('c', "[b]") + stage('d', "[c]")));
    REQUIRE(findings(l) == words{"E0232@4:27"});
    CHECK_THAT(l.findings.all()[0].message,
               ContainsSubstring("`a` waits for `c` waits for `b` waits for `a`"));
    CHECK(l.findings.all()[0].notes.size() == 2);
    CHECK(codes(load(with_stages(stage('a', "[b]") + stage('b')))) == words{"E0232"});
}

TEST_CASE("a malformed dependsOn is refused, each mistake by its code") {
    CHECK(codes(load(with_stages(stage('a', "b")))) == words{"E0203"});
    CHECK(codes(load(with_stages(stage('a', "{b: c}")))) == words{"E0203"});
    CHECK(codes(load(with_stages(stage('a', "[[b]]")))) == words{"E0203"});
    CHECK(codes(load(with_stages(stage('a', "[]") + stage('b', "[a, a]")))) == words{"E0204"});
    CHECK(codes(load(with_stages(stage('a', "<+input>")), {}, true)).empty());
    CHECK(codes(load(with_stages(stage('a', "[]") + stage('a', "[]")))) == words{"E0205"});
}

TEST_CASE("which stages follow each other is known in a graph, for barriers in rollback steps") {
    const std::string meet = "step: {identifier: m, type: Barrier, spec: {barrierRef: q}}";
    const auto rolling = [&](std::string_view depends_on) {
        return "- stage: {identifier: r, type: Custom, dependsOn: " + std::string{depends_on} +
               ", spec: {execution: {steps: [], rollbackSteps: [{" + meet + "}]}}}\n";
    };
    const std::string flow = "flowControl: {barriers: [{identifier: q, name: q}]}";
    const std::string first = stage('a', "[]", "{" + meet + "}") + stage('b', "[a]");
    CHECK(codes(load(with_stages(first + rolling("[b]"), flow))) == words{"E0305"});
    CHECK(codes(load(with_stages(first + rolling("[]"), flow))) == words{"W0304"});
}

TEST_CASE("a graph of many stages is read in time") {
    std::string stages;
    for (int i = 0; i < 5000; ++i) {
        stages += "- stage: {identifier: s" + std::to_string(i) + ", type: Custom, dependsOn: [" +
                  (i == 0 ? "" : "s" + std::to_string(i - 1)) +
                  "], spec: {execution: {steps: []}}}\n";
    }
    CHECK(load(with_stages(stages)).plan);
}
