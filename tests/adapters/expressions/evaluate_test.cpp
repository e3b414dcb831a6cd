// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/expressions/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::expressions;
using namespace weir::expressions::testing;

TEST_CASE("an expression means the same with and without its brackets") {
    CHECK(value("<+pipeline.name>") == R"("release")");
    CHECK(value("pipeline.name") == R"("release")");
    CHECK(value(" <+ pipeline . name > ") == R"("release")");
    CHECK(value("<+<+pipeline.name>>") == R"("release")");
}

TEST_CASE("literals") {
    CHECK(value("42") == "42");
    CHECK(value("-42") == "-42");
    CHECK(value("1.5e3") == "1500.0");
    CHECK(value("true") == "true");
    CHECK(value("null") == "null");
    CHECK(value("'a\"b'") == R"("a\"b")");
    CHECK(value(R"("a\"b\n\\|\d")") == R"("a\"b\n\\|\\d")");
    CHECK(value("[1, 'a', [true]]") == R"([1,"a",[true]])");
    CHECK(value("[]") == "[]");
}

TEST_CASE("names go by dots, indexes, .get and computed parts") {
    CHECK(value("<+pipeline.variables.get(\"with-dash\")>") == R"("dash")");
    CHECK(value("<+pipeline.variables[\"with-dash\"]>") == R"("dash")");
    CHECK(value("<+matrix.get('with-dash')>") == R"("d")");
    CHECK(value("<+pipeline.variables.items[2].z>") == "1");
    CHECK(value("<+pipeline.variables.items.get(1)>") == R"("y")");
    CHECK(value("<+pipeline.variables.<+pipeline.variables.which>>") == R"("a,b,c")");
    CHECK(value("<+pipeline.variables.li<+\"st\">>") == R"("a,b,c")");
    CHECK(value("<+ <+matrix.obj>.image>") == R"("linux")");
    CHECK(value("<+matrix.obj>.image") == R"("linux")");
    CHECK(value("<+pipeline.variables.items[<+pipeline.variables.seven> - 6]>") == R"("y")");
}

TEST_CASE("a text that holds JSON can be looked into") {
    CHECK(value("<+pipeline.variables.json.q[1]>") == "20");
    CHECK(value("<+pipeline.variables.json.o.k>") == R"("v")");
    CHECK(problem("<+pipeline.variables.list.k>").find("is a text, it has no `k`") !=
          std::string::npos);
}

TEST_CASE("operators bind as everywhere else") {
    CHECK(value("1 + 2 * 3 - 4 / 2 % 3") == "5");
    CHECK(value("(1 + 2) * 3") == "9");
    CHECK(value("10 - 3 - 2") == "5");
    CHECK(value("1 < 2 == true && !(3 <= 2) || false") == "true");
    CHECK(value("true || false && false") == "true");
    CHECK(value("1 == 1 ? 'a' : 2 == 2 ? 'b' : 'c'") == R"("a")");
    CHECK(value("- -1") == "1");
    CHECK(value("!!true") == "true");
}

TEST_CASE("numbers and booleans compare with the texts that spell them") {
    CHECK(value("<+pipeline.variables.five> == 5") == "true");
    CHECK(value("<+pipeline.variables.five> == 5.0") == "true");
    CHECK(value("<+pipeline.variables.five> < 10") == "true");
    CHECK(value("<+pipeline.variables.yes> == \"TRUE\"") == "true");
    CHECK(value("<+pipeline.variables.text> == 5") == "false");
    CHECK(value("<+pipeline.variables.nothing> == null") == "true");
    CHECK(value("<+pipeline.variables.empty> == null") == "false");
    CHECK(value("<+matrix.obj> == '{\"image\":\"linux\",\"tag\":\"1\"}'") == "true");
    CHECK(value("'1' == '1.0'") == "false");
    CHECK(value("1 == 1.0") == "true");
    CHECK(value("true == 1") == "false");
    CHECK(value("'b' > 'a'") == "true");
}

TEST_CASE("texts add as texts, a number and a text that spells one as numbers") {
    CHECK(value("'a' + 'b'") == R"("ab")");
    CHECK(value("'1' + '2'") == R"("12")");
    CHECK(value("'1' + 2") == "3");
    CHECK(value("'v' + 2") == R"("v2")");
    CHECK(value("'x' + true + null") == R"("xtruenull")");
    CHECK(value("<+matrix.service> + '-' + <+pipeline.name>") == R"("svc1-release")");
}

TEST_CASE("whole numbers beyond 64 bits go on as real ones; what has no value is an error") {
    CHECK(value("9223372036854775807 + 1") == "9.223372036854776e+18");
    CHECK(value("(0 - 9223372036854775807 - 1) / -1") == "9.223372036854776e+18");
    CHECK(value("(0 - 9223372036854775807 - 1) % -1") == "0");
    CHECK(value("1e308 * 10") == "error");
    CHECK(value("1 / 0") == "error");
    CHECK(value("1 % 0.0") == "error");
    CHECK(value("1e999") == "error");
}

TEST_CASE("operators refuse what they do not go with, and say so") {
    CHECK(problem("'x' < 3") == "`'x' < 3`: `<` does not go with a text and a number");
    CHECK(problem("null + 1").find("null and a number") != std::string::npos);
    CHECK(problem("!5").find("`!` does not go with a number") != std::string::npos);
    CHECK(problem("-'x'").find("a text") != std::string::npos);
    CHECK(problem("5 ? 1 : 2").find("the condition is a number") != std::string::npos);
    CHECK(problem("true && 5").find("behind it is a number") != std::string::npos);
    CHECK(problem("'x' || true").find("before it is a text") != std::string::npos);
}

TEST_CASE("a > between spaces or in parentheses compares, any other ends the expression") {
    CHECK(value("<+pipeline.variables.seven > 5>") == "true");
    CHECK(value("<+pipeline.variables.seven >= 7>") == "true");
    CHECK(value("<+(pipeline.variables.seven>5) ? 'big' : 'small'>") == R"("big")");
    CHECK(value("<+<+pipeline.variables.seven> > 5>") == "true");
    CHECK(value("<+pipeline.variables.seven> > 5") == "true");
    CHECK(text("echo <+pipeline.name> > <+matrix.service> > out") ==
          R"("echo release > svc1 > out")");
    CHECK(text("a <+pipeline.variables.seven > 5 ? 'x' : 'y'> > b") == R"("a x > b")");
    CHECK(text("<+ pipeline.name > > b") == R"("release > b")");
    CHECK(value("<+pipeline.variables.list.split(\">\")>") == R"(["a,b,c"])");
}

TEST_CASE("what is known later makes the result later, unless it does not matter") {
    CHECK(value("<+later.x>") == "later");
    CHECK(value("<+later.x> == 1") == "later");
    CHECK(value("'a' + <+later.x>.split(',')[0]") == "later");
    CHECK(value("<+pipeline.variables.<+later.x>>") == "later");
    CHECK(value("<+pipeline.variables.get(<+later.x>)>") == "later");
    CHECK(value("<+json.select('a', <+later.x>)>") == "later");
    CHECK(value("\"x<+later.x>\"") == "later");
    CHECK(value("false && <+later.x>") == "false");
    CHECK(value("<+later.x> && false") == "false");
    CHECK(value("<+later.x> || true") == "true");
    CHECK(value("<+later.x> || false") == "later");
    CHECK(value("true ? 1 : <+later.x>") == "1");
    CHECK(value("<+later.x> ? 1 : 2") == "later");
    const result r = evaluate("1 == 1 && <+later.a.b>", sample());
    CHECK(r.message == "`1 == 1 && <+later.a.b>`: `later.a.b` is known only later in the run");
    CHECK(r.offset == 12);
}

TEST_CASE("what is not needed is not evaluated, but must be well formed") {
    CHECK(value("true || unknown.name") == "true");
    CHECK(value("false ? unknown.name : 2") == "2");
    CHECK(value("false && 'x'.nonsense()") == "false");
    CHECK(value("true || (1 +") == "error");
    CHECK(value("true ? 1 : )") == "error");
}

TEST_CASE("an error names the expression, its place and what was known there") {
    const result r = evaluate("1 + <+pipeline.variables.lst>", sample());
    CHECK(r.status == status::error);
    CHECK(r.offset == 25);
    CHECK(r.message.starts_with(
        "`1 + <+pipeline.variables.lst>`: `pipeline.variables` has no `lst`; it has `list`"));
    CHECK(problem("<+nowhere.x>") == "`<+nowhere.x>`: `nowhere.x` is not known here");
    CHECK(problem("<+pipeline.variables.with-dash>").find(".get(\"a-b\")") != std::string::npos);
    CHECK(problem("<+pipeline.variables.items[9]>").find("a list of 3 entries") !=
          std::string::npos);
    CHECK(problem("<+matrix.service[0]>").find("is a text") != std::string::npos);
    CHECK(problem("frobnicate(1)") == "`frobnicate(1)`: there is no function `frobnicate`");
}

TEST_CASE("syntax can be checked before anything is known") {
    CHECK(check_syntax("<+a.b> == \"x\" && c.split(',')[0].trim() != <+d.<+e>>").status ==
          status::ok);
    CHECK(check_syntax("unknown.method()").status == status::ok);
    const result r = check_syntax("a == ");
    CHECK(r.status == status::error);
    CHECK(r.offset == 5);
    for (const char* bad :
         {"",       "<+>",    "a..b",    "a b",   "(1",  "1)",       "'x", "a[",      "a[1",
          "a.get(", "1 +",    "? 1 : 2", "1 ? 2", "<+a", "a ==== b", "@",  "a.b(1,)", "[1,",
          "f(",     "\"<+\"", "\"<+a\"", "=",     "<",   ">",        "&"}) {
        INFO(bad);
        CHECK(check_syntax(bad).status == status::error);
    }
}

TEST_CASE("the syntax of a text with expressions in it can be checked too") {
    for (const char* good : {"", "no expression", "<+a.b>", "x <+a> y <+b.<+c>> z",
                             "<+a>.split(',')", "<+a> and ( more"}) {
        INFO(good);
        CHECK(check_text(good).status == status::ok);
        CHECK(wrong_syntax(good, true).empty());
    }
    for (const char* bad : {"<+", "a <+b", "<+a> <+ 1 + >", "<+a..b> x", "<+a>.split(,)"}) {
        INFO(bad);
        CHECK(check_text(bad).status == status::error);
        CHECK_FALSE(wrong_syntax(bad, true).empty());
    }
    CHECK(wrong_syntax("a == b", false).empty());
    CHECK_FALSE(wrong_syntax("no expression", false).empty());
}

TEST_CASE("a condition is true or false, as a value or as a text in any case") {
    const auto is = [](std::string_view c) { return shown(condition(c, sample())); };
    CHECK(is("true") == "true");
    CHECK(is("<+pipeline.variables.yes>") == "true");
    CHECK(is("\"False\"") == "false");
    CHECK(is("<+pipeline.name> == \"release\"") == "true");
    CHECK(is("<+pipeline.name>") == "error");
    CHECK(is("1") == "error");
    CHECK(is("null") == "error");
    CHECK(is("") == "error");
    CHECK(is("<+later.x>") == "later");
    CHECK(condition("<+pipeline.name>", sample()).message ==
          "`<+pipeline.name>`: is a text (`release`), true or false is wanted");
}

}  // namespace

TEST_CASE("=~ looks for a value in a list, !~ for its absence") {
    CHECK(value("pipeline.name =~ ['a', \"<+pipeline.name>\"]") == "true");
    CHECK(value("5 =~ ['4', '5']") == "true");
    CHECK(value("pipeline.name !~ ['a']") == "true");
    CHECK(value("'a' =~ []") == "false");
    CHECK(value("'a' =~ later") == "later");
    CHECK(problem("'abc' =~ 'a.*'").find("looks for a value in a list") != std::string::npos);
}

TEST_CASE("a part of a name may be quoted") {
    CHECK(value("pipeline.variables.\"with-dash\"") == "\"dash\"");
    CHECK(value("<+<+pipeline.variables>.'with-dash'>") == "\"dash\"");
    CHECK(value("pipeline.variables.\"with-<+'dash'>\"") == "\"dash\"");
    CHECK(value("pipeline.\"") == "error");
}

TEST_CASE("a script is told apart from an expression") {
    for (const char* script :
         {"var x = 1; x", "if (1 < 2) { 1 }", "for (i : x) { }", "function (x) { x }"}) {
        INFO(script);
        CHECK(problem(script).find("begins a script") != std::string::npos);
    }
    CHECK(problem("variable").find("script") == std::string::npos);
}

TEST_CASE("a text that holds JSON has members by name") {
    CHECK(value("<+<+pipeline.variables.json>.get('o').k>") == "\"v\"");
    CHECK(problem("<+<+pipeline.variables.text>.get('o')>").find("is a text") != std::string::npos);
}
