// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/java_order.hpp"
#include "tests/adapters/plan/support.hpp"

#include <catch2/catch_test_macros.hpp>

#include <numeric>
#include <random>

namespace {

using namespace weir::plan;
using namespace weir::plan::testing;
using weir::json;
using texts = std::vector<std::string>;

TEST_CASE("a matrix goes through its axes in declared order, the first slowest") {
    const auto x = expand(matrix({{"service", {"b", "a"}}, {"zone", {1, 2, 3}}}));
    REQUIRE(x);
    CHECK(x->count() == 6);
    CHECK(x->max_concurrency() == 0);
    CHECK(suffixes(*x) == texts{"_0_0", "_0_1", "_0_2", "_1_0", "_1_1", "_1_2"});
    CHECK(values(*x).front() == R"({"service":"b","zone":"1"})");
    CHECK(values(*x).back() == R"({"service":"a","zone":"3"})");
    CHECK(*x->value(x->first(), "zone") == "1");
    CHECK(x->value(x->first(), "none") == nullptr);
}

TEST_CASE("exclusion renumbers iterations and leaves suffixes alone") {
    strategy s = matrix({{"service", {"a", "b"}}, {"zone", {1, 2}}});
    exclude(s, {{"service", "a"}, {"zone", "1"}});
    const auto x = expand(s);
    REQUIRE(x);
    CHECK(suffixes(*x) == texts{"_0_1", "_1_0", "_1_1"});
    instance at = x->first();
    CHECK(at.index == 0);
    CHECK(x->advance(at));
    CHECK(at.index == 1);
    CHECK(x->advance(at));
    CHECK_FALSE(x->advance(at));
}

TEST_CASE("an entry removes every combination that is equal, as text, in the keys it names") {
    strategy s =
        matrix({{"flag", {true, false}}, {"n", {1, 2}}, {"o", {json::parse(R"({"a":1})"), "x"}}});
    exclude(s, {{"flag", "true"}});
    exclude(s, {{"n", "2"}, {"o", "{\"a\":1}"}});
    exclude(s, {{"n", "9"}, {"flag", "false"}});
    const auto x = expand(s);
    REQUIRE(x);
    CHECK(values(*x) == texts{R"({"flag":"false","n":"1","o":{"a":1}})",
                              R"({"flag":"false","n":"1","o":"x"})",
                              R"({"flag":"false","n":"2","o":"x"})"});
}

TEST_CASE("all excluded is zero instances, not an error") {
    strategy s = matrix({{"a", {"1", "2"}}, {"b", {"1"}}});
    exclude(s, {{"b", "1"}});
    const auto x = expand(s);
    REQUIRE(x);
    CHECK(x->count() == 0);
    strategy t = matrix({{"a", {"1", "2"}}, {"b", {"1"}}});
    exclude(t, {{"b", "1"}, {"a", "1"}});
    exclude(t, {{"b", "1"}, {"a", "2"}});
    CHECK(expand(t)->count() == 0);
}

TEST_CASE("any set of exclusions leaves what looking at each combination leaves") {
    std::mt19937 random(20261123);
    for (int round = 0; round < 300; ++round) {
        const std::size_t axes = 1 + random() % 5;
        strategy s;
        for (std::size_t a = 0; a < axes; ++a) {
            std::vector<json> all;
            for (std::size_t v = 1 + random() % 4; v > 0; --v) all.emplace_back(random() % 3);
            s.axes.push_back(
                {std::string(1, static_cast<char>('a' + a)), list(std::move(all)), {}});
        }
        for (std::size_t e = random() % 6; e > 0; --e) {
            exclusion& x = s.exclude.emplace_back();
            for (std::uint32_t a = 0; a < axes; ++a) {
                if (random() % 2 == 0) x.terms.push_back({a, std::to_string(random() % 3)});
            }
        }
        texts expected;
        std::vector<std::size_t> at(axes);
        for (bool more = true; more;) {
            json combination = json::object();
            for (std::size_t a = 0; a < axes; ++a) {
                combination[s.axes[a].name] =
                    std::to_string(s.axes[a].values.values[at[a]].get<int>());
            }
            bool out = false;
            for (const exclusion& e : s.exclude) {
                bool all = !e.terms.empty();
                for (const auto& t : e.terms)
                    all = all && combination[s.axes[t.axis].name] == t.value;
                out = out || all;
            }
            if (!out) expected.push_back(combination.dump());
            more = false;
            for (std::size_t a = axes; a-- > 0;) {
                if (++at[a] < s.axes[a].values.values.size()) { more = true; break; }
                at[a] = 0;
            }
        }
        const auto x = expand(s);
        REQUIRE(x);
        REQUIRE(x->count() == expected.size());
        REQUIRE(values(*x) == expected);
    }
}

TEST_CASE(
    "counting does not walk: a million million combinations with few left are known at once") {
    std::vector<json> thousand(1000);
    std::iota(thousand.begin(), thousand.end(), 0);
    strategy s = matrix({{"a", thousand}, {"b", thousand}, {"c", thousand}, {"d", thousand}});
    for (int i = 0; i < 999; ++i) {
        exclude(s, {{"a", std::to_string(i)}});
        exclude(s, {{"d", std::to_string(i)}});
    }
    const auto x = expand(s);
    REQUIRE(x);
    CHECK(x->count() == 1'000'000);
    CHECK(x->suffix(x->first(), {}) == "_999_0_0_999");
}

TEST_CASE("too many instances are refused by number, before any is made") {
    std::vector<json> thousand(1000);
    std::iota(thousand.begin(), thousand.end(), 0);
    CHECK(refused(matrix({{"a", thousand}, {"b", thousand}, {"c", thousand}})).what ==
          code::too_many_instances);
    std::vector<std::pair<std::string, std::vector<json>>> many;
    for (int i = 0; i < 100; ++i)
        many.emplace_back("x" + std::to_string(i), std::vector<json>{1, 2});
    CHECK(refused(matrix(many)).what == code::too_many_instances);
    strategy excluded = matrix(many);
    exclude(excluded, {{"x0", "1"}, {"x99", "1"}});
    CHECK(refused(excluded).what == code::too_many_instances);
    strategy s = matrix({{"a", {1, 2, 3}}});
    CHECK(refused(s, {.max_instances = 2}).what == code::too_many_instances);
    CHECK(expand(s, {.max_instances = 3}));
    for (int i = 0; i < 100; ++i) many.emplace_back("y" + std::to_string(i), std::vector<json>{1});
    CHECK(refused(matrix(many)).message.find("axes") != std::string::npos);
}

TEST_CASE("an axis takes its values from an expression, or from a text that holds a JSON list") {
    strategy s;
    s.axes.push_back({"a", computed("<+list>"), {}});
    s.axes.push_back({"b", computed(R"( ["x", 2, {"k": true}] )"), {}});
    const auto lists = [](std::string_view text, std::string&) {
        return std::make_unique<json>(text == "<+list>" ? json("[1,2]") : json(nullptr));
    };
    const auto x = expand(s, {}, lists);
    REQUIRE(x);
    CHECK(x->count() == 6);
    CHECK(values(*x).front() == R"({"a":"1","b":"x"})");
    CHECK(values(*x)[2] == R"({"a":"1","b":{"k":true}})");
    CHECK_FALSE(s.size_known());
    s.axes.erase(s.axes.begin());
    CHECK(s.size_known());
}

TEST_CASE("an expression inside a list is one value") {
    const auto list_of_two = [](std::string_view, std::string&) {
        return std::make_unique<json>(json::array({1, 2}));
    };
    const auto x = expand(matrix({{"a", {"<+list>", "c"}}}), {}, list_of_two);
    REQUIRE(x);
    CHECK(values(*x) == texts{R"({"a":[1,2]})", R"({"a":"c"})"});
}

TEST_CASE("what is no list, has no values or cannot be evaluated is refused, with its place") {
    strategy s;
    s.axes.push_back({"a", computed("<+x>"), {}});
    s.axes[0].values.where = {0, 7, 3, 7, 9};
    const auto gives = [](json value) {
        return [value](std::string_view, std::string&) { return std::make_unique<json>(value); };
    };
    CHECK(refused(s, {}, gives("a,b")).message.find(".split(") != std::string::npos);
    CHECK(refused(s, {}, gives(nullptr)).message.find("a list is wanted") != std::string::npos);
    CHECK(refused(s, {}, gives(json::object())).what == code::bad_strategy);
    CHECK(refused(s, {}, gives("[1,2")).message.find("JSON") != std::string::npos);
    CHECK(refused(s, {}, gives(json::array())).message.find("no values") != std::string::npos);
    const refusal why = refused(s, {}, [](std::string_view, std::string& error) {
        error = "`x` is not known here";
        return std::unique_ptr<json>();
    });
    CHECK(why.what == code::bad_expression);
    CHECK(why.message == "the axis `a`: `x` is not known here");
    CHECK(why.where.line == 7);
    CHECK(refused(s).what == code::bad_expression);   // no evaluator at all
    CHECK(refused(strategy{}).message == "a matrix without an axis");
    CHECK(refused(matrix({{"a", {}}})).message.find("no values") != std::string::npos);
    CHECK(refused(matrix({{"a", {1}}, {"a", {2}}})).message.find("twice") != std::string::npos);
}

TEST_CASE("maxConcurrency is a number, or an expression that gives one; 0 and absent are all") {
    strategy s = matrix({{"a", {1, 2, 3}}});
    s.max_concurrency = number(2);
    CHECK(expand(s)->max_concurrency() == 2);
    s.max_concurrency = number(0);
    CHECK(expand(s)->max_concurrency() == 0);
    s.max_concurrency = computed_number("<+cap>");
    CHECK_FALSE(s.size_known());
    const auto gives = [](json value) {
        return [value](std::string_view, std::string&) { return std::make_unique<json>(value); };
    };
    CHECK(expand(s, {}, gives("3"))->max_concurrency() == 3);
    CHECK(expand(s, {}, gives("3.0"))->max_concurrency() == 3);
    CHECK(expand(s, {}, gives(2.0))->max_concurrency() == 2);
    for (const json& bad :
         {json("x"), json(1.5), json(-1), json(nullptr), json(1e300), json(true), json("")}) {
        CHECK(refused(s, {}, gives(bad)).message.starts_with("maxConcurrency"));
    }
    s.max_concurrency = number(-2);
    CHECK(refused(s).message.find("less than 0") != std::string::npos);
}

TEST_CASE("the size hangs on expressions in an exclusion's axes, not on those in other values") {
    strategy s = matrix({{"a", {"<+x>", "1"}}, {"b", {"1"}}});
    CHECK(s.size_known());
    exclude(s, {{"b", "2"}});
    CHECK(s.size_known());
    exclude(s, {{"a", "2"}});
    CHECK_FALSE(s.size_known());
}

TEST_CASE("compat: harness takes literal axes in a Java HashMap's order, computed ones last") {
    strategy s = matrix({{"service", {"s"}}, {"environment", {"e"}}});
    s.axes.insert(s.axes.begin(), {"computed", computed("[1]"), {}});
    const auto x = expand(s, {.compat_harness = true});
    REQUIRE(x);
    CHECK(values(*x).front() == R"({"environment":"e","service":"s","computed":"1"})");
    // "Aa" and "BB" have one hash: the order in which they came decides.
    CHECK(java_hash_order({"BB", "Aa"}) == std::vector<std::size_t>{0, 1});
    CHECK(java_hash_order({"Aa", "BB"}) == std::vector<std::size_t>{0, 1});
    CHECK(java_hash_order({}).empty());
    // Thirteen names double the table: p (112) is in bucket 0 of 16 and 16 of 32, a (97) in 1 of
    // both.
    CHECK(java_hash_order({"a", "p"}) == std::vector<std::size_t>{1, 0});
    std::vector<std::string_view> many{"a", "p", "b", "c", "d", "e", "f",
                                       "g", "h", "i", "j", "k", "l"};
    CHECK(java_hash_order(many).front() == 0);
    CHECK(java_hash_order({"\xc3\xa9", "\xf0\x9f\x8c\x8a", "\xff"}).size() == 3);
}

TEST_CASE("exclusions may come from an expression, in the words of a document") {
    strategy s = matrix({{"a", {"1", "2"}}, {"b", {"x", json{{"k", 1}}}}});
    s.exclude_list = computed("<+list>");
    CHECK_FALSE(s.size_known());
    const auto giving = [](const std::string& text) {
        return [text](std::string_view, std::string&) {
            return std::make_unique<json>(json::parse(text));
        };
    };
    const auto x = expand(s, {}, giving(R"([{"a": 1, "b": "x"}, {"b": {"k": 1}}])"));
    REQUIRE(x);
    CHECK(suffixes(*x) == std::vector<std::string>{"_1_0"});
    CHECK(expand(s, {}, giving("[]"))->count() == 4);
    CHECK(refused(s, {}, giving(R"([{"c": 1}])")).message ==
          "exclude names `c`, which is no axis of this matrix");
    CHECK(refused(s, {}, giving("[{}]")).what == code::bad_strategy);
    CHECK(refused(s, {}, giving("5")).what == code::bad_strategy);
}

}  // namespace
