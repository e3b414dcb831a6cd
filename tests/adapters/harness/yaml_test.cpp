// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "adapters/harness/yaml_scalar.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <string>

namespace {

using namespace weir;
using namespace weir::harness;

struct composed {
    explicit composed(std::string_view text, const yaml::limits& most = {}) {
        document = yaml::compose(text, most, findings);
    }
    [[nodiscard]] std::string json() const {
        std::string out;
        if (document) {
            yaml::append_json(out, document->root());
        }
        return out;
    }
    [[nodiscard]] std::string fault() const {
        if (findings.all().empty()) {
            return {};
        }
        const plan::diagnostic& d = findings.all().front();
        return std::string{plan::text_of(d.what)} + "@" + std::to_string(d.where.line) + ":" +
               std::to_string(d.where.column);
    }
    plan::diagnostics findings;
    std::optional<yaml::document> document;
};

std::string place(yaml::value v) {
    const plan::span s = v.where();
    return std::to_string(s.line) + ":" + std::to_string(s.column) + "-" +
           std::to_string(s.end_line) + ":" + std::to_string(s.end_column);
}

}  // namespace

TEST_CASE("quoted text stays text, and plain scalars are what JSON can carry") {
    CHECK(
        composed("a: 5\nb: \"5\"\nc: '5'\nd: true\ne: 'true'\nf: ~\ng:\nh: null\ni: 1.5e3\nj: -7")
            .json() ==
        R"({"a":5,"b":"5","c":"5","d":true,"e":"true","f":null,"g":null,"h":null,"i":1.5e3,"j":-7})");
    CHECK(
        composed("[yes, no, on, off, 007, 0x1F, 1_000, .inf, .nan, +1, 12345678901234567890, 1.10, "
                 "1e999, 1.]")
            .json() ==
        R"(["yes","no","on","off","007","0x1F","1_000",".inf",".nan","+1","12345678901234567890",1.10,"1e999","1."])");
    CHECK(composed("a: !!str 5\nb: !!int 5\nc: !!str true").json() ==
          R"({"a":"5","b":5,"c":"true"})");
}

TEST_CASE("every key and value has its position, columns in code points") {
    const composed d{"ключ: значение\nlist:\n  - \"äö\"\n  - {a: b}\n"};
    const yaml::value root = d.document->root();
    const yaml::value key = root.first();
    CHECK(place(key) == "1:1-1:5");
    CHECK(place(key.next()) == "1:7-1:15");
    const yaml::value list = root["list"];
    CHECK(place(list) == "3:3-4:11");
    CHECK(place(list.first()) == "3:5-3:9");
    CHECK(place(list.first().next()) == "4:5-4:11");
    CHECK(place(list.first().next()["a"]) == "4:9-4:10");
}

TEST_CASE("a byte order mark, CRLF and tabs in text are no obstacle") {
    const composed d{
        "\xEF\xBB\xBF"
        "a: b\r\nc:\td\r\ne: |\r\n  x\ty\r\n"};
    CHECK(d.json() == R"({"a":"b","c":"d","e":"x\ty\n"})");
    CHECK(place(d.document->root()["c"]) == "2:4-2:5");
    CHECK(composed("a:\n\tb: c\n").fault() == "E0101@2:1");
}

TEST_CASE("an empty document is one null value") {
    CHECK(composed("").json() == "null");
    CHECK(composed("# nothing\n").json() == "null");
    CHECK(composed("---\n").json() == "null");
}

TEST_CASE("aliases stand for what they name, and a scalar's text is shared") {
    CHECK(composed("a: &x {k: [1, 2]}\nb: *x\nc: &y text\nd: *y").json() ==
          R"({"a":{"k":[1,2]},"b":{"k":[1,2]},"c":"text","d":"text"})");
    CHECK(composed("a: *none").fault() == "E0101@1:4");
    CHECK(composed("a: &x [*x]").fault() == "E0101@1:8");
    CHECK(composed("a: &x 1\nb: &x 2\nc: *x").json() == R"({"a":1,"b":2,"c":2})");
    CHECK(composed("&k key: 1\nother: *k").json() == R"({"key":1,"other":"key"})");
}

TEST_CASE("merge keys add what a mapping lacks") {
    CHECK(composed("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n  z: 4").json() ==
          R"({"base":{"x":1,"y":2},"use":{"y":3,"z":4,"x":1}})");
    CHECK(composed("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}").json() ==
          R"({"a":{"x":1},"b":{"x":2,"y":2},"c":{"z":3,"x":1,"y":2}})");
    CHECK(composed("a: {k: 1, <<: {l: 2}}").json() == R"({"a":{"k":1,"l":2}})");
    CHECK(composed("a: {<<: 5}").fault() == "E0203@1:9");
    CHECK(composed("a: {<<: [5]}").fault() == "E0203@1:10");
    CHECK(composed("a: {\"<<\": 5}").json() == R"({"a":{"<<":5}})");
}

TEST_CASE("a key that stands twice is told with both positions") {
    const composed d{"a:\n  k: 1\n  l: 2\n  k: 3\n"};
    CHECK(d.fault() == "E0105@4:3");
    REQUIRE(d.findings.all().front().notes.size() == 1);
    CHECK(d.findings.all().front().notes[0].where.line == 2);
    std::string many = "k0: 0\n";
    for (int i = 1; i < 100; ++i) {
        many += "k" + std::to_string(i) + ": 0\n";
    }
    CHECK(composed(many).fault().empty());
    CHECK(composed(many + "k50: 1\n").fault() == "E0105@101:1");
}

TEST_CASE("keys are scalars") {
    CHECK(composed("{[a]: b}").fault() == "E0203@1:2");
    CHECK(composed("? {a: b}\n: c").fault() == "E0203@1:3");
    CHECK(composed("x: &a [1]\n*a : c").fault() == "E0203@2:1");
}

TEST_CASE("several documents and strange tags are refused") {
    CHECK(composed("a: b\n---\nc: d\n").fault() == "E0101@2:1");
    CHECK(composed("---\na: b\n...\n").fault().empty());
    CHECK(composed("a: !python/object:os.system x").fault() == "E0101@1:4");
    CHECK(composed("a: !!binary aGk=").fault() == "E0101@1:4");
    CHECK(composed("a: !!int x").fault() == "E0101@1:4");
    CHECK(composed("a: !!set {x}").fault() == "E0101@1:4");
}

TEST_CASE("invalid YAML is told where it is, with what was being read") {
    const composed d{"a:\n  - b\n c: d\n"};
    CHECK(d.fault() == "E0101@3:2");
    REQUIRE(d.findings.all().front().notes.size() == 1);
    CHECK(composed("a: \"x").fault() == "E0101@1:6");
    CHECK(composed("a: [1, 2").fault() == "E0101@1:9");
    CHECK(composed("a: 'it's'").fault() == "E0101@1:8");
}

TEST_CASE("a value composed from outside stands where it was asked for") {
    composed d{"a: <+input>"};
    REQUIRE(d.document->inputs.size() == 1);
    const yaml::node_index made =
        yaml::compose_into(*d.document, "{x: [1, 2]}", {0, 7, 8, 7, 9}, {}, d.findings);
    REQUIRE(made != yaml::none);
    const yaml::value v{*d.document, made};
    CHECK(place(v["x"].first()) == "7:8-7:9");
    CHECK(yaml::compose_into(*d.document, "{x: ", {0, 7, 8, 7, 9}, {}, d.findings) == yaml::none);
    CHECK(d.fault() == "E0101@7:8");
}
