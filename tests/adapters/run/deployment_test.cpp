// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/run/world.hpp"

using namespace weir::runs;
using namespace weir::runs::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string deployment(const std::string& spec, const texts& steps) {
    return "{stage: {identifier: d, name: d, type: Deployment, spec: {" + spec +
           ", execution: {steps: " + listed(steps) + "}}}}";
}

const std::string services = "services: {values: [{serviceRef: a}, {serviceRef: b}]";

std::string script_of(world& w, const std::string& path) {
    const auto& told = w.told().one(event_type::step_started, path);
    return weir::json::parse(told.input)["spec"]["source"]["spec"]["script"].get<std::string>();
}

const std::string names = "<+service.identifier> <+env.identifier> <+infra.infraIdentifier>";

}  // namespace

TEST_CASE("each turn of a stage with several services and infrastructures knows its own") {
    world w;
    w.start(pipeline({deployment(
        services + "}, environments: {values: [{environmentRef: e, infrastructureDefinitions: "
                   "[{identifier: i}, {identifier: j}]}, {environmentRef: f, "
                   "infrastructureDefinitions: [{identifier: i}]}]}",
        {step("x", {}, names)})}));
    CHECK(w.told().one(event_type::node_started, "d").kind == "loop");
    CHECK(script_of(w, "d_0_0/x") == "a e i");
    CHECK(script_of(w, "d_0_1/x") == "b e i");
    CHECK(script_of(w, "d_1_0/x") == "a e j");
    CHECK(script_of(w, "d_2_1/x") == "b f i");
    w.play();
    CHECK(w.told().ending() == outcome::succeeded);
}

TEST_CASE("where only some of it is several, the rest is what the stage names") {
    world w;
    w.start(pipeline({deployment(services + "}, environment: {environmentRef: e, "
                                            "infrastructureDefinitions: [{identifier: i}]}",
                                 {step("x", {}, names)})}));
    CHECK(script_of(w, "d_1/x") == "b e i");
    world single;
    single.start(
        pipeline({deployment("service: {serviceRef: a}, environment: {environmentRef: e, "
                             "infrastructureDefinitions: [{identifier: i}]}",
                             {step("x", {}, names)})}));
    CHECK(script_of(single, "d/x") == "a e i");
    world lists;
    lists.start(
        pipeline({deployment("service: {serviceRef: s}, environments: {values: [{environmentRef: "
                             "e}, {environmentRef: f}]}",
                             {step("x", {}, "<+service.identifier> <+env.identifier>")})}));
    CHECK(script_of(lists, "d_1/x") == "s f");
}

TEST_CASE("a target that nobody names is missing") {
    const auto told = simulate(
        pipeline({deployment("service: {serviceRef: a}", {step("x", {}, "<+env.identifier>")})}));
    CHECK(told.how("d/x") == outcome::failed);
    CHECK_THAT(told.message("d/x"), ContainsSubstring("env.identifier"));
}

TEST_CASE("services one by one wait for their slot; parallel services go round in a window") {
    const auto serial =
        simulate(pipeline({deployment(services + ", metadata: {parallel: false}}", {step("x")})}));
    CHECK(serial.started("d_0") == 0);
    CHECK(serial.started("d_1") == 1000);
    const auto window = simulate(
        pipeline({deployment(services + ", metadata: {parallel: true}}, environments: {values: "
                                        "[{environmentRef: e}, {environmentRef: f}], metadata: "
                                        "{parallel: false}}",
                             {step("x")})}),
        R"({"steps": {"d_0_1/x": {"ms": 5000}}})");
    CHECK(window.started("d_0_1") == 0);
    CHECK(window.started("d_1_0") == 1000);  // a slot is free: the window slides
    CHECK(window.started("d_1_1") == 2000);
}

TEST_CASE("parallel services meet at a barrier, all of them parties") {
    const auto told = simulate(pipeline({deployment(services + "}", {step("x"), meet("m", "q")})}),
                               R"({"steps": {"d_1/x": {"ms": 4000}}})");
    CHECK(told.decision("q").type == event_type::barrier_released);
    CHECK(told.decision("q").ms() == 4000);
}

namespace {

struct definitions final : weir::plan::resolver {
    weir::plan::resolution resolve(const weir::plan::reference& r) override {
        const bool known = r.kind == weir::plan::reference_kind::infrastructures;
        return {known, "[{identifier: i}, {identifier: free, allowSimultaneousDeployments: true}]",
                "definitions.yaml", "none"};
    }
};

std::string to(const std::string& id, const std::string& infrastructure, const texts& steps) {
    return "{stage: {identifier: " + id + ", name: " + id +
           ", type: Deployment, spec: {service: {serviceRef: a}, environment: {environmentRef: e, "
           "infrastructureDefinitions: [" +
           infrastructure + "]}, execution: {steps: " + listed(steps) + "}}}}";
}

story deployed(const texts& stages) {
    definitions host;
    weir::plan::load_options how;
    how.resolver = &host;
    std::string error;
    world w{weir::fibers::clock_kind::virtual_};
    w.start(load(pipeline({parallel(stages)}), how),
            {.id = "r", .simulated = simulation::parse("", error)});
    REQUIRE(w.host.over());
    return w.told();
}

}  // namespace

TEST_CASE("stages that deploy to one infrastructure do so one after another") {
    const auto told = deployed({to("one", "{identifier: i}", {step("x")}),
                                to("two", "{identifier: i}", {step("x")}),
                                to("three", "{identifier: free}", {step("x")}),
                                to("four", "{identifier: free}", {step("x")})});
    CHECK(told.ending() == outcome::succeeded);
    CHECK(told.started("one/x") == 0);
    CHECK(told.started("two/x") == 1000);
    CHECK(told.started("three/x") == 0);
    CHECK(told.started("four/x") == 0);
    CHECK(told.one(event_type::lock_taken, "two/$infrastructure").kind == "a/e/i");
    CHECK_FALSE(told.has(event_type::node_started, "three/$infrastructure"));
}

TEST_CASE("of several infrastructures each turn takes its own, or none") {
    const auto told = deployed({to("one", "{identifier: i}, {identifier: free}", {step("x")}),
                                to("two", "{identifier: i}, {identifier: free}", {step("x")})});
    CHECK(told.started("one_0/x") == 0);
    CHECK(told.started("two_0/x") == 1000);
    CHECK(told.started("two_1/x") == 0);
    CHECK(told.how("two_1/$infrastructure") == outcome::skipped);
}
