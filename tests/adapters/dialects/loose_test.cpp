// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/loose.hpp"

#include <catch2/catch_test_macros.hpp>

#include <utility>

using namespace weir;
using namespace weir::dialects;

TEST_CASE("GitHub's comparison ignores case and compares types as numbers") {
    const auto value = [](const char* text) { return json::parse(text); };
    const std::pair<const char*, const char*> equal[] = {
        {R"("Linux")", R"("lINUX")"},
        {"12", R"("12")"},
        {"12", R"(" 12 ")"},
        {"true", "1"},
        {"false", "0"},
        {"null", "0"},
        {"null", R"("")"},
        {"null", "false"},
        {"12", "12.0"},
        {"16", R"("0x10")"},
        {"8", R"("0o10")"},
        {"null", "null"},
        {"0.5", R"(".5")"},
        {"-3", R"("-3")"},
    };
    for (const auto& [a, b] : equal) {
        INFO(a << " and " << b);
        CHECK(loosely_equal(value(a), value(b)));
        CHECK(loosely_equal(value(b), value(a)));
    }
    const std::pair<const char*, const char*> different[] = {
        {R"("12")", R"("12.0")"},
        {"true", R"("true")"},
        {"12", R"("12a")"},
        {"{}", "{}"},
        {"[]", "0"},
        {"1", R"("one")"},
        {"0", R"("nan")"},
        {"1", R"("inf")"},
    };
    for (const auto& [a, b] : different) {
        INFO(a << " and " << b);
        CHECK_FALSE(loosely_equal(value(a), value(b)));
        CHECK_FALSE(loosely_equal(value(b), value(a)));
    }
}

TEST_CASE("a filter looks only at what it names") {
    const json node = json::parse(R"({"version": 14, "env": {"A": "x"}, "list": [1, 2]})");
    CHECK(matches(json::parse(R"({"version": "14"})"), node));
    CHECK(matches(json::parse(R"({"VERSION": 14, "env": {"a": "X"}})"), node));
    CHECK(matches(json::parse(R"({"list": [1]})"), node));
    CHECK(matches(json::parse(R"({"nothing": null})"), node));
    CHECK(matches(json::object(), node));
    CHECK_FALSE(matches(json::parse(R"({"version": 15})"), node));
    CHECK_FALSE(matches(json::parse(R"({"list": [1, 3]})"), node));
    CHECK_FALSE(matches(json("x"), node));
}
