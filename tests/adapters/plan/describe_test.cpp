// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "tests/adapters/plan/schema.hpp"
#include "tests/adapters/plan/support.hpp"

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

// Every attribute that a plan can have, somewhere.
std::shared_ptr<const weir::plan::plan> everything() {
    builder b;
    b.unfinished().files = {"a.yaml"};
    b.unfinished().variables = R"({"version":"1.0"})";
    b.unfinished().barriers = {{"ready", "All ready", {0, 2, 3, 2, 8}}, {"unused", "", {}}};
    const node_index root = add(b, no_node, node_kind::pipeline, "release");
    const node_index build = add(b, root, node_kind::stage, "build", "CI");
    b.at(build).where = {0, 10, 5, 30, 1};
    b.extras(build).variables = R"({"a":"<+pipeline.name>"})";
    strategy s = matrix({{"service", {"api", json::parse(R"({"n":1})")}}, {"zone", {1, 2, 3}}});
    s.axes.push_back({"computed", computed("[1]"), {0, 12, 1, 12, 5}});
    exclude(s, {{"service", "api"}, {"zone", "1"}});
    s.max_concurrency = number(2);
    s.node_name = "<+matrix.service>";
    s.when = "true";
    s.on_failure = loop_failure::skip_queued;
    s.slot_while_waiting = slot_policy::release;
    b.extras(build).strategy = std::make_unique<strategy>(std::move(s));
    failure_strategy& f = b.extras(build).failure_strategies.emplace_back();
    f.errors = {"AllErrors"};
    f.action.kind = action_kind::retry;
    f.action.retry_count = 2;
    f.action.retry_intervals_ms = {1000, 5000};
    f.action.follow_up = std::make_unique<failure_action>();
    f.action.follow_up->kind = action_kind::manual_intervention;
    f.action.follow_up->timeout_ms = 60'000;
    const node_index compile = add(b, build, node_kind::step, "compile", "ShellScript");
    b.at(compile).name = b.keep("Compile \"it\" <now>");
    b.at(compile).spec = b.keep(R"({"script":"make\n<+matrix.zone>"})");
    b.at(compile).condition = b.keep("<+matrix.zone> != 1");
    b.at(compile).status = when_status::all;
    b.at(compile).timeout_ms = 600'000;
    add(b, build, node_kind::barrier, "gate", "Barrier");
    const node_index undo = add(b, b.add_rollback(build), node_kind::step, "undo", "ShellScript");
    b.extras(undo).strategy = std::make_unique<strategy>();
    strategy& r = *b.extras(undo).strategy;
    r.kind = strategy_kind::repeat;
    r.items = computed("<+build.list>");
    r.partition_size = number(2);
    r.start = number(0);
    r.end = computed_number("<+n>");
    r.percentage = true;
    const node_index parallel = b.add(root, node_kind::parallel);
    for (const char* id : {"deploy_api", "deploy_web"}) {
        const node_index stage = add(b, parallel, node_kind::stage, id, "Custom");
        const node_index group = add(b, stage, node_kind::step_group, "smoke");
        add(b, group, node_kind::barrier, "meet", "Barrier");
        add(b, group, node_kind::step, "check", "Http");
    }
    return b.finish();
}

std::shared_ptr<const weir::plan::plan> wide(int stages) {
    builder b;
    b.unfinished().barriers = {{"ready", "", {}}};
    const node_index root = add(b, no_node, node_kind::pipeline, "wide");
    add(b, add(b, root, node_kind::stage, "first", "Custom"), node_kind::step, "run",
        "ShellScript");
    const node_index parallel = b.add(root, node_kind::parallel);
    for (int i = 0; i < stages; ++i) {
        const node_index stage =
            add(b, parallel, node_kind::stage, "deploy_" + std::to_string(i), "Custom");
        add(b, stage, node_kind::step, "prepare", "ShellScript");
        add(b, stage, node_kind::barrier, "meet", "Barrier");
        add(b, stage, node_kind::step, "go", "ShellScript");
    }
    return b.finish();
}

schema of_the_docs() {
    std::ifstream file("docs/plan.schema.json");
    return schema(json::parse(file));
}

TEST_CASE("plan JSON fits its schema, whatever a plan has") {
    const schema s = of_the_docs();
    CHECK(s.problem(json::parse(to_json(*everything()))) == "");
    CHECK(s.problem(json::parse(to_json(*wide(20)))) == "");
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
    for (std::size_t at = 0; (at = dot.find("-> n0\n", at)) != std::string::npos; ++at) ++into_bar;
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
    for (int i = 0; i < 500; ++i) at = add(b, at, node_kind::step_group, "g" + std::to_string(i));
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
