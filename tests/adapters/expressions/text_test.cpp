// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/expressions/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::expressions;
using namespace weir::expressions::testing;

TEST_CASE("what stands around expressions stays") {
    CHECK(text("deploy <+matrix.service> of <+pipeline.name>!") == R"("deploy svc1 of release!")");
    CHECK(text("plain < + > text") == R"("plain < + > text")");
    CHECK(text("") == R"("")");
    CHECK(text("<+pipeline.name>\n") == R"("release\n")");
    CHECK(text("cat <<EOF\n<+pipeline.name>\nEOF") == R"("cat <<EOF\nrelease\nEOF")");
    CHECK_FALSE(has_expression("a < + b"));
    CHECK(has_expression("a<+b"));
}

TEST_CASE("a text that is one expression keeps the value's type, others take its text") {
    CHECK(text("<+pipeline.variables.seven>") == "7");
    CHECK(text("<+pipeline.variables.items>") == R"(["x","y",{"z":1}])");
    CHECK(text(" <+pipeline.variables.seven>") == R"(" 7")");
    CHECK(text("v=<+matrix.obj>") == R"("v={\"image\":\"linux\",\"tag\":\"1\"}")");
    CHECK(text("<+pipeline.variables.nothing>.") == R"("null.")");
}

TEST_CASE("a <+ without its end is an error at its place") {
    const result r = interpolate("ab <+pipeline.name> <+x", sample());
    CHECK(r.status == status::error);
    CHECK(r.offset == 20);
    CHECK(interpolate("<+", sample()).status == status::error);
    CHECK(interpolate("<+a <+b>", sample()).status == status::error);
}

TEST_CASE("errors and what is known later carry the offset in the whole text") {
    CHECK(interpolate("abc <+pipeline.nam>", sample()).offset == 15);
    const result later = interpolate("abc <+pipeline.name> <+later.x>", sample());
    CHECK(later.status == status::not_yet);
    CHECK(later.offset == 23);
}

TEST_CASE("a computed field is one expression, one with methods behind it, or a text") {
    const auto field = [](std::string_view t) { return shown(value_of(t, sample())); };
    CHECK(field("<+pipeline.variables.list>.split(',')") == R"(["a","b","c"])");
    CHECK(field("<+pipeline.variables.list>.split(',')[0].trim()") == R"("a")");
    CHECK(field("<+pipeline.variables.seven>") == "7");
    CHECK(field("stage_<+matrix.service>_<+pipeline.name>") == R"("stage_svc1_release")");
    CHECK(field("<+matrix.service>.example.com") == R"("svc1.example.com")");
    CHECK(field("plain") == R"("plain")");
    CHECK(field("<+matrix.service") == "error");
}

TEST_CASE("expressions in a JSON value's texts are replaced, keys are not") {
    const auto in = [](std::string_view t) { return shown(interpolate_json(t, sample())); };
    CHECK(
        in(R"({"<+pipeline.name>": ["<+matrix.service>!", "<+pipeline.variables.seven>", 5, null]})") ==
        R"({"<+pipeline.name>":["svc1!",7,5,null]})");
    CHECK(in(R"({"script": "echo \"<+pipeline.name>\""})") == R"({"script":"echo \"release\""})");
    CHECK(in(R"("<+pipeline.variables.get(\"with-dash\")>")") == R"("dash")");
    CHECK(in("{}") == "{}");
    CHECK(in("{") == "error");
    CHECK(in(R"({"a": "<+nope>"})") == "error");
    CHECK(in(R"({"a": "<+later.x>"})") == "later");
}

}  // namespace
