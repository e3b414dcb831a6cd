// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "tests/adapters/plan/plans.hpp"
#include "tests/adapters/plan/schema.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;
using weir::json;

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

schema of_the_docs() {
    std::ifstream file("docs/plan.schema.json");
    return schema(json::parse(file));
}

TEST_CASE("plan JSON fits its schema, whatever a plan has") {
    const schema s = of_the_docs();
    CHECK(s.problem(json::parse(to_json(*everything()))) == "");
    CHECK(s.problem(json::parse(to_json(*wide(20)))) == "");
    CHECK(s.problem(json::parse(to_json(*all_kinds()))) == "");
    json wrong = json::parse(to_json(*everything()));
    wrong["root"]["children"][0]["colour"] = "blue";
    CHECK(s.problem(wrong) == "$.root.children[0]: has colour");
}

TEST_CASE("plan JSON says what the plan says") {
    const json all = json::parse(to_json(*everything()));
    CHECK(all["version"] == 1);
    CHECK(all["variables"] == json{{"version", "1.0"}});
    const json& build = all["root"]["children"][0];
    CHECK(build["path"] == "build");
    CHECK(build["position"] ==
          json::parse(R"({"file":0,"line":10,"column":5,"end_line":30,"end_column":1})"));
    CHECK(build["holds_barriers"] == true);
    CHECK(build["strategy"]["count"] == 5);
    CHECK(build["strategy"]["axes"][0]["values"] == json::parse(R"(["api",{"n":1}])"));
    CHECK(build["strategy"]["axes"][2]["values"] == json{{"expression", "[1]"}});
    CHECK(build["strategy"]["exclude"][0]["terms"] == json{{"service", "api"}, {"zone", "1"}});
    CHECK(build["failure_strategies"][0]["action"]["follow_up"]["kind"] == "manual_intervention");
    CHECK(build["children"][0]["spec"]["script"] == "make\n<+matrix.zone>");
    CHECK(build["children"][0]["name"] == "Compile \"it\" <now>");
    CHECK(build["children"][0]["when"] == "all");
    CHECK(build["children"][1]["barrier"] == "ready");
    CHECK(build["rollback"]["children"][0]["path"] == "build/rollback/undo");
    CHECK_FALSE(build["rollback"]["children"][0]["strategy"].contains("count"));
    const json& parallel = all["root"]["children"][1];
    CHECK(parallel["path"] == "");
    CHECK(parallel["children"][1]["children"][0]["children"][0]["path"] == "deploy_web/smoke/meet");
}

TEST_CASE("plan JSON says of children, graphs, locks and barriers what the plan says") {
    const json all = json::parse(to_json(*all_kinds()));
    const json& go = all["barriers"][0];
    CHECK(go["quorum"] == 2);
    CHECK(go["stragglers"] == "fail");
    CHECK(go["exchange"] == true);
    CHECK(go["timeout_ms"] == 90'000);
    CHECK(go["on_release"]["children"][0]["path"] == "go/announce");
    CHECK_FALSE(go.contains("scope"));
    CHECK(all["barriers"][1]["scope"] == "deploy");
    CHECK(all["barriers"][2]["cyclic"] == true);
    const json& graph = all["root"]["children"][0];
    CHECK(graph["kind"] == "graph");
    CHECK(graph["children"][1]["depends_on"] == json{"fetch"});
    CHECK(graph["children"][1]["children"][1]["barrier"] == "go");
    const json& deploy = graph["children"][2];
    CHECK(deploy["strategy"]["deployment"] == true);
    CHECK(deploy["strategy"]["max_concurrency"]["value"] == 2);
    CHECK(deploy["strategy"]["max_concurrency"]["position"]["line"] == 4);
    const json& child = deploy["children"][0];
    CHECK(child["path"] == "deploy");
    CHECK(child["inputs"] == json{{"image", "<+stage.name>"}});
    CHECK(child["outputs"] == json{{"url", "<+pipeline.name>"}});
    const json& roll = child["children"][0];
    CHECK(roll["children"][0]["lock"]["scope"] == "stage");
    CHECK(roll["children"][0]["lock"]["capacity"]["expression"] == "<+pipeline.variables.n>");
    CHECK(roll["children"][1]["strategy"]["kind"] == "while");
    CHECK(roll["children"][1]["strategy"]["times"] == 10);
    CHECK(roll["children"][2]["barrier"] == "go");
    CHECK(roll["children"][3]["barrier"] == json{{"id", "go"}, {"scope", ""}});
}

TEST_CASE("the tree shows lanes, loops with counts and where a barrier's bar runs") {
    const std::string tree = to_tree(*everything());
    CHECK(holds(tree, "pipeline release\n"));
    CHECK(holds(tree, "|- build  stage CI  [matrix service, zone, computed: x 5, 2 at once]\n"));
    CHECK(holds(tree, "|  |- gate  ===== barrier ready =====\n"));
    CHECK(holds(tree, "|     `- undo  step ShellScript  [repeat: x ?]\n"));
    CHECK(holds(tree, "`- parallel, 2 lanes\n"));
    CHECK(holds(
        tree, "===== barrier ready =====  7 lanes\n  build/gate  x 5\n  deploy_api/smoke/meet\n"));
    CHECK(holds(tree, "when all  if <+matrix.zone> != 1"));
}

TEST_CASE("two hundred stages of one shape fit on a screen, in every picture") {
    const auto p = wide(200);
    const std::string tree = to_tree(*p);
    CHECK(lines(tree) < 40);
    CHECK(holds(tree, "... 198 more like it ..."));
    CHECK(holds(tree, "parallel, 200 lanes"));
    CHECK(holds(tree, "===== barrier ready =====  200 lanes"));
    CHECK(lines(to_dot(*p)) < 40);
    CHECK(holds(to_dot(*p), "deploy_0 ... deploy_199\\n200 alike"));
    CHECK(lines(to_mermaid(*p)) < 40);
}

TEST_CASE("a graph has one bar for a barrier, through which all its lanes run") {
    const std::string dot = to_dot(*everything());
    CHECK(holds(
        dot,
        R"(n0 [style=filled, fillcolor=black, fontcolor=white, width=6, label="barrier ready\n7 lanes"])"));
    std::size_t into_bar = 0;
    for (std::size_t at = 0; (at = dot.find("-> n0\n", at)) != std::string::npos; ++at)
        ++into_bar;
    CHECK(into_bar == 3);
    CHECK(holds(dot, "subgraph cluster_"));
    CHECK(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
    const std::string mermaid = to_mermaid(*everything());
    CHECK(holds(mermaid, "flowchart TB\n"));
    CHECK(holds(mermaid, "n0[\"barrier ready<br/>7 lanes\"]:::bar"));
}

TEST_CASE("names cannot break out of a picture") {
    builder b;
    const node_index root = add(b, no_node, node_kind::pipeline, "p\"]; x\n}");
    add(b, root, node_kind::stage, "a\"b\\<script>#&`", "t\n\"");
    const auto p = b.finish();
    CHECK(holds(to_dot(*p), R"("a\"b\\<script>#&`)"));
    CHECK(holds(to_mermaid(*p), "a#quot;b\\#lt;script#gt;#35;#amp;#96;"));
    CHECK(json::parse(to_json(*p))["root"]["children"][0]["id"] == "a\"b\\<script>#&`");
    CHECK(lines(to_mermaid(*p)) == 4);
}

TEST_CASE("deep plans and empty ones are described too") {
    builder b;
    node_index at = add(b, no_node, node_kind::pipeline, "deep");
    at = add(b, at, node_kind::stage, "s");
    for (int i = 0; i < 500; ++i)
        at = add(b, at, node_kind::step_group, "g" + std::to_string(i));
    add(b, at, node_kind::step, "leaf");
    const auto p = b.finish();
    CHECK(holds(to_tree(*p), "leaf"));
    CHECK(json::parse(to_json(*p)).is_object());
    CHECK(holds(to_dot(*p), "1 step"));
    builder empty;
    add(empty, no_node, node_kind::pipeline, "");
    const auto e = empty.finish();
    CHECK(to_tree(*e) == "pipeline\n");
    CHECK(json::parse(to_json(*e))["root"] == json::parse(R"({"kind":"pipeline","path":""})"));
}

}  // namespace
