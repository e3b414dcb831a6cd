// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/adapters/plan/support.hpp"

namespace weir::plan::testing {

// Every attribute that a plan can have, somewhere.
inline std::shared_ptr<const weir::plan::plan> everything() {
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
    b.extras(add(b, build, node_kind::barrier, "gate", "Barrier")).timeout = "<+stage.limit>";
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

inline std::shared_ptr<const weir::plan::plan> wide(int stages) {
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

// The other half: a graph, a child pipeline, locks, a `while`, and barriers with all their options.
inline std::shared_ptr<const weir::plan::plan> all_kinds() {
    builder b;
    b.unfinished().files = {"ship.yaml", "child.yaml"};
    b.unfinished().compat_harness = true;
    const node_index root = add(b, no_node, node_kind::pipeline, "ship");
    const node_index needs = b.add(root, node_kind::graph);
    const node_index fetch = add(b, needs, node_kind::stage, "fetch", "CI");
    add(b, fetch, node_kind::step, "clone", "Git");
    const node_index build = add(b, needs, node_kind::stage, "build", "CI");
    add(b, build, node_kind::step, "make", "Run");
    const node_index meet = add(b, build, node_kind::barrier, "meet", "Barrier");
    b.at(meet).spec = b.keep(R"({"value":"<+pipeline.name>"})");
    b.at(meet).spec_has_expressions = true;
    const node_index deploy = add(b, needs, node_kind::stage, "deploy", "Pipeline");
    b.extras(build).depends_on = {fetch};
    b.extras(deploy).depends_on = {fetch};
    strategy places;
    places.axes.push_back({"service", list({"api", "web"}), {}});
    places.axes.push_back({"environment", list({"eu"}), {}});
    places.deployment = true;
    places.max_concurrency.where = {1, 4, 5, 4, 6};
    places.max_concurrency.value = 2;
    places.max_concurrency.given = true;
    b.extras(deploy).strategy = std::make_unique<strategy>(std::move(places));
    const node_index child = add(b, deploy, node_kind::pipeline, "child", "Pipeline");
    b.extras(child).variables = R"({"zone":"eu"})";
    b.extras(child).inputs = R"({"image":"<+stage.name>"})";
    b.extras(child).outputs = R"({"url":"<+pipeline.name>"})";
    const node_index roll = add(b, child, node_kind::stage, "roll", "Custom");
    const node_index queue = add(b, roll, node_kind::lock, "queue", "Queue");
    b.extras(queue).lock = std::make_unique<lock_request>();
    b.extras(queue).lock->key = "db-<+pipeline.name>";
    b.extras(queue).lock->permits = number(2);
    b.extras(queue).lock->capacity = computed_number("<+pipeline.variables.n>");
    b.extras(queue).lock->scope = lock_scope::stage;
    b.extras(queue).lock->automatic = true;
    const node_index turns = add(b, roll, node_kind::step_group, "turns", "StepGroup");
    strategy until;
    until.kind = strategy_kind::while_true;
    until.condition = "<+strategy.iteration> < 3";
    until.times = number(10);
    b.extras(turns).strategy = std::make_unique<strategy>(std::move(until));
    const node_index turn = add(b, turns, node_kind::barrier, "turn", "Barrier");
    const node_index own = add(b, roll, node_kind::barrier, "own", "Barrier");
    const node_index parents = add(b, roll, node_kind::barrier, "parents", "Barrier");
    barrier_definition go{"go", "Go", {0, 3, 5, 3, 7}};
    go.quorum = 2;
    go.stragglers = straggler_policy::fail;
    go.exchange = true;
    go.timeout_ms = 90'000;
    barrier_definition turned{"turned", "turned", {1, 3, 5, 3, 7}, child};
    turned.cyclic = true;
    b.unfinished().barriers = {go, {"go", "", {}, child}, turned};
    b.at(turn).barrier = 2;
    b.at(own).barrier = 1;
    b.at(parents).barrier = 0;
    const node_index release = b.add_on_release(0);
    b.at(release).id = "go";
    add(b, release, node_kind::step, "announce", "Http");
    return b.finish();
}

}  // namespace weir::plan::testing
