// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>

using weir::json;

TEST_CASE("a JSON value of any depth and width ends, without a stack of its own") {
    constexpr std::size_t deep = 2'000'000;
    std::string text(deep, '[');
    text.append(deep, ']');
    auto nested = std::make_unique<json>(json::parse(text));
    nested.reset();

    json wide = json::array();
    for (int i = 0; i < 1'000; ++i) {
        wide.push_back(weir::json_object("a", json::parse("[[1, [2]], {\"b\": [3, {}]}, []]"), "c",
                                         "a text that is too long to be kept in place"));
    }
    json other = wide;
    wide = json{};
    CHECK(other.size() == 1'000);
    CHECK(other.back()["a"][1]["b"][0] == 3);
}
