// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/expressions/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::expressions;
using namespace weir::expressions::testing;

TEST_CASE("methods of texts") {
    CHECK(value("<+pipeline.variables.list.split(\",\")>") == R"(["a","b","c"])");
    CHECK(value("<+pipeline.variables.list>.split(',')") == R"(["a","b","c"])");
    CHECK(value("<+repeat.item.split(\"=\")[1].split(\":\")[0]>") == R"("registry")");
    CHECK(value("'a,b,c'.split(',', 2)") == R"(["a","b,c"])");
    CHECK(value("'Some Text'.contains('e T')") == "true");
    CHECK(value("'abc'.startsWith('ab') && 'abc'.endsWith('bc')") == "true");
    CHECK(value("'aBc'.toLowerCase() + 'aBc'.toUpperCase()") == R"("abcABC")");
    CHECK(value("'  x '.trim()") == R"("x")");
    CHECK(value("'a.b.c'.replace('.', '--')") == R"("a--b--c")");
    CHECK(value("'abcdef'.substring(2) + 'abcdef'.substring(0, 2)") == R"("cdefab")");
    CHECK(value("'abc'.length() + 'abc'.size()") == "6");
    CHECK(value("'abc'.indexOf('c') + 'abc'.indexOf('x')") == "1");
    CHECK(value("'abca'.lastIndexOf('a')") == "3");
    CHECK(value("''.isEmpty() && ' '.isBlank() && !'x'.isEmpty()") == "true");
    CHECK(value("'abc'.charAt(1)") == R"("b")");
    CHECK(value("'a'.concat('b').concat(1)") == R"("ab1")");
    CHECK(value("'A'.equalsIgnoreCase('a') && 'a'.equals('a') && !'a'.equals('b')") == "true");
}

TEST_CASE("numbers and booleans take the methods of texts") {
    CHECK(value("<+pipeline.variables.seven>.toString()") == R"("7")");
    CHECK(value("(1.25).toString().split('\\\\.')[1]") == R"("25")");
    CHECK(value("true.toString()") == R"("true")");
}

TEST_CASE("characters are counted, not bytes") {
    CHECK(value("'\xc3\xa4\xf0\x9f\x8c\x8az'.length()") == "3");
    CHECK(value("'\xc3\xa4\xf0\x9f\x8c\x8az'.substring(1, 2)") == "\"\xf0\x9f\x8c\x8a\"");
    CHECK(value("'\xc3\xa4z'.indexOf('z')") == "1");
}

TEST_CASE("split keeps to Java's rules for empty parts, and takes plain texts only") {
    CHECK(value("'a,,b,,'.split(',')") == R"(["a","","b"])");
    CHECK(value("',a'.split(',')") == R"(["","a"])");
    CHECK(value("''.split(',')") == R"([""])");
    CHECK(value("',,'.split(',')") == "[]");
    CHECK(value("'a,,'.split(',', 5)") == R"(["a","",""])");
    CHECK(value("'a|b'.split(\"\\\\|\")") == R"(["a","b"])");
    CHECK(value("'a|b'.split('\\|')") == R"(["a","b"])");
    CHECK(value("'a\nb'.split('\\n')") == R"(["a","b"])");
    for (const char* pattern : {"|", ".", "[,;]", "\\\\s+", "a+", "(a+)+$", ""}) {
        INFO(pattern);
        CHECK(value(std::string("'x'.split('") + pattern + "')") == "error");
    }
}

TEST_CASE("methods of lists and objects") {
    CHECK(value("<+pipeline.variables.items>.size()") == "3");
    CHECK(value("<+pipeline.variables.items.contains('y')>") == "true");
    CHECK(value("[1,2,3].contains('2') && ![].contains(1)") == "true");
    CHECK(value("[1,2,3].indexOf(3) + [1].indexOf(9)") == "1");
    CHECK(value("[1,2,3].join('-') + ['a','b'].join()") == R"("1-2-3a,b")");
    CHECK(value("[1].concat([2,3]).subList(1, 3)") == "[2,3]");
    CHECK(value("[].isEmpty()") == "true");
    CHECK(value("[1,2].toString()") == R"("[1,2]")");
    CHECK(value("<+matrix.obj>.containsKey('tag')") == "true");
    CHECK(value("<+matrix.obj>.keySet().join()") == R"("image,tag")");
    CHECK(value("<+matrix.obj>.values()[0]") == R"("linux")");
    CHECK(value("<+matrix.obj>.get('tag')") == R"("1")");
}

TEST_CASE("json functions") {
    CHECK(value("<+json.object(<+pipeline.variables.json>).o.k>") == R"("v")");
    CHECK(value("<+json.select(\"q[0]\", <+pipeline.variables.json>)>") == "10");
    CHECK(value("<+json.select(\"$.o['k']\", <+pipeline.variables.json>)>") == R"("v")");
    CHECK(value("<+json.list(\"q\", <+pipeline.variables.json>)>") == "[10,20]");
    CHECK(value("<+json.list(\"*\", '[{\"a\":1},{\"a\":2}]')>") == R"([{"a":1},{"a":2}])");
    CHECK(value("<+json.list(\"$[*].a\", '[{\"a\":1},{\"a\":2}]')>") == "[1,2]");
    CHECK(value("<+json.format([1,'x'])>") == R"("[1,\"x\"]")");
    CHECK(problem("<+json.select('none', '{}')>").find("nothing there at `none`") !=
          std::string::npos);
    CHECK(problem("<+json.object('{')>").find("not valid JSON") != std::string::npos);
    for (const char* path : {"a..b", "a[?(@.b)]", "a[1:2]", "a[", "", "a.", "a[x]", "$x"}) {
        INFO(path);
        CHECK(value(std::string("json.select(\"") + path + "\", '{}')") == "error");
    }
}

TEST_CASE("a wrong call says what would be right") {
    CHECK(problem("'x'.foo()").find("a text has no method `foo`; it has split, replace") !=
          std::string::npos);
    CHECK(problem("'x'.trim(1)").find("`trim` takes 0 arguments, not 1") != std::string::npos);
    CHECK(problem("'x'.substring()").find("takes 1 to 2 arguments, not 0") != std::string::npos);
    CHECK(problem("'x'.substring('y')").find("a whole number is wanted") != std::string::npos);
    CHECK(problem("'x'.substring(1, 9)").find("has 1 characters") != std::string::npos);
    CHECK(problem("[1].get(1)").find("has 1 entries") != std::string::npos);
    CHECK(problem("[1].get(-1)").find("none at -1") != std::string::npos);
    CHECK(problem("(null).size()").find("null has no method") != std::string::npos);
    CHECK(problem("'x'.matches('(a+)+$')").find("no method `matches`") != std::string::npos);
}

TEST_CASE("what the host keeps goes by a text in brackets, which is one more part of its name") {
    struct keeper final : scope {
        found resolve(const std::vector<std::string_view>& path, weir::json& value,
                      std::size_t& used) const override {
            value = path.size() == 3 ? std::string{path[2]} : std::string{};
            used = path.size();
            return path.size() == 3 ? found::yes : found::missing;
        }
    };
    const keeper kept;
    CHECK(evaluate(R"j(secrets.getValue("a-b"))j", kept).value == "a-b");
    CHECK(evaluate(R"j(<+<+secrets.getValue("a-b")>.split("-")[1]>)j", kept).value == "b");
    CHECK(evaluate(R"(configFile.getAsString('f').toUpperCase())", kept).value == "F");
    CHECK(evaluate("secrets.getValue(1)", kept).status == status::error);
    CHECK(evaluate("secrets.getValue()", kept).status == status::error);
    CHECK(evaluate(R"j(secrets.getValue("a", "b"))j", kept).status == status::error);
    CHECK(evaluate(R"j(secrets.getValue("a")j", kept).status == status::error);
}

}  // namespace
