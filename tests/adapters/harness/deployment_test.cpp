// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "adapters/plan/loops.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

// The spec of a stage `s`, which begins in line 4, column 62.
std::string deployed(std::string_view spec, std::string_view more = {}) {
    return with_stages("- stage: {identifier: s, type: Deployment, spec: {" + std::string{spec} +
                       ", execution: {steps: []}}" + std::string{more} + "}");
}

std::string services(std::string_view names, std::string_view parallel = {}) {
    std::string all = "services: {values: [";
    for (const char name : names) {
        all += std::string{"{serviceRef: "} + name + "},";
    }
    return all + "]" +
           (parallel.empty() ? "" : ", metadata: {parallel: " + std::string{parallel} + "}") + "}";
}

std::string environments(std::string_view values, std::string_view parallel = {}) {
    return "environments: {values: [" + std::string{values} + "]" +
           (parallel.empty() ? "" : ", metadata: {parallel: " + std::string{parallel} + "}") + "}";
}

constexpr std::string_view two =
    "{environmentRef: e, infrastructureDefinitions: [{identifier: "
    "i}]}, {environmentRef: f, infrastructureDefinitions: "
    "[{identifier: j}, {identifier: i}]}";

// The turns as "service in environment/infrastructure", and how many at once ("all": no limit).
struct turns {
    words order;
    std::string at_once;
};

turns turns_of(const std::string& document) {
    const auto l = load(document);
    INFO(document);
    for (const auto& d : l.findings.all()) {
        UNSCOPED_INFO(d.message);
    }
    REQUIRE(l.plan);
    const plan::node* const stage = at(l, "s");
    REQUIRE(stage);
    turns out;
    if (!stage->loop()) {
        return out;
    }
    CHECK(stage->loop()->deployment);
    const auto loop = plan::plan_loop(*stage);
    REQUIRE(loop.instances);
    const auto& all = *loop.instances;
    auto turn = all.first();
    do {
        std::string one;
        if (const auto service = all.value(turn, "service")) {
            one = service->get<std::string>();
        }
        if (const auto unit = all.value(turn, "environment")) {
            one += unit->is_object() ? " in " + unit->at("identifier").get<std::string>() + "/" +
                                           unit->at("infrastructure").get<std::string>()
                                     : " in " + unit->get<std::string>();
        }
        if (const auto unit = all.value(turn, "infrastructure")) {
            one += " on " + unit->get<std::string>();
        }
        out.order.push_back(one);
    } while (all.advance(turn));
    out.at_once = loop.cap() == 0 ? "all" : std::to_string(loop.cap());
    return out;
}

}  // namespace

TEST_CASE("services in one environment: in their order, all at once or one by one") {
    const auto parallel = turns_of(deployed(services("ab")));
    CHECK(parallel.order == words{"a", "b"});
    CHECK(parallel.at_once == "all");
    CHECK(turns_of(deployed(services("ab", "true"))).at_once == "all");
    CHECK(turns_of(deployed(services("ab", "false"))).at_once == "1");
    CHECK(
        turns_of(deployed(services("ab", "false") + ", environment: {environmentRef: e}")).order ==
        words{"a", "b"});
}

TEST_CASE("environments of one service: each infrastructure is one, in the listed order") {
    const auto parallel = turns_of(deployed("service: {serviceRef: a}, " + environments(two)));
    CHECK(parallel.order == words{" in e/i", " in f/j", " in f/i"});
    CHECK(parallel.at_once == "all");
    CHECK(turns_of(deployed(environments(two, "false"))).at_once == "1");
    CHECK(turns_of(deployed(environments("{environmentRef: e}, {environmentRef: f}"))).order ==
          words{" in e", " in f"});
    const auto infrastructures =
        turns_of(deployed("environment: {environmentRef: e, infrastructureDefinitions: "
                          "[{identifier: i}, {identifier: j}]}"));
    CHECK(infrastructures.order == words{" on i", " on j"});
    CHECK(infrastructures.at_once == "all");
}

TEST_CASE("several of both go as the table has it") {
    const std::string plain = "{environmentRef: e}, {environmentRef: f}";
    const auto by_environment = words{"a in e", "b in e", "a in f", "b in f"};
    const auto by_service = words{"a in e", "a in f", "b in e", "b in f"};
    const auto of = [&](const char* s, const char* e) {
        return turns_of(deployed(services("ab", s) + ", " + environments(plain, e)));
    };
    CHECK(of("true", "false").order == by_environment);
    CHECK(of("true", "false").at_once == "2");
    CHECK(of("true", "true").order == by_environment);
    CHECK(of("true", "true").at_once == "all");
    CHECK(of("false", "true").order == by_service);
    CHECK(of("false", "true").at_once == "2");
    CHECK(of("false", "false").order == by_environment);
    CHECK(of("false", "false").at_once == "1");
    CHECK(turns_of(deployed(services("ab", "false") + ", " + environments(two, "true"))).at_once ==
          "3");
}

TEST_CASE("one service in one environment is no loop") {
    CHECK(turns_of(deployed(services("a"))).order.empty());
    CHECK(turns_of(deployed(services("a") + ", " + environments("{environmentRef: e}")))
              .order.empty());
    CHECK(turns_of(deployed("service: {serviceRef: a}, environment: {environmentRef: e, "
                            "infrastructureDefinitions: [{identifier: i}]}"))
              .order.empty());
    CHECK(turns_of(deployed("service: {serviceRef: a}, infrastructure: {environmentRef: e}"))
              .order.empty());
}

TEST_CASE("multiDeploymentConfig says what a strategy would, and narrows the window only") {
    const auto l = load(deployed(services("abc") + ", multiDeploymentConfig: {maxConcurrency: 2, "
                                                   "onFailure: SkipQueued, when: <+x>}"));
    REQUIRE(l.plan);
    const auto* const loop = at(l, "s")->loop();
    REQUIRE(loop);
    CHECK(loop->max_concurrency.value == 2);
    CHECK(loop->on_failure == plan::loop_failure::skip_queued);
    CHECK(loop->when == "<+x>");
    const auto of = [](const char* parallel, const char* cap) {
        return turns_of(deployed(services("abc", parallel) +
                                 ", multiDeploymentConfig: {maxConcurrency: " + cap + "}"))
            .at_once;
    };
    CHECK(of("false", "2") == "1");
    CHECK(of("true", "9") == "9");
    CHECK(of("true", "0") == "all");
}

TEST_CASE("an environment group whose environments are named is as good as a list of them") {
    const auto all = turns_of(deployed(services("ab") +
                                       ", environmentGroup: {envGroupRef: g, metadata: {parallel: "
                                       "false}, deployToAll: false, environments: [" +
                                       std::string{two} + "]}"));
    CHECK(all.order.size() == 6);
    CHECK(all.order[1] == "b in e/i");
    CHECK(all.at_once == "2");
}

TEST_CASE("what only the host can name is refused with the reason") {
    const auto group = load(deployed("environmentGroup: {envGroupRef: g, deployToAll: true}"));
    REQUIRE(findings(group) == words{"E0240@4:103"});
    CHECK(group.findings.all()[0].message ==
          "which environments the group `g` has is not known here");
    CHECK(codes(load(deployed("environmentGroup: {envGroupRef: g}"))) == words{"E0240"});
    CHECK(codes(load(deployed("environmentGroup: {envGroupRef: g, environments: "
                              "[{environmentRef: e}], filters: [{}]}"))) == words{"E0240"});
    CHECK(codes(load(deployed("environment: {environmentRef: e, deployToAll: true}"))) ==
          words{"E0240"});
    CHECK(codes(load(deployed("environments: {values: [{environmentRef: e, filters: [{}]}]}"))) ==
          words{"E0240"});
    CHECK(codes(load(deployed("environments: {values: [{environmentRef: e}], filters: [{}]}"))) ==
          words{"E0240"});
    CHECK(codes(load(deployed("environment: {environmentRef: e, infrastructureDefinitions: "
                              "<+pipeline.variables.list>}"))) == words{"E0240"});
}

TEST_CASE("lists that are known only in the run make a loop of unknown size") {
    for (const char* const spec : {"services: {values: <+x>}", "environments: {values: <+x>}"}) {
        const auto l = load(deployed(spec));
        REQUIRE(l.plan);
        REQUIRE(at(l, "s")->loop());
        CHECK_FALSE(at(l, "s")->loop()->size_known());
    }
    const auto l =
        load(deployed("services: {values: <+x>}, " +
                      environments("{environmentRef: e}, {environmentRef: f}", "false")));
    REQUIRE(l.plan);
    CHECK(at(l, "s")->loop()->max_concurrency.expression == "<+x>.size()");
    CHECK(codes(load(deployed("services: {values: <+input>}"), {}, true)).empty());
    CHECK(codes(load(deployed("services: <+input>"), {}, true)).empty());
    CHECK(codes(load(deployed("environment: <+input>"), {}, true)).empty());
}

TEST_CASE("a malformed list of services or environments is refused, each mistake by its code") {
    CHECK(codes(load(deployed("services: []"))) == words{"E0203"});
    CHECK(codes(load(deployed("services: {}"))) == words{"E0201"});
    CHECK(codes(load(deployed("services: {values: {}}"))) == words{"E0203"});
    CHECK(codes(load(deployed("services: {values: []}"))) == words{"E0204"});
    CHECK(codes(load(deployed("services: {values: [a]}"))) == words{"E0203"});
    CHECK(codes(load(deployed("services: {values: [{}]}"))) == words{"E0201"});
    CHECK(codes(load(deployed("services: {values: [{serviceRef: [a]}]}"))) == words{"E0203"});
    CHECK(codes(load(deployed("services: {value: [{serviceRef: a}]}"))) == words{"E0201", "E0202"});
    CHECK(codes(load(deployed(services("ab", "maybe")))) == words{"E0204"});
    CHECK(
        codes(load(deployed("services: {values: [{serviceRef: a}], metadata: {serial: true}}"))) ==
        words{"E0202"});
    CHECK(codes(load(deployed("environments: {values: [{}]}"))) == words{"E0201"});
    CHECK(codes(load(deployed("environments: {values: [{environmentRef: e, "
                              "infrastructureDefinitions: [{}]}]}"))) == words{"E0201"});
    CHECK(codes(load(deployed("environments: {values: [{environmentRef: e, "
                              "infrastructureDefinitions: {}}]}"))) == words{"E0203"});
    CHECK(codes(load(deployed("environments: {values: [{environmentRef: e, "
                              "infrastructureDefinitions: []}]}"))) == words{"E0204"});
    CHECK(codes(load(deployed("environmentGroup: {}"))) == words{"E0201"});
    CHECK(codes(load(deployed("service: {serviceRef: a}, " + services("ab")))) == words{"E0204"});
    CHECK(codes(load(deployed("environment: {environmentRef: e}, environmentGroup: {envGroupRef: "
                              "g}"))) == words{"E0204"});
    CHECK(codes(load(deployed(services("ab") + ", multiDeploymentConfig: []"))) == words{"E0203"});
    CHECK(codes(load(deployed(services("ab") + ", multiDeploymentConfig: {maxConcurrency: -1}"))) ==
          words{"E0204"});
    CHECK(codes(load(deployed(services("ab") + ", multiDeploymentConfig: {onFailure: Panic}"))) ==
          words{"E0204"});
    CHECK(codes(load(deployed(services("ab") + ", multiDeploymentConfig: {cap: 1}"))) ==
          words{"E0202"});
}

TEST_CASE("several services beside a strategy are refused, with both places") {
    const auto l = load(deployed(services("ab"), ", strategy: {parallelism: 2}"));
    REQUIRE(codes(l) == words{"E0401"});
    REQUIRE(l.findings.all()[0].notes.size() == 1);
    CHECK(codes(load(deployed(services("a"), ", strategy: {parallelism: 2}"))).empty());
}

TEST_CASE("only a Deployment stage has services: elsewhere they are the host's") {
    const auto l =
        load(with_stages("- stage: {identifier: s, type: Custom, spec: {services: "
                         "{values: [{serviceRef: a}, {serviceRef: b}]}, execution: "
                         "{steps: []}}}"));
    REQUIRE(l.plan);
    CHECK_FALSE(at(l, "s")->loop());
}

namespace {

const std::string infrastructures =
    "- infrastructureDefinition: {identifier: i, environmentRef: e, allowSimultaneousDeployments: "
    "false}\n- infrastructureDefinition: {identifier: j, environmentRef: e, "
    "allowSimultaneousDeployments: true}\n- {identifier: k}\n";

// The lock of stage `s`: its key, and its condition; "-": it has none.
words constraint(std::string_view spec, std::map<std::string, std::string> documents) {
    shelf from{std::move(documents)};
    const auto l = load_from(deployed(spec), from);
    for (const auto& d : l.findings.all()) {
        UNSCOPED_INFO(d.message);
    }
    REQUIRE(l.plan);
    const auto* const lock = at(l, "s/$infrastructure");
    if (!lock) {
        return {"-"};
    }
    CHECK(lock->kind == plan::node_kind::lock);
    CHECK(lock->extras->lock->automatic);
    CHECK(lock->extras->lock->scope == plan::lock_scope::stage);
    return {lock->extras->lock->key, std::string{lock->condition}};
}

}  // namespace

TEST_CASE("the resolver knows the environments of a group, and what each has") {
    const std::map<std::string, std::string> known{
        {"environment_group g", "environmentGroup: {identifier: g, envIdentifiers: [e, f]}"},
        {"environment_group account.g", "environmentGroup: {envIdentifiers: [f]}"},
        {"infrastructures e", infrastructures},
        {"infrastructures f", "[{identifier: m}]"}};
    const auto turns_from = [&](const std::string& spec) {
        shelf from{known};
        const auto l = load_from(deployed(spec), from);
        INFO(codes(l).size());
        REQUIRE(l.plan);
        const auto* const loop = at(l, "s")->loop();
        return loop ? weir::json(loop->axes.at(0).values.values).dump() : "-";
    };
    CHECK(turns_from("environmentGroup: {envGroupRef: g}") == R"(["e","f"])");
    CHECK(turns_from("environmentGroup: {envGroupRef: account.g}") == "-");
    CHECK(turns_from("environmentGroup: {envGroupRef: g, deployToAll: true}") ==
          R"([{"identifier":"e","infrastructure":"i"},{"identifier":"e","infrastructure":"j"},)"
          R"({"identifier":"e","infrastructure":"k"},{"identifier":"f","infrastructure":"m"}])");
    CHECK(turns_from("environment: {environmentRef: e, deployToAll: true}") == R"(["i","j","k"])");

    shelf empty{{}};
    const auto refused = load_from(deployed("environmentGroup: {envGroupRef: g}"), empty);
    REQUIRE(codes(refused) == words{"E0240"});
    CHECK(refused.findings.all()[0].message.find("there is no environment_group g") !=
          std::string::npos);
    shelf strange{{{"environment_group g", "environmentGroup: {identifier: g}"}}};
    const auto without = load_from(deployed("environmentGroup: {envGroupRef: g}"), strange);
    REQUIRE(codes(without) == words{"E0240"});
    CHECK(without.findings.all()[0].message.find("envIdentifiers") != std::string::npos);
    shelf broken{{{"environment_group g", "environmentGroup: ["}}};
    CHECK_FALSE(load_from(deployed("environmentGroup: {envGroupRef: g}"), broken).plan);
}

TEST_CASE("a stage takes its infrastructure for itself, where the definition allows one only") {
    const std::map<std::string, std::string> known{{"infrastructures e", infrastructures},
                                                   {"infrastructures f", infrastructures}};
    const std::string one =
        "service: {serviceRef: a}, environment: {environmentRef: e, "
        "infrastructureDefinitions: [{identifier: ";
    CHECK(constraint(one + "i}]}", known) == words{"a/e/i", ""});
    CHECK(constraint(one + "j}]}", known) == words{"-"});
    CHECK(constraint(one + "i}]}", {}) == words{"-"});
    CHECK(constraint(one + "other}]}", known) == words{"-"});
    CHECK(constraint(one + "i}, {identifier: k}]}", known) ==
          words{"a/e/<+matrix.infrastructure>", ""});
    CHECK(constraint(one + "i}, {identifier: j}]}", known) ==
          words{"a/e/<+matrix.infrastructure>", R"("e/<+matrix.infrastructure>" =~ ["e/i"])"});
    CHECK(constraint(services("ab") + ", " + environments(two), known) ==
          words{"<+matrix.service>/<+matrix.environment.identifier>/"
                "<+matrix.environment.infrastructure>",
                R"("<+matrix.environment.identifier>/<+matrix.environment.infrastructure>" =~ )"
                R"(["e/i","f/i"])"});
    CHECK(constraint("environment: {environmentRef: e}", known) == words{"-"});
    CHECK(constraint("environment: {environmentRef: <+pipeline.variables.e>, "
                     "infrastructureDefinitions: [{identifier: i}]}",
                     known) == words{"-"});
}
