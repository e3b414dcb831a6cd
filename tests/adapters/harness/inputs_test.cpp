// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/input_text.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using harness::input_text;
using harness::parse_input;
using words = std::vector<std::string>;

std::string variable(std::string_view rest) {
    return "pipeline:\n  stages: []\n  variables:\n    - {name: v, " + std::string{rest} + "}\n";
}

}  // namespace

TEST_CASE("variables are texts, and numbers where they say so") {
    const auto l = load(
        "pipeline:\n  stages: []\n  variables:\n    - {name: s, type: String, value: 1.10}\n"
        "    - {name: n, type: Number, value: 1.10}\n    - {name: e, type: Number, value: <+x>}\n"
        "    - {name: d, type: String, default: z}\n    - {name: q, type: Secret, value: "
        "account.q}\n");
    REQUIRE(l.plan);
    CHECK(l.plan->variables == R"({"s":"1.10","n":1.1,"e":"<+x>","d":"z","q":"account.q"})");
    CHECK(codes(load(variable("type: Number, value: x"))) == words{"E0204"});
    CHECK(codes(load(variable("type: Text, value: x"))) == words{"E0204"});
    CHECK(codes(load(variable("value: [x]"))) == words{"E0203"});
    CHECK(
        codes(load("pipeline:\n  stages: []\n  variables:\n    - {name: v}\n    - {name: v}\n")) ==
        words{"E0205"});
}

TEST_CASE("a given value sets a variable, an input by name or by path") {
    CHECK(load(variable("type: String, value: <+input>"), {{"v", "x"}}).plan->variables ==
          R"({"v":"x"})");
    CHECK(load(variable("type: String, value: fixed"), {{"v", "007"}}).plan->variables ==
          R"({"v":"007"})");
    CHECK(load(variable("type: Number, value: <+input>"), {{"pipeline.variables.v", "7"}})
              .plan->variables == R"({"v":7})");
    const std::string steps =
        with_steps("- step: {identifier: a, type: X, spec: {image: <+input>, n: <+input>}}");
    const auto l = load(steps, {{"stages.s.spec.execution.steps.a.spec.image", "nginx"},
                                {"pipeline.stages.s.spec.execution.steps.a.spec.n", "5"}});
    REQUIRE(l.plan);
    CHECK(at(l, "s/a")->spec == R"({"image":"nginx","n":5})");
}

TEST_CASE("all missing inputs are listed together") {
    const auto l = load(with_steps("- step: {identifier: a, type: X, spec: {image: <+input>}}",
                                   "variables:\n  - {name: v, type: String, value: <+input>}\n"));
    REQUIRE(codes(l) == words{"E0208"});
    CHECK(l.findings.all()[0].message ==
          "2 runtime inputs were not given: `pipeline.stages.s.spec.execution.steps.a.spec.image`, "
          "`v`");
    CHECK(l.findings.all()[0].notes.size() == 1);
    CHECK(load(with_steps("- step: {identifier: a, type: X, spec: {image: <+input>}}"), {}, true)
              .plan);
}

TEST_CASE("defaults count where nothing is given") {
    CHECK(load(variable("type: String, value: <+input>.default(x)")).plan->variables ==
          R"({"v":"x"})");
    CHECK(load(variable("type: String, value: <+input>, default: y")).plan->variables ==
          R"({"v":"y"})");
    CHECK(
        load(variable("type: String, value: '<+input>.default(\"a,b\").allowedValues(\"a,b\",c)'"))
            .plan->variables == R"({"v":"a,b"})");
    CHECK(
        load(variable("type: String, value: <+input>.default(x)"), {{"v", "z"}}).plan->variables ==
        R"({"v":"z"})");
}

TEST_CASE("values are held against what is allowed") {
    const std::string text = variable("type: String, value: '<+input>.allowedValues(dev, prod)'");
    CHECK(load(text, {{"v", "prod"}}).plan);
    CHECK(codes(load(text, {{"v", "live"}})) == words{"E0204"});
    CHECK(load(variable("type: String, value: '<+input>.selectManyFrom(a,b,c)'"), {{"v", "a,c"}})
              .plan);
    CHECK(codes(load(variable("type: String, value: '<+input>.selectManyFrom(a,b,c)'"),
                     {{"v", "a,d"}})) == words{"E0204"});
    CHECK(codes(load(variable("type: String, value: '<+input>.explode(a)'"), {{"v", "a"}})) ==
          words{"E0204"});
    CHECK(codes(load(variable("type: String, value: '<+input>.default(a'"))) == words{"E0204"});
    CHECK(codes(load(variable("type: String, value: '<+input>'"), {{"v", "<+input>"}})) ==
          words{"E0204"});
}

TEST_CASE("a value for nothing is told, with the name that was probably meant") {
    const auto l = load(variable("type: String, value: x"), {{"w", "1"}});
    REQUIRE(codes(l) == words{"E0211"});
    const auto near =
        load("pipeline:\n  stages: []\n  variables:\n    - {name: target, value: x}\n",
             {{"tarhget", "1"}});
    CHECK(near.findings.all()[0].help == "did you mean `target`?");
}

TEST_CASE("an input whose structure must be known is missed even where inputs may be missing") {
    CHECK(codes(load("pipeline:\n  stages: <+input>\n", {}, true)) == words{"E0208"});
    CHECK(codes(load("pipeline:\n  stages: []\n  flowControl: {barriers: [{identifier: b}]}\n", {},
                     true)) == words{"W0301"});
}

TEST_CASE("the modifiers of an input are read with their quotes and brackets") {
    const input_text i =
        parse_input("<+input>.default('a,b').allowedValues('a,b', c (d), \"e\").executionInput()");
    CHECK(i.fault.empty());
    CHECK(*i.fallback == "a,b");
    CHECK(i.allowed == words{"a,b", "c (d)", "e"});
    CHECK(i.while_running);
    CHECK(parse_input("<+input>.default(don't)").fallback == "don't");
    CHECK(parse_input("<+input>.regex(^a(b|c)$)").fault.empty());
    CHECK_FALSE(parse_input("<+input>x").fault.empty());
    CHECK_FALSE(parse_input("<+input>.default").fault.empty());
}

TEST_CASE("a given value that is no UTF-8 text is refused") {
    CHECK(codes(load(variable("type: String, value: <+input>"), {{"v", "\xFF"}})) ==
          words{"E0204"});
    CHECK(codes(load(variable("type: String, value: <+input>"), {{"v", "[1"}})).empty());
    CHECK(codes(load(with_steps("- step: {identifier: a, type: X, spec: {n: <+input>}}"),
                     {{"stages.s.spec.execution.steps.a.spec.n", "[1"}})) == words{"E0101"});
}
