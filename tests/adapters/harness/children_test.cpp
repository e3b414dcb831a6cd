// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using Catch::Matchers::ContainsSubstring;
using words = std::vector<std::string>;

std::string runs(const std::string& pipeline, const std::string& more = {},
                 const std::string& id = "c", const std::string& beside = {}) {
    return "- stage: {identifier: " + id + ", name: " + id + ", type: Pipeline" + beside +
           ", spec: {org: o, project: q, pipeline: " + pipeline + more + "}}";
}

const std::string child = R"(pipeline:
  identifier: child
  name: Child
  variables:
    - {name: from_parent, type: String, value: <+input>}
  stages:
    - stage:
        identifier: work
        type: Custom
        spec:
          execution:
            steps:
              - step: {identifier: x, type: X, timeout: <+input>.default(1m), spec: {v: <+pipeline.variables.from_parent>, w: <+input>.default(d)}}
)";

std::string meets(const std::string& barrier, const std::string& declared = {},
                  const std::string& id = "child") {
    return "pipeline:\n  identifier: " + id + "\n" +
           (declared.empty() ? ""
                             : "  flowControl: {barriers: [{identifier: " + declared + "}]}\n") +
           "  stages:\n    - stage: {identifier: m, type: Custom, spec: {execution: {steps: "
           "[{step: "
           "{identifier: b, type: Barrier, spec: {barrierRef: " +
           barrier + "}}}]}}}\n";
}

const std::string gate = "flowControl: {barriers: [{identifier: gate}]}\n";

}  // namespace

TEST_CASE("a child stands below its stage, with names and positions of its own") {
    shelf from{{{"pipeline child", child}}};
    const auto l =
        load_from(with_stages(runs("child",
                                   ", inputs: {identifier: child, variables: [{name: from_parent, "
                                   "type: String, value: fixed}]}")),
                  from);
    CHECK(places(l).empty());
    REQUIRE(l.plan);
    const plan::node* stage = at(l, "c");
    REQUIRE(stage);
    CHECK(stage->type == "Pipeline");
    const plan::node& pipeline = (*l.plan)[stage->first_child];
    CHECK(pipeline.kind == plan::node_kind::pipeline);
    CHECK(pipeline.id == "child");
    CHECK(pipeline.next == plan::no_node);
    REQUIRE(pipeline.extras);
    CHECK(pipeline.extras->variables == R"({"from_parent":"fixed"})");
    CHECK(pipeline.extras->inputs.empty());
    const plan::node* step = at(l, "c/work/x");
    REQUIRE(step);
    CHECK(step->timeout_ms == 60'000);
    CHECK(step->spec == R"({"v":"<+pipeline.variables.from_parent>","w":"d"})");
    CHECK(step->where.file == 1);
    CHECK(l.plan->files == words{"<input>", "pipeline child.yaml"});
}

TEST_CASE("expressions in a child's inputs stay the parent's; what is constant is put in") {
    shelf from{{{"pipeline child", child}}};
    const auto l = load_from(
        with_stages(runs("child",
                         ", inputs: {variables: [{name: from_parent, type: String, value: "
                         "\"<+pipeline.variables.v>\"}], stages: [{stage: {identifier: work, spec: "
                         "{execution: {steps: [{step: {identifier: x, spec: {w: \"a "
                         "<+matrix.y>\"}}}]}}}}]}"),
                    "variables: [{name: v, type: String, value: known}]\n"),
        from);
    CHECK(places(l).empty());
    REQUIRE(l.plan);
    const plan::node& pipeline = (*l.plan)[at(l, "c")->first_child];
    CHECK(pipeline.extras->variables == R"({"from_parent":"known"})");
    CHECK(pipeline.extras->inputs ==
          R"({"pipeline.stages.work.spec.execution.steps.x.spec.w":"a <+matrix.y>"})");
    CHECK(at(l, "c/work/x")->spec ==
          R"({"v":"<+pipeline.variables.from_parent>",)"
          R"("w":"<+inputs.get(\"pipeline.stages.work.spec.execution.steps.x.spec.w\")>"})");
}

TEST_CASE("input sets come before the stage's own inputs") {
    const std::string set =
        "inputSet: {identifier: qa, pipeline: {variables: [{name: from_parent, "
        "type: String, value: of set}]}}";
    shelf from{{{"pipeline child", child}, {"input_set qa", set}}};
    const auto value = [&](const std::string& more) {
        const auto l = load_from(with_stages(runs("child", more)), from);
        CHECK(places(l).empty());
        return l.plan ? (*l.plan)[at(l, "c")->first_child].extras->variables : "";
    };
    CHECK(value(", inputSetReferences: [qa]") == R"({"from_parent":"of set"})");
    CHECK(
        value(
            ", inputSetReferences: [qa], inputs: {variables: [{name: from_parent, value: own}]}") ==
        R"({"from_parent":"own"})");
    const auto gone =
        load_from(with_stages(runs("child",
                                   ", inputSetReferences: [none], inputs: {variables: "
                                   "[{name: from_parent, value: own}]}")),
                  from);
    CHECK(codes(gone) == words{"E0223"});
}

TEST_CASE("inputs that neither child nor parent have are missed together") {
    shelf from{{{"pipeline child", child}}};
    const auto l =
        load_from(with_stages(runs("child"), "variables: [{name: v, value: <+input>}]\n"), from);
    REQUIRE(codes(l) == words{"E0208"});
    CHECK(l.findings.all()[0].message == "2 runtime inputs were not given: `v`, `from_parent`");
    // Asked for by the parent, it is the parent's.
    const std::string passes = ", inputs: {variables: [{name: from_parent, value: <+input>}]}";
    const auto passed = load_from(with_stages(runs("child", passes)), from);
    REQUIRE(codes(passed) == words{"E0208"});
    CHECK(passed.findings.all()[0].message ==
          "a runtime input was not given: `pipeline.stages.c.spec.inputs.variables.from_parent`");
    CHECK(load_from(with_stages(runs("child", passes)), from, {},
                    {{"stages.c.spec.inputs.variables.from_parent", "x"}})
              .plan);
    CHECK(load_from(with_stages(runs("child", passes)), from, {}, {}, true).plan);
}

TEST_CASE("a child that is not there, or is not named, is told at its reference") {
    shelf from{{{"pipeline odd", "template: {}"},
                {"pipeline bad", "a: ["},
                {"pipeline wrong", "pipeline: {identifier: wrong, stages: [{stage: {}}]}"}}};
    const auto found = [&](const std::string& stage) {
        return places(load_from(with_stages(stage), from));
    };
    CHECK(found(runs("none")) == words{"E0220@4:92"});
    CHECK(found(runs("<+x>")) == words{"E0220@4:92"});
    CHECK(found(runs("[x]")) == words{"E0203@4:92"});
    CHECK(found(runs("odd")) == words{"E0601@pipeline odd.yaml:1:1"});
    CHECK(found(runs("bad")) == words{"E0101@pipeline bad.yaml:1:5"});
    CHECK(found(runs("none, inputz: {}")) == words{"E0202@4:98", "E0220@4:92"});
    CHECK(found(runs("wrong", ", inputs: 5")) ==
          words{"E0201@pipeline wrong.yaml:1:48", "E0201@pipeline wrong.yaml:1:48",
                "E0201@pipeline wrong.yaml:1:48", "E0203@4:107"});
    CHECK(found("- stage: {identifier: c, name: c, type: Pipeline}") == words{"E0201@4:14"});
    CHECK(found("- stage: {identifier: c, name: c, type: Pipeline, spec: {}}") ==
          words{"E0201@4:61"});
    CHECK(found("- stage: {identifier: c, name: c, type: Pipeline, spec: x}") ==
          words{"E0203@4:61"});
    CHECK(places(load(with_stages(runs("none")))) == words{"E0220@4:92"});
}

TEST_CASE("what only the host knows is asked for once, as it is written, and kept in the plan") {
    shelf from{{{"value secrets.getValue(\"a.b\")", "${a.b}"}, {"value infra.namespace", "ns"}}};
    const auto l = load_from(
        with_steps(
            "- step: {identifier: a, type: X, spec: {s: 'x <+secrets.getValue(\"a.b\")> "
            "<+infra.namespace>', t: '<+infra.namespace>', u: '<+gone.x.y> <+pipeline.name>'}}"),
        from);
    CHECK(places(l).empty());
    REQUIRE(l.plan);
    CHECK(l.plan->host_values ==
          R"j({"infra.namespace":"ns","secrets.getValue(\"a.b\")":"${a.b}"})j");
    CHECK(from.asked == words{"value gone.x.y", "value gone.x", "value gone",
                              "value infra.namespace", "value secrets.getValue(\"a.b\")"});
    shelf none{{}};
    CHECK(
        load_from(with_steps("- step: {identifier: a, type: X}"), none).plan->host_values.empty());
}

TEST_CASE("outputs are names with expressions of the child") {
    shelf from{{{"pipeline child", meets("gate")}}};
    const auto with = [&](const std::string& outputs) {
        return load_from(with_stages(runs("child", ", outputs: " + outputs), gate), from);
    };
    const auto l = with("[{name: o, value: <+pipeline.stages.m.status>}]");
    REQUIRE(l.plan);
    CHECK((*l.plan)[at(l, "c")->first_child].extras->outputs ==
          R"({"o":"<+pipeline.stages.m.status>"})");
    CHECK(codes(with("x")).front() == "E0203");
    CHECK(codes(with("[{name: o}]")).front() == "E0201");
    CHECK(codes(with("[{name: o, value: [x]}]")).front() == "E0203");
    CHECK(codes(with("[{name: o, value: x}, {name: o, value: y}]")).front() == "E0205");
    CHECK(codes(with("[{name: o, value: \"<+a..b>\"}]")).front() == "E0402");
}

TEST_CASE("pipelines that come back to themselves, or go on and on, are refused with their chain") {
    const auto calling = [](const std::string& id, const std::string& next) {
        return "pipeline:\n  identifier: " + id + "\n  stages:\n    " + runs(next, {}, "s") + "\n";
    };
    shelf round{{{"pipeline a", calling("a", "b")}, {"pipeline b", calling("b", "a")}}};
    const auto back = load_from(with_stages(runs("a")), round);
    REQUIRE(codes(back) == words{"E0221"});
    CHECK_THAT(back.findings.all()[0].message, ContainsSubstring("`p` runs `a` runs `b` runs `a`"));
    CHECK(back.findings.all()[0].notes.size() >= 2);

    std::map<std::string, std::string> many;
    for (int i = 1; i < 40; ++i) {
        many["pipeline t" + std::to_string(i)] =
            calling("t" + std::to_string(i), "t" + std::to_string(i + 1));
    }
    shelf deep{many};
    CHECK(codes(load_from(with_stages(runs("t1")), deep)) == words{"E0222"});
    CHECK(deep.asked.size() == 16);
}

TEST_CASE("a child meets its parent's barrier, and its own where it declares the name itself") {
    shelf from{{{"pipeline child", meets("gate")},
                {"pipeline own", meets("gate", "gate")},
                {"pipeline above", meets("parent.gate", "gate")}}};
    const auto two = [&](const std::string& a, const std::string& b) {
        return load_from(
            with_stages("- parallel:\n    " + runs(a, {}, "c") + "\n    " + runs(b, {}, "d"), gate),
            from);
    };
    const auto barrier_of = [](const plan::loaded& l, std::string_view path) {
        const plan::node* n = at(l, path);
        REQUIRE(n);
        return l.plan->barriers.at(n->barrier);
    };
    const auto shared = two("child", "child");
    CHECK(places(shared).empty());
    CHECK(barrier_of(shared, "c/m/b").scope == 0);
    CHECK(at(shared, "c/m/b")->barrier == at(shared, "d/m/b")->barrier);

    const auto own = two("own", "own");
    CHECK(codes(own) == words{"W0301", "W0302", "W0310"});
    CHECK(barrier_of(own, "c/m/b").scope != 0);
    CHECK(at(own, "c/m/b")->barrier != at(own, "d/m/b")->barrier);

    const auto above = two("above", "above");
    CHECK(barrier_of(above, "c/m/b").scope == 0);
    CHECK(barrier_of(above, "d/m/b").scope == 0);
}

TEST_CASE("a barrier that neither a child nor its parents declare is an error") {
    shelf from{{{"pipeline child", meets("gaet")}, {"pipeline up", meets("parent.own", "own")}}};
    const auto l = load_from(with_stages(runs("child"), gate), from);
    REQUIRE(places(l).front() == "E0301@pipeline child.yaml:4:128");
    CHECK(l.findings.all()[0].help == "did you mean `gate`?");
    CHECK(codes(load_from(with_stages(runs("up"), gate), from)).front() == "E0301");
}

TEST_CASE("a child that is looked at alone may use what its parents declare") {
    const std::string parent = with_stages(runs("child"), gate);
    shelf from{{{"parent child", parent}}};
    CHECK(codes(load_from(meets("gate"), from, {}, {}, true)).empty());
    CHECK(codes(load_from(meets("parent.gate", "own"), from, {}, {}, true)).empty());
    CHECK(codes(load_from(meets("gaet"), from, {}, {}, true)) == words{"E0301"});
    CHECK(codes(load_from(meets("gate"), from)) == words{"E0301"});  // it cannot be run alone

    shelf none{{}};
    CHECK(codes(load_from(meets("gate"), none, {}, {}, true)) == words{"W0311"});
    CHECK(codes(load_from(meets("parent.x", "own"), none, {}, {}, true)) == words{"W0311"});
    CHECK(codes(load_from(meets("gaet", "gate"), none, {}, {}, true)) == words{"E0301"});
}

TEST_CASE("the same lane twice, and flows, are judged in the pipeline that declares the barrier") {
    const std::string twice =
        "pipeline:\n  identifier: child\n  stages:\n"
        "    - stage: {identifier: m, type: Custom, spec: {execution: {steps: [{step: {identifier: "
        "b, "
        "type: Barrier, spec: {barrierRef: gate}}}, {step: {identifier: d, type: Barrier, spec: "
        "{barrierRef: gate}}}]}}}\n";
    shelf from{{{"pipeline child", twice}}};
    CHECK(codes(load_from(with_stages(runs("child"), gate), from)) == words{"E0302"});
}
