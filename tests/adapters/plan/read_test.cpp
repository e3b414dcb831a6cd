// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "tests/adapters/plan/plans.hpp"
#include "tests/adapters/plan/reading.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::plan;
using namespace weir::plan::testing;

std::string again(const weir::plan::plan& p) {
    const loaded l = read(to_json(p));
    INFO(shown(l));
    REQUIRE(l.plan);
    return to_json(*l.plan);
}

TEST_CASE("a plan that is written and read is written the same, byte for byte") {
    CHECK(again(*everything()) == to_json(*everything()));
    CHECK(again(*all_kinds()) == to_json(*all_kinds()));
    CHECK(again(*wide(20)) == to_json(*wide(20)));
}

TEST_CASE("what is read back is what was built, not only what is written of it") {
    const auto p = all_kinds();
    const loaded l = read(to_json(*p));
    REQUIRE(l.plan);
    const auto& q = *l.plan;
    REQUIRE(q.nodes.size() == p->nodes.size());
    CHECK(q.compat_harness);
    CHECK(q.files == p->files);
    CHECK(l.files == std::vector<std::string>{"ship.yaml", "child.yaml", "<input>"});
    const auto at = [&q](std::string_view path, node_kind kind) -> const node& {
        return *std::ranges::find_if(q.nodes, [&](const node& n) {
            return n.kind == kind && path_of(q, q.index_of(n)) == path;
        });
    };
    const node& child = at("deploy", node_kind::pipeline);
    CHECK(q.barriers[0].scope == 0);
    CHECK(q.barriers[1].scope == q.index_of(child));
    CHECK(at("deploy/roll/own", node_kind::barrier).barrier == 1);
    CHECK(at("deploy/roll/parents", node_kind::barrier).barrier == 0);
    CHECK(at("build/meet", node_kind::barrier).spec_has_expressions);
    CHECK(at("deploy", node_kind::stage).extras->depends_on ==
          std::vector<node_index>{q.index_of(at("fetch", node_kind::stage))});
    const node& release = q[q.barriers[0].on_release];
    CHECK(release.kind == node_kind::on_release);
    CHECK(release.parent == 0);
    CHECK(release.barrier == 0);
    CHECK(at("deploy/roll/queue", node_kind::lock).extras->lock->permits.value == 2);
    CHECK(child.holds_barriers);
}

TEST_CASE("a host needs to write no more than it means") {
    const loaded l = read(R"({"version": 1, "root": {"kind": "pipeline", "id": "p", "children": [
        {"kind": "stage", "id": "s", "children": [
            {"kind": "step", "id": "a", "type": "Run", "spec": {"n": 1.10, "text": "\u003c+x>"}}]}]}})");
    INFO(shown(l));
    REQUIRE(l.plan);
    const node& a = (*l.plan)[2];
    CHECK(a.id == "a");
    CHECK(a.name == "a");
    CHECK(a.spec == R"({"n": 1.10, "text": "\u003c+x>"})");
    CHECK(a.spec_has_expressions);
    CHECK_FALSE(a.where.known());
    CHECK(l.plan->variables.empty());
    CHECK(to_json(*read(to_json(*l.plan)).plan) == to_json(*l.plan));
}

TEST_CASE("variables that are given replace the plan's, and only those") {
    const std::string text = R"({"version":1,"variables":{"a":1,"b":[2]},
        "root":{"kind":"pipeline","id":"p"}})";
    load_options how;
    how.variables = {{"b", "new"}};
    CHECK(read_json(text, how, nullptr).plan->variables == R"({"a":1,"b":"new"})");
    how.variables = {{"bb", "new"}};
    const loaded l = read_json(text, how, nullptr);
    CHECK_FALSE(l.plan);
    CHECK(shown(l).starts_with("E0211 : a value was given for `bb`"));
}

TEST_CASE("an input that nobody gave is an error, unless the plan is only looked at") {
    const std::string text = R"({"version":1,"root":{"kind":"pipeline","id":"p","children":[
        {"kind":"stage","id":"s","condition":"<+input>","strategy":{"kind":"matrix","axes":
          [{"name":"","values":{"expression":"<+input>"}}]}}]}})";
    CHECK(shown(read(text)) ==
          "E0208 s: `condition` is an input that was not given\n"
          "E0208 s: the list of an axis is an input that was not given");
    load_options how;
    how.inputs_may_be_missing = true;
    CHECK(read_json(text, how, no_double_bang).plan);
}

TEST_CASE("unknown members are passed over: with a warning, or in silence behind a dollar") {
    const loaded l = read(R"({"$schema": "x", "version": 1, "later": {"a": [1]},
        "root": {"kind": "pipeline", "id": "p", "nmae": "P", "$comment": 1}})");
    CHECK(l.plan);
    CHECK(shown(l) ==
          "W0230 : `later` is no member of the document: it has no effect\n"
          "W0230 : `nmae` is no member of a node: it has no effect");
    CHECK(l.findings.all()[1].help == "did you mean `name`?");
    CHECK(l.findings.all()[1].where.line == 2);
    CHECK(l.findings.all()[1].where.column == 49);
}

TEST_CASE("another version is refused, and nothing else is said of it") {
    for (const char* version : {"2", "0", "1.5", "\"1\"", "null", "[]"}) {
        const std::string text =
            std::string(R"({"root": {"kind": "spaceship"}, "version": )") + version + "}";
        const loaded l = read(text);
        CHECK_FALSE(l.plan);
        CHECK(shown(l) == "E0111 : this plan has version " + std::string(version) +
                              "; this library reads version 1");
        CHECK(l.findings.all()[0].where.column == 44);
    }
    CHECK(shown(read(R"({"root": {"kind": "pipeline", "id": "p"}})")) ==
          "E0201 : the document has no `version`");
    CHECK(read(R"({"root": {"kind": "pipeline", "id": "p"}, "version": 1.0})").plan);
}

TEST_CASE("what is no JSON is told once, where it stands") {
    const auto place = [](std::string_view text) {
        const loaded l = read(text);
        REQUIRE_FALSE(l.plan);
        REQUIRE(l.findings.all().size() == 1);
        const diagnostic& d = l.findings.all()[0];
        return std::string(text_of(d.what)) + "@" + std::to_string(d.where.line) + ":" +
               std::to_string(d.where.column);
    };
    CHECK(place("") == "E0110@1:1");
    CHECK(place("{\"version\": 1,\n \"root\": }") == "E0110@2:10");
    CHECK(place("{\"version\": 1,\n \"root\": {") == "E0110@2:11");
    CHECK(place("{\"version\": 1} x") == "E0110@1:16");
    CHECK(place("{\"v\": \"\xC3\xA9\xC3\xA9\" 1}") == "E0110@1:12");
    CHECK(place("{\"v\": \"\xC3\"}") == "E0106@1:9");
    CHECK(place("{\"v\": 1e999}") == "E0110@1:11");
    CHECK(place(std::string_view("{\"version\": 1}\0{}", 17)) == "E0110@1:15");
    CHECK(place(std::string(2000, '[')) == "E0103@1:641");
    CHECK(place("[1]") == "E0203@1:1");
    CHECK(place("{\"version\": 1, \"root\": 3}") == "E0203@1:24");
    CHECK(place("\xEF\xBB\xBF[1]").starts_with("E0203"));
}

TEST_CASE("places are right behind what is escaped, long and not ASCII") {
    std::string text = R"({"$a": "\"\\", "$b": [-1.5e3, true, null], "$c": ")";
    text += std::string(200'000, 'x') + "\", \"version\": 1,\n\"$d\": \"\xC3\xA9\", \"root\": 7}";
    const loaded l = read(text);
    REQUIRE(l.findings.all().size() == 1);
    CHECK(l.findings.all()[0].where.line == 2);
    CHECK(l.findings.all()[0].where.column == 20);
}

TEST_CASE("the findings of a hopeless document are counted, not listed") {
    std::string text = R"({"version": 1, "root": {"kind": "pipeline", "id": "p", "children": [3)";
    for (int i = 0; i < 1000; ++i)
        text += ",3";
    const loaded l = read(text + "]}}");
    CHECK(l.findings.all().size() == 201);
    CHECK(l.findings.all().back().message == "801 more findings are not listed");
}

TEST_CASE("plan JSON is known by its members, wherever they stand") {
    CHECK(looks_like_json(R"({"version": 1, "root": {)"));
    CHECK(looks_like_json("\xEF\xBB\xBF \n{\"root\" : {\"version\": [\"\\\"\"]}, \"version\": 3"));
    CHECK(looks_like_json(to_json(*everything())));
    CHECK_FALSE(looks_like_json(R"({"version": 1, "pipeline": {"root": 1}})"));
    CHECK_FALSE(looks_like_json(R"(["version", "root"])"));
    CHECK_FALSE(looks_like_json(R"({"a": "version", "b": "root"})"));
    CHECK_FALSE(looks_like_json(R"({"version": 1}, "root": 2)"));
    CHECK_FALSE(looks_like_json("version: 1\nroot: 2"));
    CHECK_FALSE(looks_like_json("{\"a"));
    CHECK_FALSE(looks_like_json("{\"a\\"));
    CHECK_FALSE(looks_like_json(""));
}

TEST_CASE("the adapter refuses what the run does not carry out; the reader alone does not") {
    const std::string text = to_json(*all_kinds());
    CHECK(read(text).plan);
    const loaded l = read_json(text, {}, nullptr);
    if (!l.plan) {
        for (const diagnostic& d : l.findings.all()) {
            CHECK(d.what == code::not_supported);
            CHECK(d.where.known());
        }
    }
    CHECK(read_json(to_json(*wide(3)), {}, nullptr).plan);
}

}  // namespace
