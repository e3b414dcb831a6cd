// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/expressions/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::expressions;
using namespace weir::expressions::testing;

std::string many(std::string_view what, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += what;
    return text;
}

TEST_CASE("nesting of any kind ends in an error, not in the stack") {
    for (const char* opening :
         {"(", "[", "<+", "!", "-", "a[", "a.get(", "f(", "true?", "\"<+", "a.<+", "1+(", "a||("}) {
        INFO(opening);
        CHECK(evaluate(many(opening, 20'000), sample()).status == status::error);
        CHECK(check_syntax(many(opening, 20'000)).status == status::error);
        CHECK(evaluate("<+" + many(opening, 20'000) + ">", sample()).status == status::error);
    }
    CHECK(evaluate(many("(", 5'000) + "1" + many(")", 5'000), sample()).status == status::error);
    CHECK(value(many("(", 20) + "1" + many(")", 20)) == "1");
    CHECK(value(many("<+", 20) + "1" + many(">", 20)) == "1");
    CHECK(value("1" + many(" + 1", 10'000)) == "10001");
    CHECK(evaluate(many("true ? ", 1'000) + "1" + many(" : 1", 1'000), sample()).status ==
          status::error);
}

TEST_CASE("brackets in brackets are read once each") {
    const std::string forty = many("pipeline.variables.items[", 40) + "0" + many("]", 40);
    CHECK(evaluate(forty, sample()).status == status::error);
    const std::string gets = many("pipeline.variables.items.get(", 40) + "0" + many(")", 40);
    CHECK(evaluate(gets, sample()).status == status::error);
    CHECK(check_syntax(gets).status == status::ok);
}

TEST_CASE("texts that would grow without end are stopped") {
    std::string doubling = "'xxxxxxxxxxxxxxxx'";
    for (int i = 0; i < 60; ++i) doubling += ".replace('x', 'xxxxxxxxxxxxxxxx')";
    CHECK(problem(doubling).find("does too much") != std::string::npos);
    std::string joined = "'x,x'";
    for (int i = 0; i < 40; ++i) joined += ".replace('x', 'x,x').split(',').join(',')";
    CHECK(problem(joined).find("does too much") != std::string::npos);
    const values big(weir::json{{"big", std::string(1'000'000, 'x')}});
    CHECK(evaluate("[" + many("big,", 1000) + "1]", big).message.find("does too much") !=
          std::string::npos);
    CHECK(evaluate(many("big + ", 1000) + "1", big).message.find("does too much") !=
          std::string::npos);
    CHECK(interpolate(many("<+big>", 100), big).status == status::error);
    CHECK(interpolate_json("[" + many("\"<+big>\",", 100) + "1]", big).status == status::error);
}

TEST_CASE("what is too long is refused by its length") {
    CHECK(evaluate(std::string(1'000'000, ' '), sample()).message.find("bytes") !=
          std::string::npos);
    CHECK(interpolate(std::string(20'000'000, ' '), sample()).status == status::error);
    CHECK(interpolate_json(std::string(20'000'000, ' '), sample()).status == status::error);
    CHECK(interpolate("<+" + std::string(1'000'000, 'a') + ">", sample()).status == status::error);
}

TEST_CASE("long texts with hostile ends take no time by their square") {
    CHECK(interpolate(many("a > b ", 500'000), sample()).status == status::ok);
    CHECK(interpolate(many("<+1> > ", 100'000), sample()).status == status::ok);
    CHECK(interpolate(many("<+1 >= 2 ", 100'000), sample()).status ==
          status::ok);  // each ends at its >
    CHECK(interpolate("<+a" + many(" > b", 1'000'000), sample()).status == status::error);
    CHECK(interpolate("<+'" + many("\\'", 1'000'000), sample()).status == status::error);
}

TEST_CASE("any bytes are an expression or an error") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    CHECK(evaluate(bytes, sample()).status == status::error);
    CHECK(value(std::string("'\0'", 3)) == R"("\u0000")");
    CHECK(value("'\xff\xfe'.length()") == "2");
    CHECK(value("'\xbf\xbf'.substring(0)") != "");
    CHECK(value("'\xbf'.charAt(0)") == "error");
}

TEST_CASE("deep JSON in a text is not built") {
    const values deep(weir::json{{"deep", many("[", 100'000)}});
    CHECK(evaluate("deep[0]", deep).status == status::error);
    CHECK(evaluate("json.object(deep)", deep).message.find("deeper") != std::string::npos);
}

}  // namespace
