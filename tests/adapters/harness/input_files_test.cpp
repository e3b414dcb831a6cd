// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/input_text.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using Catch::Matchers::ContainsSubstring;
using words = std::vector<std::string>;

const std::string deploy = R"(pipeline:
  identifier: p
  stages:
    - parallel:
        - stage:
            identifier: a
            type: Custom
            spec:
              serviceInputs: <+input>
              execution:
                steps:
                  - step:
                      identifier: x
                      type: ShellScript
                      timeout: <+input>.default(1m)
                      spec: {script: <+input>, n: '<+input>.regex(^[0-9]+$)'}
  variables:
    - {name: env, type: String, value: '<+input>.allowedValues(dev,prod)'}
    - {name: fixed, type: String, value: same}
)";

std::string input_set(const std::string& variables, const std::string& spec = "{script: s, n: 7}",
                      const std::string& stage = "a") {
    return "inputSet:\n  name: qa\n  identifier: qa\n  pipeline:\n    identifier: p\n    stages:\n"
           "      - stage:\n          identifier: " +
           stage +
           "\n          type: Custom\n          spec:\n            serviceInputs: {tag: v1, list: "
           "[1, 2]}\n            execution: {steps: [{step: {identifier: x, type: ShellScript, "
           "spec: " +
           spec + "}}]}\n    variables: " + variables + "\n";
}

const std::string dev = "[{name: env, type: String, value: dev}]";

plan::loaded with(const std::vector<std::string>& inputs,
                  std::map<std::string, std::string> variables = {},
                  std::map<std::string, std::string> documents = {}) {
    shelf from{std::move(documents)};
    return load_from(deploy, from, inputs, std::move(variables));
}

// What one wrong input set is told as, and where in it.
void refused(const std::string& set, const std::string& code, const std::string& part) {
    const auto l = with({set});
    INFO(set);
    const words found = places(l);
    CHECK(std::count(found.begin(), found.end(), code + "@inputs1.yaml:" + spot(set, part)) == 1);
    for (const plan::diagnostic& d : l.findings.all()) {
        if (plan::text_of(d.what) == code) {
            CHECK(d.notes.size() == 1);  // the place in the pipeline
            CHECK(d.notes.at(0).where.file == 0);
        }
    }
}

}  // namespace

TEST_CASE("an input set gives values of any kind, also in parallel stages") {
    const auto l = with({input_set(dev)});
    CHECK(places(l).empty());
    REQUIRE(l.plan);
    CHECK(l.plan->variables == R"({"env":"dev","fixed":"same"})");
    CHECK(at(l, "a")->spec == R"({"serviceInputs":{"tag":"v1","list":[1,2]}})");
    CHECK(at(l, "a/x")->spec == R"({"script":"s","n":7})");
    CHECK(at(l, "a/x")->timeout_ms == 60'000);
}

TEST_CASE("a pipeline's shape will do, with or without `pipeline`") {
    for (const std::string& text : {"pipeline: {variables: " + dev + "}", "variables: " + dev,
                                    "identifier: p\nvariables: " + dev}) {
        const auto l = with({text, input_set("[]")});
        CHECK(places(l).empty());
    }
}

TEST_CASE("a later file wins, and a named value over all files; what is fixed may be named, too") {
    const std::string prod = "variables: [{name: env, type: String, value: prod}]";
    CHECK(with({input_set(dev), prod}).plan->variables == R"({"env":"prod","fixed":"same"})");
    CHECK(with({prod, input_set(dev)}).plan->variables == R"({"env":"dev","fixed":"same"})");
    CHECK(with({input_set(dev)}, {{"env", "prod"}, {"fixed", "other"}}).plan->variables ==
          R"({"env":"prod","fixed":"other"})");
}

TEST_CASE("an overlay lays its input sets over each other in its order") {
    const std::string overlay =
        "overlayInputSet:\n  identifier: o\n  inputSetReferences: [base, top]\n";
    const std::map<std::string, std::string> sets{
        {"input_set base", input_set(dev)},
        {"input_set top",
         "inputSet: {identifier: top, pipeline: {variables: [{name: env, type: "
         "String, value: prod}]}}"}};
    const auto l = with({overlay}, {}, sets);
    CHECK(places(l).empty());
    CHECK(l.plan->variables == R"({"env":"prod","fixed":"same"})");

    const auto gone = with({overlay}, {}, {{"input_set base", input_set(dev)}});
    CHECK(places(gone) == words{"E0223@inputs1.yaml:" + spot(overlay, "top")});
    const auto round = with({overlay, input_set(dev)}, {},
                            {{"input_set base", overlay}, {"input_set top", input_set(dev)}});
    CHECK(codes(round) == words{"E0221"});
}

TEST_CASE("a value that does not fit is told at its place, with the place that asks for it") {
    refused(input_set("[{name: env, type: String, value: live}]"), "E0204", "live");
    refused(input_set(dev, "{script: s, n: seven}"), "E0204", "seven");
    refused(input_set(dev, "{script: s, m: 7}"), "E0211", "m: 7");
    refused(input_set("[{name: fixed, type: String, value: other}]"), "E0211", "other");
    refused(input_set("[{name: envy, type: String, value: dev}]"), "E0211", "{name: envy");
    refused(input_set(dev, "{script: s, n: 7}", "b"), "E0211", "identifier: b");
    refused(input_set("[{name: env, type: Number, value: dev}]"), "E0211", "Number");
    refused("pipeline: {identifier: p, stages: x}", "E0211", "x}");
}

TEST_CASE("a document of inputs that is none is told") {
    CHECK(places(with({"trigger: {}"})).front() == "E0107@inputs1.yaml:1:1");
    CHECK(places(with({"[1]"})).front() == "E0107@inputs1.yaml:1:1");
    CHECK(places(with({"pipeline: x"})).front() == "E0107@inputs1.yaml:1:11");
    CHECK(places(with({"inputSet: {identifier: x}"})).front() == "E0201@inputs1.yaml:1:11");
    CHECK(places(with({"overlayInputSet: {identifier: x}"})).front() == "E0201@inputs1.yaml:1:18");
    CHECK(places(with({"overlayInputSet: {inputSetReferences: x}"})).front() ==
          "E0203@inputs1.yaml:1:39");
    CHECK(places(with({"overlayInputSet: {inputSetReferences: [[x], <+y>]}"})).front() ==
          "E0203@inputs1.yaml:1:40");
    CHECK(places(with({"a: ["})).front() == "E0101@inputs1.yaml:1:5");
    CHECK(places(with({""})) == places(with({})));
}

TEST_CASE("what no file gives is missed, all of it together") {
    const auto l = with({"variables: " + dev});
    REQUIRE(codes(l) == words{"E0208"});
    CHECK_THAT(l.findings.all()[0].message, ContainsSubstring("3 runtime inputs"));
    CHECK(l.findings.all()[0].notes.size() == 2);
    // An input set may leave an input open.
    const auto open = with({input_set("[{name: env, type: String, value: <+input>}]")});
    CHECK(codes(open).empty());
}

TEST_CASE("patterns are held against the whole value, in bounded time") {
    using harness::fits_pattern;
    using harness::parse_input;
    const auto digits = parse_input("<+input>.regex(^[0-9]+$)");
    CHECK(digits.pattern == "^[0-9]+$");
    CHECK(fits_pattern(digits, "42"));
    CHECK_FALSE(fits_pattern(digits, "42x"));
    CHECK_FALSE(fits_pattern(parse_input("<+input>.regex(b)"), "abc"));
    CHECK(fits_pattern(digits, "<+pipeline.variables.n>"));
    CHECK_FALSE(fits_pattern(parse_input("<+input>.regex((a+)+$)"), std::string(4000, 'a') + "b"));
    CHECK(fits_pattern(parse_input("<+input>.regex((?<=a)b)"), "b"));  // the host's to check
    CHECK(fits_pattern(parse_input("<+input>.regex((a)\\1)"), "ab"));  // likewise
    CHECK(fits_pattern(parse_input("<+input>.regex((((((a{900}){900}){900}){900}){900}))"), "b"));
}

TEST_CASE("what a template's user asks for is joined with what the template asks for") {
    using harness::merged_input;
    CHECK(merged_input("<+input>.default(a).allowedValues(a,b)", "<+input>") ==
          "<+input>.default(a).allowedValues(a,b)");
    CHECK(merged_input("<+input>.allowedValues(a,b)", "<+input>.selectOneFrom(a)") ==
          "<+input>.selectOneFrom(a)");
    CHECK(merged_input("<+input>.default(a)", "<+input>.default(b)") == "<+input>.default(a)");
    CHECK(merged_input("<+input>.default(a).executionInput()", "<+input>.default(b)") ==
          "<+input>.default(b).executionInput()");
    CHECK(merged_input("<+input>.x", "<+input>.default(b)") == "<+input>.default(b)");
}
