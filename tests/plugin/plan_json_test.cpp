// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/library.hpp"

using namespace weir::plugin::test;

namespace {

const std::string two_meet = R"({"version": 1, "barriers": [{"id": "ready"}],
  "root": {"kind": "pipeline", "id": "p", "children": [{"kind": "parallel", "children": [
    {"kind": "stage", "id": "a", "children": [{"kind": "barrier", "id": "m", "barrier": "ready"},
      {"kind": "step", "id": "go", "type": "Run", "spec": {"n": 1.10}}]},
    {"kind": "stage", "id": "b", "children": [{"kind": "barrier", "id": "m", "barrier": "ready"}]}
  ]}]}})";

struct loading {
    weir_status status;
    std::string findings, message;
};

loading load_as(const std::string& document, const char* adapter) {
    auto how = sized<weir_load_options>();
    how.adapter = adapter;
    how.adapter_length = adapter ? static_cast<uint32_t>(std::strlen(adapter)) : 0;
    auto error = sized<weir_error>();
    weir_plan plan = 0;
    weir_text findings = 0;
    loading end{weir_plan_load(document.data(), document.size(), &how, &plan, &findings, &error),
                {},
                error.text};
    const char* text = nullptr;
    uint32_t length = 0;
    if (weir_text_view(findings, &text, &length) == WEIR_OK)
        end.findings.assign(text, length);
    weir_text_release(findings);
    weir_plan_release(plan);
    return end;
}

std::string described(weir_plan plan, weir_format format) {
    weir_text text = 0;
    REQUIRE(weir_plan_describe(plan, format, &text) == WEIR_OK);
    const char* data = nullptr;
    uint32_t length = 0;
    REQUIRE(weir_text_view(text, &data, &length) == WEIR_OK);
    std::string all(data, length);
    CHECK(weir_text_release(text) == WEIR_OK);
    return all;
}

}  // namespace

TEST_CASE("a plan that a host writes as JSON runs; its barrier holds and lets go") {
    host h;
    h.start(two_meet);
    const auto all = h.until_finished();
    CHECK(all.back().event.outcome == WEIR_SUCCEEDED);
    const auto step = std::ranges::find_if(
        all, [](const told& t) { return t.event.kind == WEIR_EVENT_STEP_STARTED; });
    REQUIRE(step != all.end());
    CHECK(step->path == "a/go");
    CHECK(step->input.find(R"("spec":{"n": 1.10})") != std::string::npos);
    const auto released = std::ranges::find_if(
        all, [](const told& t) { return t.event.kind == WEIR_EVENT_BARRIER_RELEASED; });
    CHECK(released < step);
}

TEST_CASE("plan JSON is detected, or named; what is no document says what would be one") {
    CHECK(load_as(two_meet, nullptr).status == WEIR_OK);
    CHECK(load_as(two_meet, "plan").status == WEIR_OK);
    CHECK(load_as(two_meet, "harness").status == WEIR_E_DOCUMENT);
    CHECK(load_as(R"({"root": 1})", "plan").findings.find("E0201") != std::string::npos);
    const auto neither = load_as(R"({"root": 1})", nullptr);
    CHECK(neither.findings.find("E0107") != std::string::npos);
    CHECK(neither.findings.find("`version` and `root`") != std::string::npos);
    CHECK(load_as(two_meet, "jenkins").status == WEIR_E_INVALID_ARGUMENT);
    CHECK(load_as(two_meet, "jenkins").message.find("harness and plan") != std::string::npos);
}

TEST_CASE("what an expression in plan JSON gets wrong is said at its place") {
    auto document = two_meet;
    document.replace(document.find(R"("id": "a",)"), 10, R"("id": "a", "condition": "1 +",)");
    const auto said = load_as(document, nullptr);
    CHECK(said.status == WEIR_E_DOCUMENT);
    CHECK(said.findings.find(R"("code":"E0402")") != std::string::npos);
    CHECK(said.findings.find(R"("line":3)") != std::string::npos);
    CHECK(said.findings.find(R"("path":"a")") != std::string::npos);
}

TEST_CASE("a plan's own JSON loads, and describes the same plan") {
    const auto first = load(pipeline(stage("a", step("x") + ", " + step("y"))));
    const auto json = described(first, WEIR_FORMAT_JSON);
    const auto second = load(json);
    CHECK(described(second, WEIR_FORMAT_JSON) == json);
    CHECK(described(second, WEIR_FORMAT_TREE) == described(first, WEIR_FORMAT_TREE));
    CHECK(weir_plan_release(first) == WEIR_OK);
    CHECK(weir_plan_release(second) == WEIR_OK);
}
