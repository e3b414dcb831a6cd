// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

namespace {

using namespace weir::plan;
using weir::json;

TEST_CASE("every code has a text of its own whose letter tells its severity") {
    std::set<std::string_view> texts;
#define WEIR_DIAGNOSTIC(text, name, severity_of_it, title)                             \
    CHECK(texts.insert(text_of(code::name)).second);                                   \
    CHECK((text_of(code::name)[0] == 'E') == (severity_of(code::name) == severity::error)); \
    CHECK(text_of(code::name).size() == 5);                                            \
    CHECK_FALSE(title_of(code::name).empty());
#include "adapters/plan/diagnostics.def"
#undef WEIR_DIAGNOSTIC
    CHECK(text_of(code::too_many_aliases) == "E0104");
}

TEST_CASE("warnings alone are no error") {
    diagnostics found;
    CHECK_FALSE(found.any_error());
    found.add(code::unused_barrier, {}, "unused");
    CHECK_FALSE(found.any_error());
    diagnostics more;
    more.add(code::deadlock, {}, "stuck");
    found.append(std::move(more));
    CHECK(found.any_error());
    REQUIRE(found.all().size() == 2);
    CHECK(found.all()[1].message == "stuck");
}

TEST_CASE("JSON lists every field of a finding, with the file's name") {
    diagnostics found;
    diagnostic& d =
        found.add(code::undefined_barrier, {1, 3, 5, 3, 9}, "no barrier \"redy\"\n\x01");
    d.path = "deploy/meet";
    d.help = "did you mean `ready`?";
    d.notes.push_back({"declared here", {0, 1, 2, 1, 4}});
    found.add(code::empty_loop, {}, "somewhere");

    const json all = json::parse(to_json(found, {"a.yaml", "b.yaml"}));
    REQUIRE(all.size() == 2);
    CHECK(all[0] ==
          json::parse(R"({"code":"E0301","severity":"error","message":"no barrier \"redy\"\n\u0001",
        "file":"b.yaml","line":3,"column":5,"end_line":3,"end_column":9,"path":"deploy/meet",
        "notes":[{"message":"declared here","file":"a.yaml","line":1,"column":2}],
        "help":"did you mean `ready`?"})"));
    CHECK(all[1]["severity"] == "warning");
    CHECK(all[1]["line"] == 0);
    CHECK(all[1]["file"] == "");
    CHECK(to_json({}, {}) == "[]");
}

TEST_CASE(
    "a finding about a file that is not listed, or a text that is no UTF-8, still is valid JSON") {
    diagnostics found;
    found.add(code::not_utf8, {7, 1, 1, 1, 2}, "byte \xff here");
    const json all = json::parse(to_json(found, {}));
    CHECK(all[0]["file"] == "");
    CHECK(all[0]["message"] == "byte \xef\xbf\xbd here");
}

}  // namespace
