// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/barrier_story.hpp"

#include <catch2/matchers/catch_matchers_string.hpp>

#include <map>

using namespace weir;
using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// Pipelines by identifier.
struct library final : plan::resolver {
    explicit library(std::map<std::string, std::string> all) : pipelines{std::move(all)} {}
    plan::resolution resolve(const plan::reference& r) override {
        const auto found = pipelines.find(r.identifier);
        return found == pipelines.end() ? plan::resolution{}
                                        : plan::resolution{true, found->second, r.identifier, {}};
    }
    std::map<std::string, std::string> pipelines;
};

std::shared_ptr<const plan::plan> with(const std::map<std::string, std::string>& children,
                                       const std::string& document) {
    library from{children};
    plan::load_options options;
    options.resolver = &from;
    return load(document, options);
}

std::string runs_child(const std::string& id, const std::string& pipeline,
                       const std::string& of_spec = {}, const std::string& more = {}) {
    return entry("stage", id,
                 "type: Pipeline, spec: {pipeline: " + pipeline +
                     (of_spec.empty() ? "" : ", " + of_spec) + "}",
                 more);
}

const std::string gate = "flowControl: {barriers: [{identifier: q}]}";

// A pipeline that declares nothing, whatever barriers its stages name.
std::string plain(const std::string& id, const texts& stages, const std::string& more = {}) {
    return "{pipeline: {identifier: " + id + ", " + (more.empty() ? "" : more + ", ") +
           "stages: " + listed(stages) + "}}";
}

std::string script_of(world& w, const std::string& path) {
    const auto& told = w.told().one(event_type::step_started, path);
    return json::parse(told.input)["spec"]["source"]["spec"]["script"].get<std::string>();
}

const std::string two_variables = "variables: [{name: v, type: String, value: <+input>}]";

}  // namespace

TEST_CASE("a child runs below its stage, which ends as the child does") {
    world w;
    w.start(with({{"c", plain("c", {stage("one", {step("x")}), stage("two", {step("y")})})}},
                 plain("p", {runs_child("k", "c"), stage("after", {step("z")})})));
    CHECK(w.told().has(step_started, "k/one/x"));
    w.finish("k/one/x");
    w.finish("k/two/y");
    CHECK(w.how("k") == outcome::succeeded);
    w.finish("after/z");
    CHECK(w.told().ending() == outcome::succeeded);
    CHECK(w.told().count(run_started) == 1);
    CHECK(w.told().one(node_started, "k").kind == "stage");
}

TEST_CASE("a child's failure is the stage's, unless its strategies forgive it") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x")}), stage("two", {step("y")})})}};
    const auto ended = [&](const std::string& more) {
        world w;
        w.start(with(children,
                     plain("p", {runs_child("k", "c", {}, more), stage("after", {step("z")})})));
        w.fail("k/one/x");
        CHECK(w.how("k/two") == outcome::skipped);
        const auto how = w.how("k");
        CHECK((w.how("after") == outcome::skipped) == (how == outcome::failed));
        w.play();
        return how;
    };
    CHECK(ended({}) == outcome::failed);
    CHECK(ended(on_failure("Ignore")) == outcome::ignored_failure);
    CHECK(ended(on_failure("MarkAsSuccess")) == outcome::succeeded);
    CHECK(ended(on("Timeout", "Ignore")) == outcome::failed);
}

TEST_CASE("in a child, conditions on the status ask for the child's own") {
    world w;
    w.start(with(
        {{"c", plain("c", {stage("one", {step("x")}),
                           stage("bad", {step("y")}, when_stage("Failure"))})}},
        plain("p", {stage("first", {step("a")}), runs_child("k", "c", {}, when_stage("All"))})));
    w.fail("first/a");
    CHECK(w.told().has(step_started, "k/one/x"));  // the parent's failure is not the child's
    w.finish("k/one/x");
    CHECK(w.how("k/bad") == outcome::skipped);
    CHECK(w.how("k") == outcome::succeeded);
    CHECK(w.told().ending() == outcome::failed);
}

TEST_CASE("children meet at their parent's barrier, also in loops") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("m", {meet("b", "q")})})}};
    world w;
    w.start(
        with(children, plain("p",
                             {parallel({runs_child("k", "c"), runs_child("l", "c"),
                                        runs_child("n", "c", {}, "strategy: {parallelism: 2}")})},
                             gate)));
    const auto& said = w.told().decision("q");
    CHECK(said.type == barrier_released);
    CHECK(said.parties == 4);
    CHECK(said.scope == "p");
    CHECK(w.told().has(barrier_expected, "n_1/m"));
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("a barrier that a child declares is one for each of its runs") {
    const std::map<std::string, std::string> children{
        {"c",
         plain("c",
               {parallel({stage("m", {step("x"), meet("b", "q")}), stage("o", {meet("b", "q")})})},
               gate)}};
    world w;
    w.start(with(children, plain("p", {runs_child("k", "c", {}, "strategy: {parallelism: 2}")})));
    CHECK(w.told().one(barrier_expected, "k_0/m").scope == "p/k_0");
    CHECK(w.told().one(barrier_expected, "k_1/m").scope == "p/k_1");
    w.finish("k_1/m/x");
    CHECK(w.how("k_1") == outcome::succeeded);
    CHECK(w.how("k_0") == outcome::none);  // it does not meet the other
    w.finish("k_0/m/x");
    CHECK(w.told().ending() == outcome::succeeded);
    CHECK(w.told().count(barrier_released) == 2);
}

TEST_CASE("loops of a size that comes late make their children's barriers late") {
    const std::map<std::string, std::string> children{
        {"c", plain("c",
                    {parallel({stage("m", {meet("b", "own"), meet("d", "parent.q")}),
                               stage("o", {meet("b", "own")})})},
                    "flowControl: {barriers: [{identifier: own}]}")}};
    world w;
    w.start(
        with(children,
             plain("p",
                   {stage("first", {step("x")}),
                    parallel({runs_child("k", "c", {},
                                         "strategy: {repeat: {items: "
                                         "<+pipeline.stages.first.spec.execution.steps.x.output."
                                         "outputVariables.all>}}"),
                              stage("z", {meet("m", "q")})})},
                   gate)));
    CHECK(w.told().has(barrier_reserved, "k", "q"));
    CHECK_FALSE(w.told().has(barrier_reserved, "k", "own"));
    w.finish("first/x", outcome::succeeded, R"({"all":["a","b"]})");
    INFO(w.told().text());
    CHECK(w.told().decision("q").parties == 3);
    CHECK(w.told().one(barrier_expected, "k_1/o").scope == "p/k_1");
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE(
    "a failure in a child breaks what it owed, unless the stage forgives and something is left") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x"), meet("b", "q")})})}};
    const auto end = [&](const std::string& more) {
        world w;
        w.start(with(
            children,
            plain("p", {parallel({runs_child("k", "c", {}, more), stage("w", {meet("m", "q")})})},
                  gate)));
        w.fail("k/one/x");
        return w.told();
    };
    check_broken(end({}), 0, "failed", "k/one");
    check_broken(end(on_failure("Ignore")), 0, "failed", "k/one");
}

TEST_CASE("what follows a child whose failure is forgiven is still expected") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {parallel({stage("one", {step("x")}), stage("two", {step("y")})})})}};
    world w;
    w.start(with(children,
                 plain("p",
                       {runs_child("k", "c", {}, on_failure("Ignore")),
                        parallel({stage("v", {meet("m", "q")}), stage("w", {meet("m", "q")})})},
                       gate)));
    w.fail("k/one/x");
    w.fail("k/two/y");  // a second one stays in the child, too
    INFO(w.told().text());
    CHECK(w.told().decision("q").type == barrier_released);
    CHECK(w.told().ending() == outcome::ignored_failure);
}

TEST_CASE("inputs are the parent's expressions, evaluated when the stage begins") {
    const std::map<std::string, std::string> children{
        {"c",
         plain("c",
               {stage("one", {step("x", {}, "<+pipeline.variables.v> of <+pipeline.identifier>")})},
               two_variables)}};
    const std::string input =
        "inputs: {variables: [{name: v, type: String, value: "
        "'<+pipeline.stages.first.spec.execution.steps.a.output.outputVariables.o>-<+matrix.m>'}]}";
    world w;
    w.start(with(children,
                 plain("p", {stage("first", {step("a")}),
                             runs_child("k", "c", input, "strategy: {matrix: {m: [u, w]}}")})));
    w.finish("first/a", outcome::succeeded, R"({"o":"out"})");
    CHECK(script_of(w, "k_0/one/x") == "out-u of c");
    CHECK(script_of(w, "k_1/one/x") == "out-w of c");
    w.play();
}

TEST_CASE("an input that cannot be evaluated fails the stage, and says why") {
    const std::map<std::string, std::string> children{
        {"c",
         plain("c", {stage("one", {step("x", {}, "<+pipeline.variables.v>")})}, two_variables)}};
    world w;
    w.start(with(children, plain("p", {runs_child("k", "c",
                                                  "inputs: {variables: [{name: v, type: String, "
                                                  "value: '<+pipeline.variables.gone>'}]}")})));
    CHECK(w.how("k") == outcome::failed);
    CHECK_THAT(w.told().message("k"), ContainsSubstring("the input 'v' of the child pipeline"));
    CHECK_THAT(w.told().message("k"), ContainsSubstring("gone"));
    CHECK_FALSE(w.told().has(node_started, "k/one"));
}

TEST_CASE("outputs are evaluated with the child's names, and are the stage's") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x")})})}};
    const std::string outputs =
        "outputs: [{name: o, value: '<+pipeline.stages.one.spec.execution.steps.x.output."
        "outputVariables.r> in <+pipeline.identifier>'}, {name: n, value: "
        "'<+pipeline.variables.no>'}]";
    world w;
    w.start(
        with(children, plain("p", {runs_child("k", "c", outputs),
                                   stage("z", {step("y", {}, "<+pipeline.stages.k.output.o>"),
                                               step("n", {}, "<+pipeline.stages.k.output.n>")})})));
    w.finish("k/one/x", outcome::succeeded, R"({"r":"red"})");
    CHECK(script_of(w, "z/y") == "red in c");
    CHECK_THAT(w.told().one(event_type::log, "k").message,
               ContainsSubstring("the output 'n' of the child pipeline at k cannot be evaluated"));
    w.finish("z/y");
    CHECK(w.how("z/n") == outcome::failed);
}

TEST_CASE("a child in a child sees its own parent") {
    const std::map<std::string, std::string> children{
        {"c", plain("c",
                    {runs_child("in", "d",
                                "inputs: {variables: [{name: v, type: String, value: "
                                "'<+pipeline.variables.v>!'}]}, outputs: [{name: o, value: "
                                "'<+pipeline.variables.v>?'}]")},
                    two_variables)},
        {"d", plain("d", {stage("s", {step("x", {}, "<+pipeline.variables.v>"), meet("b", "q")})},
                    two_variables)}};
    world w;
    w.start(with(children,
                 plain("p",
                       {parallel({runs_child("k", "c",
                                             "inputs: {variables: [{name: v, type: String, value: "
                                             "'<+stage.identifier>'}]}, outputs: [{name: o, value: "
                                             "'<+pipeline.stages.in.output.o>'}]"),
                                  stage("w", {meet("m", "q")})}),
                        stage("z", {step("y", {}, "<+pipeline.stages.k.output.o>")})},
                       gate)));
    CHECK(script_of(w, "k/in/s/x") == "k!");
    w.finish("k/in/s/x");
    CHECK(w.told().decision("q").parties == 2);
    CHECK(script_of(w, "z/y") == "k!?");
    w.play();
}

TEST_CASE("a child's rollback of the pipeline is the child's own") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x")}, {}, {step("back")}),
                          stage("two", {step("y", on_failure("PipelineRollback"))})})}};
    world w;
    w.start(with(children, plain("p", {stage("first", {step("a")}, {}, {step("undo")}),
                                       runs_child("k", "c")})));
    w.finish("first/a");
    w.finish("k/one/x");
    w.fail("k/two/y");
    INFO(w.told().text());
    CHECK(w.told().has(step_started, "k/rollback/one/rollback/back"));
    w.finish("k/rollback/one/rollback/back");
    CHECK(w.how("k") == outcome::failed);
    CHECK(w.told().ending() == outcome::failed);
    CHECK_FALSE(w.told().has(node_started, "rollback"));  // the parent's stages stay
}

TEST_CASE("what a child's barrier gathers and runs on its release is the child's") {
    const std::map<std::string, std::string> children{
        {"c", plain("c",
                    {parallel({stage("m", {step("x"),
                                           entry("step", "b",
                                                 "type: Barrier, spec: {barrierRef: q, "
                                                 "value: <+pipeline.variables.v>}",
                                                 {}),
                                           step("z", {}, "got <+barriers.q.values>")}),
                               stage("o", {entry("step", "b",
                                                 "type: Barrier, spec: {barrierRef: q, value: o}",
                                                 {})})})},
                    "flowControl: {barriers: [{identifier: q, exchange: true, onRelease: [" +
                        step("r", {}, "<+pipeline.identifier>") + "]}]}, " + two_variables)}};
    world w;
    w.start(with(children, plain("p", {runs_child("k", "c",
                                                  "inputs: {variables: [{name: v, type: String, "
                                                  "value: 'of <+matrix.y>'}]}",
                                                  "strategy: {matrix: {y: [s, t]}}")})));
    w.finish("k_0/m/x");
    INFO(w.told().text());
    CHECK(script_of(w, "k_0/q/r") == "c");
    w.finish("k_0/q/r");
    CHECK_THAT(script_of(w, "k_0/m/z"), ContainsSubstring("of s"));
    CHECK(w.how("k_1/m") == outcome::none);
    w.play();
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("a child does not see the loops around its stage") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x", {}, "<+matrix.y>")})})}};
    world w;
    w.start(with(children, plain("p", {runs_child("k", "c", {}, "strategy: {matrix: {y: [s]}}")})));
    CHECK(w.how("k_0/one/x") == outcome::failed);
}

TEST_CASE("what the host gave at load has its value in the run, and what it did not is named") {
    const std::map<std::string, std::string> given{{"secrets.getValue(\"k\")", "${k}"},
                                                   {"infra", R"({"name":"i"})"}};
    world w;
    w.start(
        with(given, plain("p", {stage("a", {step("x", {}, "<+secrets.getValue('k')> <+infra.name>"),
                                            step("y", {}, "<+artifact.image>")})})));
    CHECK(script_of(w, "a/x") == "${k} i");
    w.finish("a/x");
    CHECK(w.how("a/y") == outcome::failed);
    CHECK_THAT(w.told().message("a/y"), ContainsSubstring("`artifact.image` is not known here"));
}

TEST_CASE("cancel goes down, and so does the stage's timeout") {
    const std::map<std::string, std::string> children{
        {"c", plain("c", {stage("one", {step("x")}), stage("two", {step("y")})})}};
    SECTION("cancelled") {
        world w;
        w.start(with(children, plain("p", {runs_child("k", "c")})));
        w.cancel();
        CHECK(w.told().has(step_cancel, "k/one/x"));
        w.finish("k/one/x", outcome::cancelled);
        CHECK(w.how("k") == outcome::cancelled);
        CHECK(w.told().ending() == outcome::cancelled);
    }
    SECTION("timed out") {
        world w;
        w.start(with(children, plain("p", {runs_child("k", "c", {}, "timeout: 5s")})));
        w.advance(5000);
        w.finish("k/one/x", outcome::cancelled);
        CHECK(w.how("k") == outcome::timed_out);
        CHECK_FALSE(w.told().has(step_started, "k/two/y"));
    }
    SECTION("aborted inside: the child ends, and its stage") {
        const std::map<std::string, std::string> aborts{
            {"c", plain("c", {stage("one", {step("x", on_failure("Abort"))}),
                              stage("two", {step("y")})})}};
        world w;
        w.start(
            with(aborts, plain("p", {parallel({runs_child("k", "c"), stage("w", {step("z")})})})));
        w.fail("k/one/x");
        CHECK(w.how("k") == outcome::cancelled);
        CHECK_FALSE(w.told().has(step_cancel, "w/z"));
        w.finish("w/z");
        CHECK(w.told().ending() == outcome::cancelled);
    }
}

TEST_CASE("a hand decides a barrier of a child by its path") {
    const std::map<std::string, std::string> children{
        {"c",
         plain("c",
               {parallel({stage("m", {step("x"), meet("b", "q")}), stage("o", {meet("b", "q")})})},
               gate)}};
    world w;
    auto& run = w.start(
        with(children, plain("p", {runs_child("k", "c", {}, "strategy: {parallelism: 2}")})));
    const auto release = [&](const std::string& target) {
        auto what = std::make_unique<order>();
        what->what = action::release_barrier;
        what->target = target;
        run.give(std::move(what));
        w.poll();
        const auto last =
            std::ranges::find_if(w.told().all.rbegin(), w.told().all.rend(),
                                 [](const record& r) { return r.type == event_type::control; });
        return last->how;
    };
    CHECK(release("q") == outcome::failed);  // which?
    CHECK(release("k_9/q") == outcome::failed);
    CHECK(release("k_1/q") == outcome::succeeded);
    CHECK(w.how("k_1/o") == outcome::succeeded);
    CHECK(release("q") == outcome::failed);
    CHECK(release("p/k_0/q") == outcome::succeeded);
    w.play();
}

TEST_CASE("a child in a sequential loop has a cyclic barrier of its own in each turn") {
    const auto rounds = "strategy: {repeat: {times: 2, maxConcurrency: 1}}";
    const std::map<std::string, std::string> children{
        {"c", plain("c",
                    {parallel({stage("m", {group("g", {step("x"), meet("b", "q")}, rounds)}),
                               stage("o", {group("g", {meet("b", "q")}, rounds)})})},
                    "flowControl: {barriers: [{identifier: q, cyclic: true}]}")}};
    world w{fibers::clock_kind::virtual_};
    std::string error;
    w.start(with(children, plain("p", {runs_child("k", "c", {}, rounds)})),
            {.id = "r", .simulated = simulation::parse("", error)});
    REQUIRE(w.host.over());
    INFO(w.told().text());
    CHECK(w.told().ending() == outcome::succeeded);
    texts released;
    for (const auto& r : w.told().all) {
        if (r.type == barrier_released)
            released.push_back(r.scope + " " + std::to_string(r.generation) + " at " +
                               std::to_string(r.ms()) + " of " + std::to_string(r.parties));
    }
    CHECK(released == texts{"p/k_0 1 at 1000 of 2", "p/k_0 2 at 2000 of 2", "p/k_1 1 at 3000 of 2",
                            "p/k_1 2 at 4000 of 2"});
    CHECK(w.told().has(barrier_expected, "k_0/m"));
    CHECK(w.told().has(barrier_expected, "k_1/m"));
}
