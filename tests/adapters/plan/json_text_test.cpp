// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/json_writer.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::plan;
using weir::json;

TEST_CASE("a value's text is what a document would have") {
    CHECK(text_of("a b") == "a b");
    CHECK(text_of(12) == "12");
    CHECK(text_of(1.5) == "1.5");
    CHECK(text_of(true) == "true");
    CHECK(text_of(nullptr) == "null");
    CHECK(text_of(json::parse(R"({"b": 1, "a": [1, "x"]})")) == R"({"b":1,"a":[1,"x"]})");
    CHECK(text_of(json::array({"\xff"})) == "[\"\xef\xbf\xbd\"]");
}

TEST_CASE("hostile JSON is refused before anything is built") {
    json value;
    std::string error;
    CHECK_FALSE(parse_json(std::string(1'000'000, '['), value, error));
    CHECK(error.find("deeper") != std::string::npos);
    CHECK_FALSE(parse_json("[1,", value, error));
    CHECK_FALSE(parse_json("", value, error));
    CHECK_FALSE(parse_json("]]]", value, error));
    CHECK_FALSE(parse_json("\"\xff\"", value, error));
    CHECK_FALSE(parse_json("[1,2,3]", value, error, {.bytes = 3}));
    std::string wide = "{";
    for (int i = 0; i < 20'000; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
    wide.back() = '}';
    CHECK_FALSE(parse_json(wide, value, error));
    CHECK(error.find("members") != std::string::npos);
    CHECK(value.is_null());
}

TEST_CASE("brackets in texts are no nesting") {
    json value;
    std::string error;
    REQUIRE(parse_json("[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]",
                       value, error));
    CHECK(value[0].get<std::string>().size() == 2001);
}

TEST_CASE("the writer puts commas where they belong") {
    json_writer w;
    w.begin_object();
    w.member("a", 1);
    w.key("b");
    w.begin_array();
    w.value(true);
    w.begin_object();
    w.end_object();
    w.value(std::string_view{"q\"\n"});
    w.end_array();
    w.member("c", "t");
    w.end_object();
    CHECK(std::move(w).take() == R"({"a":1,"b":[true,{},"q\"\n"],"c":"t"})");
}

}  // namespace
