// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/plan/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <malloc.h>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;

// pipeline / parallel / (deploy_api / smoke / check | deploy_web / gate), deploy_api has a rollback
struct sample {
    builder b;
    node_index root, parallel, api, smoke, check, web, gate, rollback, undo;

    sample() {
        root = add(b, no_node, node_kind::pipeline, "release");
        parallel = b.add(root, node_kind::parallel);
        api = add(b, parallel, node_kind::stage, "deploy_api", "Custom");
        smoke = add(b, api, node_kind::step_group, "smoke");
        check = add(b, smoke, node_kind::step, "check", "ShellScript");
        rollback = b.add_rollback(api);
        undo = add(b, rollback, node_kind::step, "undo", "ShellScript");
        web = add(b, parallel, node_kind::stage, "deploy_web", "Custom");
        gate = add(b, web, node_kind::step, "gate", "ShellScript");
    }
};

TEST_CASE(
    "a path starts at the stage; pipeline and parallel add nothing, a rollback section does") {
    sample s;
    const auto p = s.b.finish();
    CHECK(path_of(*p, s.root).empty());
    CHECK(path_of(*p, s.parallel).empty());
    CHECK(path_of(*p, s.api) == "deploy_api");
    CHECK(path_of(*p, s.check) == "deploy_api/smoke/check");
    CHECK(path_of(*p, s.rollback) == "deploy_api/rollback");
    CHECK(path_of(*p, s.undo) == "deploy_api/rollback/undo");
}

TEST_CASE(
    "children come in the order in which they were added, a rollback section is none of them") {
    sample s;
    const auto p = s.b.finish();
    CHECK((*p)[s.root].first_child == s.parallel);
    CHECK((*p)[s.parallel].first_child == s.api);
    CHECK((*p)[s.api].next == s.web);
    CHECK((*p)[s.web].next == no_node);
    CHECK((*p)[s.api].first_child == s.smoke);
    CHECK((*p)[s.smoke].next == no_node);
    CHECK((*p)[s.api].rollback == s.rollback);
    CHECK((*p)[s.rollback].parent == s.api);
    CHECK(p->index_of((*p)[s.web]) == s.web);
}

TEST_CASE("what holds a barrier is marked all the way up, through loops and rollback sections") {
    sample s;
    add(s.b, s.rollback, node_kind::barrier, "meet", "Barrier");
    const node_index group = add(s.b, s.web, node_kind::step_group, "looped");
    s.b.extras(group).strategy = std::make_unique<strategy>(matrix({{"a", {"1", "2"}}}));
    const node_index inner = add(s.b, group, node_kind::barrier, "inner", "Barrier");
    const auto p = s.b.finish();
    for (const node_index i : {s.root, s.parallel, s.api, s.rollback, s.web, group, inner}) {
        CHECK((*p)[i].holds_barriers);
    }
    for (const node_index i : {s.smoke, s.check, s.undo, s.gate})
        CHECK_FALSE((*p)[i].holds_barriers);
}

TEST_CASE("equal short texts are kept once, and all texts outlive their source") {
    builder b;
    std::string_view first, again, script;
    {
        const std::string id = "ShellScript", text(5000, 'x');
        first = b.keep(id);
        again = b.keep(std::string("Shell") + "Script");
        script = b.keep(text);
    }
    CHECK(first.data() == again.data());
    CHECK(script == std::string(5000, 'x'));
    CHECK(b.keep("").empty());
    add(b, no_node, node_kind::pipeline, "p");
    const auto p = b.finish();
    CHECK(first == "ShellScript");
}

TEST_CASE("extras are made once for a node and stay where they are") {
    builder b;
    const node_index root = add(b, no_node, node_kind::pipeline, "p");
    node_extras& extras = b.extras(root);
    extras.variables = "{}";
    for (int i = 0; i < 100; ++i) b.extras(b.add(root, node_kind::stage));
    CHECK(&b.extras(root) == &extras);
    const auto p = b.finish();
    CHECK(p->root().extras == &extras);
    CHECK(p->root().loop() == nullptr);
}

TEST_CASE("a stage of three steps takes less than 2 KB of a plan") {
    const auto used = [] { const auto m = mallinfo2(); return m.uordblks + m.hblkhd; };
    constexpr std::size_t stages = 10'000;
    const std::size_t before = used();
    builder b;
    const node_index root = add(b, no_node, node_kind::pipeline, "big");
    for (std::size_t i = 0; i < stages; ++i) {
        const node_index stage =
            add(b, root, node_kind::stage, "stage_" + std::to_string(i), "Custom");
        for (const char* id : {"prepare", "build", "publish"}) {
            const node_index step = add(b, stage, node_kind::step, id, "ShellScript");
            b.at(step).spec =
                b.keep(R"({"shell":"Bash","source":{"spec":{"script":"echo )" + std::to_string(i) +
                       R"( and some more words of a script, as they come"}}})");
        }
    }
    const auto p = b.finish();
    CHECK(p->nodes.size() == 1 + 4 * stages);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK((used() - before) / stages < 2048);
#else
    (void)before;
#endif
}

}  // namespace
