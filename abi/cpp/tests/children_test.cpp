// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <weir/folder.hpp>

#include "abi/cpp/tests/host.hpp"

using weir::reference;
using weir::reference_kind;
using weir::resolution;
using weir::status;

static std::filesystem::path children() {
    const char* const scenario = std::getenv("WEIR_SCENARIO");
    return std::filesystem::path(scenario != nullptr ? scenario : "../../examples/scenario") /
           "children";
}
static std::string text_of(const char* name) {
    std::ifstream in(children() / name);
    REQUIRE(in.is_open());
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Finds all that release.yaml refers to.
static resolution resolve(const reference& wanted) {
    if (wanted.kind() != reference_kind::value)
        return weir::folder(children())(wanted);
    if (wanted.identifier() == R"(secrets.getValue("token"))")
        return weir::document{"ref:token", {}};
    return std::nullopt;
}

/// release.yaml, loaded so.
template <typename Resolve>
static weir::result<weir::plan> release(Resolve&& by, weir::findings* found = nullptr,
                                        const std::string& more = {}) {
    const std::string qa = text_of("qa.yaml");
    const weir_document inputs[] = {weir::input(qa, "qa.yaml"), weir::input(more)};
    weir::load_options how;
    how.file = "release.yaml";
    how.inputs = inputs;
    how.input_count = more.empty() ? 1 : 2;
    return weir::plan::load_with(text_of("release.yaml"), how, std::forward<Resolve>(by), found);
}

static bool has(const weir::findings& found, const char* code, const char* file) {
    for (const weir::finding& each : found.list()) {
        if ((code == nullptr || each.code == code) && (file == nullptr || each.file == file))
            return true;
    }
    return false;
}

TEST(children_meet_and_find_what_they_refer_to) {
    walk w(made(release(resolve)));
    std::map<std::string, std::string> asked;
    for (int i = 0; i < 2; ++i) {
        const told step = w.until(kind::step_started);
        asked[step.path] = step.input;
        CHECK(weir::step(step.event).finish(end::succeeded));
    }
    CHECK(w.ended() == end::succeeded);
    for (const std::string who : {"api", "web"}) {
        const std::string& input = asked[who + "/deploy/tell"];
        CHECK(input.find(who + " for qa at example") != std::string::npos);
        CHECK(input.find("ref:token") != std::string::npos);
    }
}

TEST(each_reference_is_asked_for_once_with_what_the_document_says) {
    std::multiset<std::string> asked;
    made(release([&](const reference& wanted) {
        asked.insert(std::to_string(static_cast<int>(wanted.kind())) + " " +
                     std::string(wanted.identifier()) + " " + std::string(wanted.version()) + " " +
                     std::string(wanted.pipeline()));
        CHECK(wanted.level() == weir::reference_level::project);
        CHECK(wanted.org().empty() && wanted.project().empty());
        return resolve(wanted);
    }));
    CHECK(asked.count("1 service  ") == 1 && asked.count("2 tell 2 ") == 1);
    CHECK(asked.count("3 common  service") == 1);
    CHECK(asked.count(R"(5 secrets.getValue("token")  )") == 1);
}

TEST(inputs_that_come_later_win) {
    std::string prod = text_of("qa.yaml");
    prod.replace(prod.rfind("qa}"), 2, "prod");
    const weir::text written =
        made(made(release(resolve, nullptr, prod)).describe(weir::format::json));
    CHECK(written.view().find("prod") != std::string_view::npos);
    CHECK(written.view().find("\"qa\"") == std::string_view::npos);
}

TEST(what_is_not_found_is_refused_where_it_is_referred_to) {
    weir::findings found;
    const auto nobody = [](const reference&) -> resolution { return std::nullopt; };
    CHECK(release(nobody, &found).code() == status::document);
    CHECK(has(found, nullptr, "release.yaml"));
}

TEST(a_resolver_that_fails_says_why) {
    weir::findings found;
    const auto away = [](const reference&) { return resolution::failed("the store is away"); };
    CHECK(release(away, &found).code() == status::document);
    CHECK(found.json().find("the store is away") != std::string_view::npos);
}

#ifdef __cpp_exceptions
TEST(a_resolver_may_throw) {
    const auto fail = [](const reference&) -> resolution { throw std::runtime_error("enough"); };
    std::string caught;
    try {
        static_cast<void>(release(fail));
    } catch (const std::runtime_error& thrown) {
        caught = thrown.what();
    }
    CHECK(caught == "enough");
}
#endif

TEST(a_resolver_may_load_plans_itself) {
    made(release([](const reference& wanted) {
        made(release(resolve));
        return resolve(wanted);
    }));
}

TEST(findings_in_another_document_have_its_name) {
    weir::findings found;
    const auto elsewhere = [](const reference& wanted) -> resolution {
        if (wanted.kind() != reference_kind::pipeline)
            return resolve(wanted);
        return weir::document{"pipeline: 5", "elsewhere.yaml"};
    };
    CHECK(release(elsewhere, &found).code() == status::document);
    CHECK(has(found, nullptr, "elsewhere.yaml"));
}

TEST(levels_are_bounded) {
    const std::string outer =
        "pipeline: {identifier: o, stages: [{stage: {identifier: r, type: Pipeline, spec: "
        "{pipeline: release}}}]}";
    weir::load_options how;
    how.inputs_open = true;
    how.most_levels = 1;
    weir::findings found;
    CHECK(weir::plan::load_with(outer, how, resolve, &found).code() == status::document);
    CHECK(has(found, "E0222", nullptr));
    how.most_levels = 65;
    CHECK(weir::plan::load_with(outer, how, resolve).code() == status::invalid_argument);
}

TEST(a_folder_gives_nothing_from_outside) {
    for (const std::string name : {"../pipeline", "../children/service", "", "..", "nobody"}) {
        int asked = 0;
        const std::string document =
            "pipeline: {identifier: p, stages: [{stage: {identifier: a, type: Pipeline, spec: "
            "{pipeline: \"" +
            name + "\"}}}]}";
        const auto counted = [&](const reference& wanted) {
            ++asked;
            return weir::folder(children())(wanted);
        };
        CHECK(weir::plan::load_with(document, {}, counted).code() == status::document);
        CHECK(asked <= 1);
    }
}

TEST(a_person_is_asked_and_answers) {
    const std::string asking = pipeline(
        stage("a",
              "{step: {type: Do, name: x, identifier: x, spec: {}, failureStrategies: [{onFailure: "
              "{errors: [AllErrors], action: {type: ManualIntervention, spec: {timeout: 1h, "
              "onTimeout: {action: {type: Abort}}}}}}]}}"));
    for (const auto& [action, outcome] :
         {std::pair{"mark_as_success", end::succeeded}, std::pair{"abort", end::cancelled}}) {
        walk w(asking);
        CHECK(w.asked().finish(end::failed, {}, "no luck"));
        const told question = w.until(kind::intervention_wanted);
        CHECK(question.path == "a/x" && question.event.attempt() == 1);
        CHECK(w.run.intervene("a/x", action, 2, "meant for another try"));
        CHECK(w.until(kind::control).outcome() == end::failed);
        CHECK(w.run.intervene("a/x", action, 1, "an operator"));
        const told answer = w.until(kind::control);
        CHECK(answer.outcome() == end::succeeded);
        CHECK(answer.input.find("an operator") != std::string::npos);
        CHECK(w.ended() == outcome);
    }
}
