// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "tests/adapters/plan/plans.hpp"
#include "tests/adapters/plan/reading.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::plan;
using namespace weir::plan::testing;

// A change to a plan that is right, and what is said of it then: the code, the path of the node,
// what stands where the finding points, and a part of the message.
struct variant {
    const char* pointer;
    const char* value;  // JSON; "": the member is taken away
    const char* code;
    const char* path;
    const char* at;
    const char* message = "";
};

const json& base() {
    static const json document = json::parse(R"({
      "version": 1, "files": ["a.yaml"],
      "barriers": [
        {"id": "go", "quorum": 2, "stragglers": "fail", "timeout_ms": 1000, "position":
          {"file": 0, "line": 1, "column": 1, "end_line": 1, "end_column": 2},
         "on_release": {"kind": "on_release", "children": [{"kind": "step", "id": "tell"}]}},
        {"id": "inner", "scope": "deploy", "cyclic": true, "exchange": false}],
      "variables": {"v": 1},
      "root": {"kind": "pipeline", "id": "p", "children": [
        {"kind": "graph", "children": [
          {"kind": "stage", "id": "a", "children": [
            {"kind": "step", "id": "one", "timeout_ms": 5, "spec": {"x": 1}, "when": "all",
             "condition": "true"},
            {"kind": "barrier", "id": "meet", "barrier": "go"}],
           "rollback": {"kind": "rollback", "children": [{"kind": "step", "id": "undo"}]}},
          {"kind": "stage", "id": "b", "depends_on": ["a"], "children": [
            {"kind": "lock", "id": "queue", "lock": {"key": "k", "permits": 1, "capacity": 2}},
            {"kind": "parallel", "children": [
              {"kind": "step_group", "id": "g", "variables": {}, "children": [
                {"kind": "step", "id": "two", "strategy": {"kind": "matrix",
                  "axes": [{"name": "x", "values": ["1", "2"]}, {"name": "y", "values": [3]}],
                  "exclude": [{"terms": {"x": "1"}}], "max_concurrency": {"value": 1}}}]},
              {"kind": "step", "id": "three", "strategy": {"kind": "repeat", "items": [1, 2, 3],
                "partition_size": 2, "unit": "percentage"}}]},
            {"kind": "step", "id": "four", "failure_strategies": [
              {"errors": ["Timeout"], "action": {"kind": "retry", "retry_count": 2,
                "retry_intervals_ms": [0, 5], "follow_up": {"kind": "manual_intervention",
                  "timeout_ms": 7, "follow_up": {"kind": "abort"}}}},
              {"errors": ["AllErrors"], "action": {"kind": "ignore"}}]}]},
          {"kind": "stage", "id": "deploy", "depends_on": ["a", "b"],
           "strategy": {"kind": "parallelism", "times": 2}, "children": [
            {"kind": "pipeline", "id": "child", "inputs": {}, "outputs": {}, "children": [
              {"kind": "stage", "id": "c", "children": [
                {"kind": "step_group", "id": "turns", "strategy": {"kind": "while",
                  "condition": "true", "times": {"expression": "<+n>"}}, "children": [
                  {"kind": "barrier", "id": "turn", "barrier": {"id": "inner", "scope": "deploy"}}
                ]}]}]}]}]},
        {"kind": "stage", "id": "last", "children": [
          {"kind": "barrier", "id": "late", "barrier": "go"}]}]}})");
    return document;
}

#define A "/root/children/0/children/0"
#define B "/root/children/0/children/1"
#define D "/root/children/0/children/2"
#define TWO B "/children/1/children/0/children/0/strategy"
#define THREE B "/children/1/children/1/strategy"
#define FOUR B "/children/2/failure_strategies"
#define TURNS D "/children/0/children/0/children/0"

const variant variants[] = {
    // the document
    {"/files", "3", "E0203", "", "3"},
    {"/files/0", "null", "E0203", "", "null", "an entry of `files`"},
    {"/barriers", "{}", "E0203", "", "{"},
    {"/variables", "[]", "E0203", "", "["},
    {"/compat", "\"jenkins\"", "E0204", "", "\"jenkins\""},
    {"/compat", "true", "E0203", "", "true"},
    {"/root", "", "E0201", "", "{", "has no `root`"},
    {"/root/kind", "\"stage\"", "E0230", "", "{", "the root is a `pipeline`, not a `stage`"},
    // barriers
    {"/barriers/0/id", "", "E0201", "", "{", "a barrier has no `id`"},
    {"/barriers/0/id", "\"\"", "E0206", "", "\"\""},
    {"/barriers/0/id", "\"<+x>\"", "E0206", "", "\"<+x>\""},
    {"/barriers/0/id", "7", "E0203", "", "7"},
    {"/barriers/0/name", "7", "E0203", "", "7"},
    {"/barriers/1/scope", "\"depoly\"", "E0204", "", "\"depoly\"", "no pipeline at `depoly`"},
    {"/barriers/1/scope", "\"a\"", "E0204", "", "\"a\""},
    {"/barriers/0/quorum", "0", "E0204", "", "0", "from 1 to 4294967295, not 0"},
    {"/barriers/0/quorum", "4294967296", "E0204", "", "4294967296"},
    {"/barriers/0/quorum", "\"2\"", "E0203", "", "\"2\"", "must be a whole number, not text"},
    {"/barriers/0/quorum", "", "E0204", "", "\"fail\"", "`stragglers` without a `quorum`"},
    {"/barriers/0/stragglers", "\"wait\"", "E0204", "", "\"wait\"", "no value of `stragglers`"},
    {"/barriers/0/cyclic", "1", "E0203", "", "1", "must be true or false, not a whole number"},
    {"/barriers/1/exchange", "null", "E0203", "", "null"},
    {"/barriers/0/timeout_ms", "-1", "E0204", "", "-1"},
    {"/barriers/0/on_release", "[]", "E0203", "", "["},
    {"/barriers/0/on_release/kind", "\"rollback\"", "E0230", "", "{"},
    {"/barriers/0/on_release/children/0", R"({"kind": "barrier", "id": "x", "barrier": "go"})",
     "E0230", "go", "{"},
    {"/barriers/-", R"({"id": "go"})", "E0303", "", "\"go\"", "declared twice"},
    {"/barriers/0/position/line", "0", "E0204", "", "0"},
    {"/barriers/0/position/file", "1", "E0204", "", "1", "`files` names 1"},
    {"/barriers/0/position/column", "", "E0201", "", "{"},
    {"/barriers/0/position", "3", "E0203", "", "3"},
    // nodes
    {A "/kind", "", "E0201", "", "{", "a node has no `kind`"},
    {A "/kind", "\"stagee\"", "E0204", "", "\"stagee\"", "no value of `kind`"},
    {A "/id", "", "E0201", "", "{", "a `stage` has no `id`"},
    {A "/id", "\"\"", "E0206", "", "\"\""},
    {A "/id", "\"a/b\"", "E0206", "a/b", "\"a/b\""},
    {A "/id", "\"a b\"", "E0206", "a b", "\"a b\""},
    {A "/id", "\".a\"", "E0206", ".a", "\".a\""},
    {A "/id", "\"b\"", "E0205", "b", "{", "`b` is used twice on this level"},
    {A "/id", "\"last\"", "E0205", "last", "{"},
    {A "/children/0/id", "\"rollback\"", "E0205", "a/rollback", "{"},
    {D "/children/0/children/-", R"({"kind": "stage", "id": "c"})", "E0205", "deploy/c", "{"},
    {B "/children/-", R"({"kind": "step", "id": "three_0"})", "E0205", "b/three_0", "{",
     "what an instance of the loop `three` is called"},
    {A "/name", "[]", "E0203", "a", "["},
    {A "/type", "1", "E0203", "a", "1"},
    {A "/position", "1", "E0203", "a", "1"},
    {A "/children", "{}", "E0203", "a", "{"},
    {A "/children/0", "3", "E0203", "a", "3"},
    {A "/children/0/children", "[]", "E0202", "a/one", "[", "a `step` has no `children`"},
    {A "/children/0/timeout_ms", "0", "E0204", "a/one", "0"},
    {A "/children/0/timeout_ms", "9223372036855", "E0204", "a/one", "9223372036855"},
    {A "/children/0/timeout_ms", "1.5", "E0204", "a/one", "1.5", "not 1.5"},
    {A "/children/0/timeout_ms", "99999999999999999999", "E0204", "a/one", "1e+20"},
    {A "/children/0/timeout", "\"<+x>\"", "E0204", "a/one", "\"<+x>\"", "beside `timeout_ms`"},
    {A "/children/1/timeout", "5", "E0203", "a/meet", "5"},
    {A "/children/1/timeout", "\"\"", "E0204", "a/meet", "\"\""},
    {A "/children/1/timeout", "\"soon\"", "E0209", "a/meet", "\"soon\""},
    {A "/children/1/timeout", "\"0s\"", "E0209", "a/meet", "\"0s\"", "in no time"},
    {A "/children/1/timeout", "\"<+ !! >\"", "E0402", "a/meet", "\"<+"},
    {A "/rollback/timeout", "\"1m\"", "E0202", "a/rollback", "\"1m\""},
    {A "/children/0/when", "\"always\"", "E0204", "a/one", "\"always\""},
    {A "/children/0/condition", "\"a !! b\"", "E0402", "a/one", "\"a !! b\""},
    {A "/children/0/condition", "true", "E0203", "a/one", "true"},
    {A "/children/0/variables", "{}", "E0202", "a/one", "{"},
    {A "/children/0/inputs", "{}", "E0202", "a/one", "{"},
    {A "/children/0/lock", "{}", "E0202", "a/one", "{"},
    {A "/children/0/barrier", "\"go\"", "E0202", "a/one", "\"go\""},
    {A "/children/0/rollback", "{}", "E0202", "a/one", "{"},
    {A "/children/0/depends_on", "[]", "E0202", "a/one", "[", "outside a `graph`"},
    {"/root/children/0/id", "\"x\"", "E0202", "", "\"x\"", "a `graph` has no `id`"},
    {"/root/children/0/condition", "\"x\"", "E0202", "", "\"x\""},
    {"/root/children/0/strategy", "{}", "E0202", "", "{"},
    {"/root/condition", "\"x\"", "E0202", "", "\"x\""},
    {"/root/variables", "{}", "E0202", "", "{", "the root has no `variables`"},
    {"/root/inputs", "{}", "E0202", "", "{", "the root has no `inputs`"},
    {B "/children/1/children/0/variables", "3", "E0203", "b/g", "3"},
    // where nodes stand
    {"/root/children/1/children/-", R"({"kind": "stage", "id": "x"})", "E0230", "last", "{",
     "a `stage` cannot stand in a `stage`"},
    {"/root/children/-", R"({"kind": "step", "id": "x"})", "E0230", "", "{"},
    {"/root/children/-", R"({"kind": "rollback"})", "E0230", "", "{"},
    {"/root/children/-", R"({"kind": "on_release"})", "E0230", "", "{",
     "an `on_release` cannot stand in a `pipeline`"},
    {"/root/children/-", R"({"kind": "pipeline", "id": "x"})", "E0230", "", "{"},
    {B "/children/1/children/-", R"({"kind": "stage", "id": "x"})", "E0230", "b", "{"},
    {D "/children/-", R"({"kind": "step", "id": "x"})", "E0230", "deploy", "{",
     "stands alone in its stage"},
    {A "/rollback/kind", "\"stage\"", "E0230", "a", "{"},
    {A "/rollback/children/-", R"({"kind": "stage", "id": "x"})", "E0230", "a/rollback", "{"},
    // barriers that steps meet at
    {A "/children/1/barrier", "", "E0201", "a/meet", "{", "a `barrier` has no `barrier`"},
    {A "/children/1/barrier", "\"og\"", "E0301", "a/meet", "\"og\"", "no barrier `og`"},
    {A "/children/1/barrier", "\"inner\"", "E0301", "a/meet", "\"inner\""},
    {A "/children/1/barrier", "0", "E0203", "a/meet", "0"},
    {A "/children/1/barrier", R"({"id": "go"})", "E0201", "a/meet", "{"},
    {A "/children/1/barrier", R"({"id": "go", "scope": "x"})", "E0204", "a/meet", "\"x\""},
    {A "/children/1/strategy", R"({"kind": "parallelism", "times": 2})", "E0304", "a/meet", "{"},
    {A "/children/-", R"({"kind": "barrier", "id": "again", "barrier": "go"})", "E0302", "a/again",
     "{"},
    {A "/rollback/children/-", R"({"kind": "barrier", "id": "r", "barrier": "go"})", "E0305",
     "a/rollback/r", "{", "the same stage"},
    {B "/rollback", R"({"kind": "rollback", "children": [
        {"kind": "barrier", "id": "r", "barrier": "go"}]})",
     "E0305", "b/rollback/r", "{", "in sequence"},
    // graphs
    {B "/depends_on", "\"a\"", "E0203", "b", "\"a\""},
    {B "/depends_on", "[3]", "E0203", "b", "3"},
    {B "/depends_on", "[\"last\"]", "E0231", "b", "\"last\"", "the graph has no `last`"},
    {B "/depends_on", R"(["a", "a"])", "E0204", "b", "\"a\""},
    {B "/depends_on", "[\"b\"]", "E0232", "b", "{", "`b` waits for `b`"},
    {A "/depends_on", "[\"deploy\"]", "E0232", "a", "{",
     "never start: `a` waits for `deploy` waits for `a`"},
    // locks
    {B "/children/0/lock", "", "E0201", "b/queue", "{", "a `lock` has no `lock`"},
    {B "/children/0/lock/key", "", "E0201", "b/queue", "{"},
    {B "/children/0/lock/key", "\"\"", "E0204", "b/queue", "\"\""},
    {B "/children/0/lock/key", "\"!!\"", "E0402", "b/queue", "\"!!\""},
    {B "/children/0/lock/permits", "0", "E0204", "b/queue", "0"},
    {B "/children/0/lock/permits", "3", "E0204", "b/queue", "3", "more `permits`"},
    {B "/children/0/lock/scope", "\"run\"", "E0204", "b/queue", "\"run\""},
    {B "/children/0/lock/automatic", "3", "E0203", "b/queue", "3"},
    // loops
    {TWO, "[]", "E0203", "b/g/two", "["},
    {TWO "/kind", "", "E0201", "b/g/two", "{"},
    {TWO "/kind", "\"foreach\"", "E0204", "b/g/two", "\"foreach\""},
    {TWO "/times", "3", "E0202", "b/g/two", "3", "a `matrix` has no `times`"},
    {TWO "/condition", "\"x\"", "E0202", "b/g/two", "\"x\""},
    {TWO "/axes", "", "E0201", "b/g/two", "{"},
    {TWO "/axes", "[]", "E0401", "b/g/two", "[", "no axis"},
    {TWO "/axes", "{}", "E0203", "b/g/two", "{"},
    {TWO "/axes/0/name", "\"\"", "E0401", "b/g/two", "\"\""},
    {TWO "/axes/0/name", "\"y\"", "E0401", "b/g/two", "\"y\"", "is there twice"},
    {TWO "/axes/0/values", "", "E0201", "b/g/two", "{"},
    {TWO "/axes/0/values", "\"x\"", "E0203", "b/g/two", "\"x\""},
    {TWO "/axes/0/values", "[]", "E0401", "b/g/two", "{"},
    {TWO "/axes/0/values", "{}", "E0201", "b/g/two", "{", "neither"},
    {TWO "/axes/0/values", R"({"values": [1], "expression": "<+x>"})", "E0204", "b/g/two", "{",
     "both"},
    {TWO "/axes/0/values", R"({"expression": "<+ !! >"})", "E0402", "b/g/two", "\"<+"},
    {TWO "/exclude", "{}", "E0203", "b/g/two", "{"},
    {TWO "/exclude/0", "3", "E0203", "b/g/two", "3"},
    {TWO "/exclude/0/terms", "{}", "E0401", "b/g/two", "{"},
    {TWO "/exclude/0/terms/x", "1", "E0203", "b/g/two", "1"},
    {TWO "/exclude/0/terms/z", "\"1\"", "E0401", "b/g/two", "\"z\"", "no axis"},
    {TWO "/deployment", "0", "E0203", "b/g/two", "0"},
    {TWO "/max_concurrency", "-1", "E0204", "b/g/two", "-1"},
    {TWO "/max_concurrency", "\"2\"", "E0203", "b/g/two", "\"2\""},
    {TWO "/max_concurrency", R"({"expression": ""})", "E0204", "b/g/two", "\"\""},
    {TWO "/max_concurrency", R"({"value": 1, "expression": "<+x>"})", "E0204", "b/g/two", "{"},
    {TWO "/node_name", "\"!!\"", "E0402", "b/g/two", "\"!!\""},
    {TWO "/when", "\"!!\"", "E0402", "b/g/two", "\"!!\""},
    {TWO "/on_failure", "\"stop\"", "E0204", "b/g/two", "\"stop\""},
    {TWO "/slot_while_waiting", "\"unset\"", "E0204", "b/g/two", "\"unset\""},
    {THREE "/items", "", "E0201", "b/three", "{", "has no `items`"},
    {THREE "/unit", "\"count\"", "E0204", "b/three", "\"count\""},
    {THREE "/partition_size", "0", "E0204", "b/three", "0"},
    {THREE "/axes", "[]", "E0202", "b/three", "["},
    {D "/strategy/times", "", "E0201", "deploy", "{", "a `parallelism` has no `times`"},
    {D "/strategy/times", "0", "E0204", "deploy", "0"},
    {D "/strategy/times", "2000000", "E0403", "deploy", "{"},
    {TURNS "/strategy/condition", "", "E0201", "deploy/c/turns", "{"},
    {TURNS "/strategy/condition", "\"!!\"", "E0402", "deploy/c/turns", "\"!!\""},
    {TURNS "/strategy/times", "", "E0201", "deploy/c/turns", "{"},
    // what happens after a failure
    {FOUR, "{}", "E0203", "b/four", "{"},
    {FOUR "/0/errors", "", "E0201", "b/four", "{"},
    {FOUR "/0/errors", "[]", "E0210", "b/four", "["},
    {FOUR "/0/errors", "\"Timeout\"", "E0203", "b/four", "\"Timeout\""},
    {FOUR "/0/errors/0", "\"\"", "E0204", "b/four", "\"\""},
    {FOUR "/0/errors/-", "\"Timeout\"", "E0210", "b/four", "\"Timeout\"", "strategy already"},
    {FOUR "/1/errors/-", "\"Verification\"", "E0210", "b/four", "\"AllErrors\"", "stands alone"},
    {FOUR "/0/action", "", "E0201", "b/four", "{"},
    {FOUR "/0/action", "\"retry\"", "E0203", "b/four", "\"retry\""},
    {FOUR "/0/action/kind", "\"explode\"", "E0204", "b/four", "\"explode\""},
    {FOUR "/0/action/retry_count", "", "E0201", "b/four", "{"},
    {FOUR "/0/action/retry_count", "10001", "E0204", "b/four", "10001"},
    {FOUR "/0/action/retry_intervals_ms", "5", "E0203", "b/four", "5"},
    {FOUR "/0/action/retry_intervals_ms/0", "-1", "E0204", "b/four", "-1"},
    {FOUR "/0/action/timeout_ms", "5", "E0202", "b/four", "5", "`retry` has no `timeout_ms`"},
    {FOUR "/1/action/follow_up", R"({"kind": "abort"})", "E0202", "b/four", "{"},
    {FOUR "/1/action/retry_count", "1", "E0202", "b/four", "1"},
    {FOUR "/0/action/follow_up", R"({"kind": "retry", "retry_count": 1})", "E0210", "b/four",
     "\"retry\""},
    {FOUR "/0/action/follow_up/follow_up", R"({"kind": "manual_intervention", "timeout_ms": 1})",
     "E0210", "b/four", "\"manual"},
    {FOUR "/0/action/follow_up/timeout_ms", "0", "E0204", "b/four", "0"},
};

json changed(const variant& v) {
    json document = base();
    const json::json_pointer place{std::string(v.pointer)};
    if (*v.value == '\0') {
        document.at(place.parent_pointer()).erase(place.back());
    } else {
        document[place] = json::parse(v.value);
    }
    return document;
}

TEST_CASE("the document that the variants change is right") {
    const loaded l = read(base().dump());
    CHECK(shown(l) == "");
    CHECK(l.plan);
}

TEST_CASE("every malformed variant gets its code, the path of its node and its place") {
    for (const variant& v : variants) {
        const std::string text = changed(v).dump(2);
        const loaded l = read(text);
        INFO(v.pointer << " = " << v.value << "\n" << shown(l));
        CHECK_FALSE(l.plan);
        const auto fits = [&](const diagnostic& d) {
            return text_of(d.what) == v.code && d.path == v.path && d.where.known() &&
                   d.where.file == (l.files.size() - 1) &&
                   text_at(text, d.where).starts_with(v.at) &&
                   d.message.find(v.message) != d.message.npos;
        };
        CHECK(std::ranges::any_of(l.findings.all(), fits));
        // One mistake is not told many times over.
        CHECK(l.findings.all().size() <= 3);
    }
}

TEST_CASE("a member that is there twice is refused, whatever it says") {
    const std::string text =
        R"({"version": 1, "root": {"kind": "pipeline", "id": "p", "id": "p"}})";
    CHECK(shown(read(text)) == "E0105 : a node has the member `id` twice");
}

TEST_CASE("what has no name is not told to have the same one") {
    const loaded l = read(R"({"version": 1, "barriers": [{}, {}],
        "root": {"kind": "pipeline", "id": "p", "children": [{"kind": "stage", "id": "s",
            "strategy": {"kind": "matrix", "axes": [{"values": [1]}, {"values": [1]}]}}]}})");
    CHECK(shown(l) ==
          "E0201 s: an axis has no `name`\nE0201 s: an axis has no `name`\n"
          "E0201 : a barrier has no `id`\nE0201 : a barrier has no `id`");
    CHECK(
        std::ranges::all_of(l.findings.all(), [](const diagnostic& d) { return d.where.known(); }));
}

TEST_CASE("parts that are handed on have bounds of their own") {
    const auto with_spec = [](const std::string& spec) {
        return shown(read(R"({"version": 1, "root": {"kind": "pipeline", "id": "p", "spec": )" +
                          spec + "}}"));
    };
    CHECK(with_spec(std::string(60, '[') + std::string(60, ']')) == "");
    CHECK(with_spec(std::string(61, '[') + std::string(61, ']')) ==
          "E0103 : `spec` is nested more than 60 deep");
    std::string wide = "{";
    for (int i = 0; i < 16'385; ++i)
        wide += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
    CHECK(with_spec(wide + "}") == "E0102 : `spec` has an object with more than 16384 members");
    CHECK(with_spec("\"" + std::string(17 << 20, 'x') + "\"") ==
          "E0102 : `spec` has 17825794 bytes, the limit is 16777216");
}

TEST_CASE("groups nest as deep as the limit lets them, and are written and read again") {
    std::string text = R"({"version":1,"root":{"kind":"pipeline","id":"p","children":[)"
                       R"({"kind":"stage","id":"s","children":[)";
    constexpr int depth = 300;
    for (int i = 0; i < depth; ++i)
        text += R"({"kind":"step_group","id":"g","children":[)";
    for (int i = 0; i < depth; ++i)
        text += "]}";
    const loaded l = read(text + "]}]}}");
    INFO(shown(l));
    REQUIRE(l.plan);
    CHECK(to_json(*read(to_json(*l.plan)).plan) == to_json(*l.plan));
}

TEST_CASE("mistakes by the hundred thousand are counted in time") {
    constexpr int count = 100'000;
    std::string barriers, steps;
    for (int i = 0; i < count; ++i) {
        const std::string comma = i ? "," : "", number = std::to_string(i);
        barriers += comma + R"({"id":"b)" + number + R"(","scope":"nowhere"})";
        steps += comma + R"({"kind":"barrier","id":"m)" + number + R"(","barrier":"c)" + number +
                 R"("})";
    }
    const loaded l = read(R"({"version":1,"barriers":[)" + barriers +
                          R"(],"root":{"kind":"pipeline","id":"p","children":[)"
                          R"({"kind":"stage","id":"s","children":[)" +
                          steps + "]}]}}");
    CHECK_FALSE(l.plan);
    CHECK(l.findings.all().back().message == "199800 more findings are not listed");
}

TEST_CASE("a level of very many, with and without loops, is looked at in time") {
    std::string text = R"({"version":1,"root":{"kind":"pipeline","id":"p","children":[)"
                       R"({"kind":"parallel","children":[)";
    for (int i = 0; i < 100'000; ++i) {
        const std::string number = std::to_string(i);
        text += std::string(i ? "," : "") + R"({"kind":"stage","id":"s)" + number +
                R"(","strategy":{"kind":"repeat","times":1000},"children":[)"
                R"({"kind":"step","id":"a"},{"kind":"step","id":"b"}]})";
    }
    CHECK(read(text + "]}]}}").plan);
}

TEST_CASE("a graph of many that depend on all before them is looked at in time") {
    std::string text = R"({"version":1,"root":{"kind":"pipeline","id":"p","children":[)"
                       R"({"kind":"graph","children":[)";
    constexpr int count = 1000;
    std::string before;
    for (int i = 0; i < count; ++i) {
        const std::string id = "\"s" + std::to_string(i) + "\"";
        text += (i ? "," : "") + (R"({"kind":"stage","id":)" + id) + R"(,"depends_on":[)" + before +
                "]}";
        before += (i ? "," : "") + id;
    }
    const loaded l = read(text + "]}]}}");
    INFO(shown(l));
    REQUIRE(l.plan);
    CHECK((*l.plan)[count + 1].extras->depends_on.size() == count - 1);
}

}  // namespace
