// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/loops.hpp"
#include "tests/adapters/plan/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;
using weir::json;
using texts = std::vector<std::string>;

const std::vector<json> five{"a", "b", "c", "d", "e"};

strategy range(std::optional<std::int64_t> start, std::optional<std::int64_t> end,
               bool percent = false) {
    strategy s = repeat(five);
    if (start) s.start = number(*start);
    if (end) s.end = number(*end);
    s.percentage = percent;
    return s;
}

texts items(const std::shared_ptr<const expansion>& x) {
    texts all;
    if (!x || x->count() == 0) return all;
    instance at = x->first();
    do all.push_back(x->value(at, "item")->get<std::string>()); while (x->advance(at));
    return all;
}

TEST_CASE("repeat goes through items in order") {
    const auto x = expand(repeat({"a", 2, true, json::parse(R"({"k":1})")}));
    REQUIRE(x);
    CHECK(values(*x) ==
          texts{R"({"item":"a"})", R"({"item":"2"})", R"({"item":"true"})", R"({"item":{"k":1}})"});
    CHECK(suffixes(*x) == texts{"_0", "_1", "_2", "_3"});
    CHECK(x->value(x->first(), "partition") == nullptr);
}

TEST_CASE("start and end take a part of the items, end exclusive, both clamped") {
    CHECK(items(expand(range(1, 3))) == texts{"b", "c"});
    CHECK(items(expand(range(2, {}))) == texts{"c", "d", "e"});
    CHECK(items(expand(range({}, 2))) == texts{"a", "b"});
    CHECK(items(expand(range(3, 1))).empty());
    CHECK(items(expand(range(2, 2))).empty());
    CHECK(items(expand(range(9, 12))).empty());
    CHECK(items(expand(range(3, 100))) == texts{"d", "e"});
    CHECK(refused(range(-1, 2)).message == "start is -1, less than 0");
    CHECK(refused(range(0, -2)).message == "end is -2, less than 0");
}

TEST_CASE("compat: harness loses the last item when only start is given") {
    CHECK(items(expand(range(2, {}), {.compat_harness = true})) == texts{"c", "d"});
}

TEST_CASE("percentages round half up, and an end of nothing becomes one") {
    CHECK(items(expand(range(0, 50, true))) == texts{"a", "b", "c"});
    CHECK(items(expand(range(50, 100, true))) == texts{"d", "e"});
    CHECK(items(expand(range(0, 1, true))) == texts{"a"});
    CHECK(items(expand(range(0, 0, true))) == texts{"a"});
    CHECK(items(expand(range(0, 1000, true))).size() == 5);
    CHECK(items(expand(range({}, INT64_MAX, true))).size() == 5);
}

TEST_CASE("partitionSize hands out lists, the last one what is left") {
    strategy s = repeat(five);
    s.partition_size = number(2);
    const auto x = expand(s);
    REQUIRE(x);
    CHECK(values(*x) == texts{R"({"partition":["a","b"]})", R"({"partition":["c","d"]})",
                              R"({"partition":["e"]})"});
    CHECK(x->value(x->first(), "item") == nullptr);
    s.partition_size = number(INT64_MAX);
    CHECK(expand(s)->count() == 1);
    s.percentage = true;
    s.partition_size = number(50);
    CHECK(expand(s)->count() == 2);
    s.partition_size = number(1);
    CHECK(expand(s)->count() == 5);
    s.partition_size = number(0);
    CHECK(refused(s).message.find("partitionSize is 0") != std::string::npos);
}

TEST_CASE("times comes before partitionSize, and that before start and end") {
    strategy s = range(1, 2);
    s.partition_size = number(5);
    CHECK(expand(s)->count() == 1);
    s.times = number(7);
    const auto x = expand(s);
    CHECK(x->count() == 7);
    CHECK(x->values(x->first()).empty());
}

TEST_CASE("nothing to repeat is a refusal when written, zero instances when found at run time") {
    strategy s;
    s.kind = strategy_kind::repeat;
    CHECK(refused(s).message.find("`times` or `items`") != std::string::npos);
    s.times = number(0);
    CHECK(refused(s).message == "times is 0, at least 1 is wanted");
    s.times = computed_number("<+n>");
    const auto zero = [](std::string_view, std::string&) { return std::make_unique<json>(0); };
    CHECK(expand(s, {}, zero)->count() == 0);
    s = repeat({});
    CHECK(expand(s)->count() == 0);
    s.items = computed("<+items>");
    const auto null = [](std::string_view, std::string&) { return std::make_unique<json>(); };
    CHECK(refused(s, {}, null).what == code::bad_strategy);
    s.items = computed("[]");
    CHECK(expand(s)->count() == 0);
    s.partition_size = number(3);
    CHECK(expand(s)->count() == 0);
    s.items = {};
    CHECK(refused(s).message.find("`times` or `items`") != std::string::npos);
}

TEST_CASE("a million repetitions are a number") {
    strategy s;
    s.kind = strategy_kind::parallelism;
    s.times = number(1'000'000);
    const auto x = expand(s);
    REQUIRE(x);
    instance at = x->first();
    while (x->advance(at)) {}
    CHECK(at.index == 999'999);
    CHECK(x->suffix(at, {}) == "_999999");
    s.times = number(1'000'001);
    CHECK(refused(s).what == code::too_many_instances);
    s.times = number(INT64_MAX);
    CHECK(refused(s).what == code::too_many_instances);
    s.times = number(0);
    CHECK(refused(s).message.find("parallelism is 0") != std::string::npos);
    s.times = number(-1);
    CHECK(refused(s).message.find("less than 0") != std::string::npos);
}

TEST_CASE("what a node's loop comes to is known at planning when it is constant") {
    builder b;
    const node_index root = add(b, no_node, node_kind::pipeline, "p");
    const node_index constant = add(b, root, node_kind::stage, "constant");
    b.extras(constant).strategy = std::make_unique<strategy>(matrix({{"a", {"<+x>", "b", "c"}}}));
    b.extras(constant).strategy->max_concurrency = number(2);
    const node_index unknown = add(b, root, node_kind::stage, "unknown");
    b.extras(unknown).strategy = std::make_unique<strategy>();
    b.extras(unknown).strategy->kind = strategy_kind::repeat;
    b.extras(unknown).strategy->items = computed("<+steps.list.output.items>");
    const node_index wrong = add(b, root, node_kind::stage, "wrong");
    b.extras(wrong).strategy = std::make_unique<strategy>();
    const auto p = b.finish();

    CHECK(plan_loop(p->root()).count() == 1);
    CHECK(plan_loop((*p)[constant]).count() == 3);
    CHECK(plan_loop((*p)[constant]).cap() == 2);
    const planned_loop u = plan_loop((*p)[unknown]);
    CHECK(u.looped);
    CHECK_FALSE(u.size_known);
    CHECK(u.count() == 0);
    const planned_loop w = plan_loop((*p)[wrong]);
    CHECK(w.size_known);
    CHECK_FALSE(w.instances);
    CHECK_FALSE(w.why.message.empty());
}

}  // namespace
