// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"
#include "tests/adapters/plan/plans.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;

// The pictures are for people: here they are to be looked at. With WEIR_RENEW_GOLDEN set they are
// written anew, to be looked at before they are committed.
void same(const std::string& name, const std::string& picture) {
    const auto file = std::filesystem::path{"tests/adapters/plan/golden"} / name;
    if (std::getenv("WEIR_RENEW_GOLDEN")) {
        std::ofstream{file, std::ios::binary} << picture;
        FAIL("wrote " << file);
    }
    std::ifstream in{file, std::ios::binary};
    const std::string golden{std::istreambuf_iterator<char>{in}, {}};
    INFO(file);
    CHECK(picture == golden);
}

void same_pictures(const std::string& name, const weir::plan::plan& p) {
    SECTION("tree") {
        same(name + ".txt", to_tree(p));
    }
    SECTION("dot") {
        same(name + ".dot", to_dot(p));
    }
    SECTION("mermaid") {
        same(name + ".mmd", to_mermaid(p));
    }
    SECTION("json") {
        same(name + ".json", to_json(p) + "\n");
    }
}

// Two hundred stages of many shapes: parallel and in sequence, with barriers, loops, rollback
// sections; as unlike each other as a document's are.
std::shared_ptr<const weir::plan::plan> two_hundred() {
    builder b;
    b.unfinished().barriers = {{"first", "first", {}}, {"second", "second", {}}};
    const node_index root = add(b, no_node, node_kind::pipeline, "two_hundred");
    std::uint32_t dice = 1;
    const auto draw = [&dice](std::uint32_t below) {
        dice = dice * 1664525 + 1013904223;
        return (dice >> 16) % below;
    };
    int made = 0;
    const auto stage = [&](node_index parent, int barrier) {
        constexpr const char* types[] = {"CI", "Custom", "Deployment"};
        const node_index at =
            add(b, parent, node_kind::stage, "s" + std::to_string(made++), types[draw(3)]);
        for (std::uint32_t i = 0, n = 1 + draw(4); i < n; ++i)
            add(b, at, node_kind::step, "r" + std::to_string(i), "Run");
        if (barrier >= 0) {
            const node_index meet = add(b, at, node_kind::barrier, "meet", "Barrier");
            b.at(meet).barrier = static_cast<std::uint32_t>(barrier);
            add(b, at, node_kind::step, "after", "Run");
        }
        if (draw(5) == 0)
            add(b, b.add_rollback(at), node_kind::step, "undo", "Run");
        if (draw(6) != 0)
            return;
        strategy s = matrix({{"zone", {"eu", "us", "ap"}}});
        if (barrier < 0)
            s.max_concurrency = number(2);
        b.extras(at).strategy = std::make_unique<strategy>(std::move(s));
    };
    for (const int wave : {24, 1, 40, 1, 1, 60, 12, 1, 60}) {
        const node_index around = wave == 1 ? root : b.add(root, node_kind::parallel);
        const int barrier = wave == 24 ? 0 : wave == 12 ? 1 : -1;
        for (int i = 0; i < wave; ++i)
            stage(around, barrier);
    }
    return b.finish();
}

TEST_CASE("pictures of a plan with loops, failure strategies and a rollback section") {
    same_pictures("everything", *everything());
}

TEST_CASE("pictures of a plan with a graph, a child, locks and barriers of every kind") {
    same_pictures("all_kinds", *all_kinds());
}

TEST_CASE("pictures of two hundred stages that are not alike") {
    const auto p = two_hundred();
    SECTION("tree") {
        same("two_hundred.txt", to_tree(*p));
    }
    SECTION("dot") {
        same("two_hundred.dot", to_dot(*p));
    }
    SECTION("mermaid") {
        same("two_hundred.mmd", to_mermaid(*p));
    }
}

}  // namespace
