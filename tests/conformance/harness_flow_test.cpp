// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/loops.hpp"
#include "tests/adapters/run/document.hpp"

#include <fstream>
#include <string>
#include <string_view>

// Which pipelines with barriers get stuck, and what stages over several services come to.
namespace {

using namespace weir;
using runs::test::group;
using runs::test::listed;
using runs::test::meet;
using runs::test::parallel;
using runs::test::pipeline;
using runs::test::stage;
using runs::test::texts;

std::vector<json> vectors(std::string_view kind) {
    std::ifstream file(WEIR_SOURCE_DIR "/tests/conformance/harness-flow.json");
    const json all = json::parse(file);
    std::vector<json> some;
    for (const json& v : all.at("vectors")) {
        if (v.at("kind").get_ref<const std::string&>() == kind) {
            some.push_back(v);
        }
    }
    return some;
}

// "steps: [A || SG(A, B)], [C]": letters are Barrier steps, `||` goes before `,`, {} is a stage.
class shorthand {
public:
    explicit shorthand(std::string_view text) : left_{text} {}

    std::string document() {
        if (take("steps:")) {
            return pipeline({stage("s", sequence())});
        }
        REQUIRE(take("stages:"));
        return pipeline(sequence());
    }

private:
    texts sequence() {
        texts all;
        do {
            for (auto& entry : side_by_side()) {
                all.push_back(std::move(entry));
            }
        } while (take(","));
        return all;
    }

    texts side_by_side() {
        texts all = one();
        if (!peek("||")) {
            return all;
        }
        while (take("||")) {
            for (auto& entry : one()) {
                all.push_back(std::move(entry));
            }
        }
        return {parallel(all)};
    }

    texts one() {
        if (take("[")) {
            auto inside = sequence();
            REQUIRE(take("]"));
            return inside;
        }
        if (take("SG(")) {
            auto inside = sequence();
            REQUIRE(take(")"));
            return {group(name(), inside)};
        }
        if (take("{")) {
            return {a_stage()};
        }
        skip();
        REQUIRE(!left_.empty());
        const std::string barrier{left_.substr(0, 1)};
        left_.remove_prefix(1);
        return {meet(name(), barrier)};
    }

    std::string a_stage() {
        const auto id = name();
        texts steps;
        texts back;
        if (!peek("steps:") && !peek("rollbackSteps:")) {
            steps = sequence();
        }
        if (take("steps:")) {
            steps = one();
            (void)take(",");
        }
        if (take("rollbackSteps:")) {
            back = one();
        }
        REQUIRE(take("}"));
        return stage(id, steps, {}, back);
    }

    void skip() {
        while (left_.starts_with(' ')) {
            left_.remove_prefix(1);
        }
    }
    bool peek(std::string_view word) {
        skip();
        return left_.starts_with(word);
    }
    bool take(std::string_view word) {
        const bool there = peek(word);
        left_.remove_prefix(there ? word.size() : 0);
        return there;
    }
    std::string name() { return "n" + std::to_string(++named_); }

    std::string_view left_;
    int named_ = 0;
};

bool gets_stuck(const std::string& document) {
    auto loaded = harness::load(document, {});
    INFO(document << "\n" << plan::to_json(loaded.findings, loaded.files));
    if (!loaded.plan) {
        return true;  // refused for how it uses a barrier
    }
    plan::diagnostics findings;
    return check::check(*loaded.plan, findings) != check::verdict::sound;
}

std::string several_services(const json& input) {
    texts services;
    for (const auto& name : input.at("services")) {
        services.push_back("{serviceRef: " + name.get<std::string>() + "}");
    }
    const bool parallel = input.value("servicesParallel", input.value("parallel", true));
    std::string spec = "services: {values: " + listed(services) +
                       ", metadata: {parallel: " + (parallel ? "true" : "false") + "}}";
    texts environments;
    for (const auto& entry : input.value("environments", json::array())) {
        for (const auto& [reference, units] : entry.items()) {
            texts infrastructures;
            for (const auto& unit : units) {
                infrastructures.push_back("{identifier: " + unit.get<std::string>() + "}");
            }
            environments.push_back("{environmentRef: " + reference +
                                   ", infrastructureDefinitions: " + listed(infrastructures) + "}");
        }
    }
    if (!environments.empty()) {
        spec += ", environments: {values: " + listed(environments) + ", metadata: {parallel: " +
                (input.at("environmentsParallel").get<bool>() ? "true" : "false") + "}}";
    }
    return "{pipeline: {identifier: p, stages: [{stage: {identifier: d, type: Deployment, spec: {" +
           spec + ", execution: {steps: []}}}}]}}";
}

}  // namespace

TEST_CASE("pipelines that Harness's rule calls a deadlock are refused, others are not") {
    int tried = 0;
    for (const json& v : vectors("barrier-cycle")) {
        const auto id = v.at("id").get<std::string>();
        INFO(id);
        // Without its feature flag Harness does not look; Weir always does.
        const bool expected = id == "cycle-flag-off" || v.at("expect").at("cycle").get<bool>();
        CHECK(gets_stuck(
                  shorthand{v.at("input").at("expr").get_ref<const std::string&>()}.document()) ==
              expected);
        ++tried;
    }
    CHECK(tried == 12);
}

TEST_CASE("several services and environments come to the turns that Harness makes of them") {
    int tried = 0;
    for (const json& v : vectors("multi-deployment")) {
        INFO(v.at("id"));
        const auto loaded = harness::load(several_services(v.at("input")), {});
        INFO(plan::to_json(loaded.findings, loaded.files));
        REQUIRE(loaded.plan);
        const auto& stage = loaded.plan->nodes[loaded.plan->root().first_child];
        const auto loop = plan::plan_loop(stage);
        const auto& expected = v.at("expect");
        const auto most = expected.at("maxConcurrency").get<std::uint64_t>();
        ++tried;
        if (!stage.loop()) {
            CHECK(expected.at("children").size() == 1);
            continue;
        }
        REQUIRE(loop.instances);
        CHECK((loop.cap() == 0 ? loop.count() : loop.cap()) == (most == 0 ? loop.count() : most));
        json order = json::array();
        json children = json::array();
        auto turn = loop.instances->first();
        do {
            const auto service = loop.instances->value(turn, "service");
            const auto unit = loop.instances->value(turn, "environment");
            REQUIRE(unit);
            const auto name = service ? service->get<std::string>() : "svc1";
            order.push_back(unit->at("identifier").get<std::string>() + "/" + name);
            children.push_back({{"serviceRef", name},
                                {"environmentRef", unit->at("identifier")},
                                {"identifier", unit->at("infrastructure")}});
        } while (loop.instances->advance(turn));
        if (expected.contains("order")) {
            CHECK(order == expected.at("order"));
        } else {
            CHECK(children == expected.at("children"));
        }
    }
    CHECK(tried == 4);
}
