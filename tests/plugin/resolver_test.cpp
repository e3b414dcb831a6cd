// SPDX-License-Identifier: BSL-1.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <weir/weir.h>

#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Catch::Matchers::ContainsSubstring;

const std::string parent =
    "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n  stages:\n"
    "    - stage: {identifier: k, type: Pipeline, spec: {pipeline: c}}\n"
    "    - stage: {identifier: t, template: {templateRef: account.base, versionLabel: 2}}\n";
const std::string child =
    "pipeline:\n  identifier: c\n  stages:\n    - stage: {identifier: s, type: Custom, spec: "
    "{execution: {steps: []}}}\n";
const std::string base =
    "template:\n  identifier: base\n  type: Stage\n  spec: {type: Custom, spec: {execution: "
    "{steps: "
    "[]}}}\n";

// What the library asked for, and what it is answered with.
struct shelf {
    std::map<std::string, std::string> texts;  // by identifier
    weir_status otherwise = WEIR_E_NOT_FOUND;
    std::string why;
    std::vector<std::string> asked;
    std::thread::id thread;
    std::string last;

    static weir_status find(void* self, const weir_reference* wanted, weir_resolution* found) {
        auto& me = *static_cast<shelf*>(self);
        me.thread = std::this_thread::get_id();
        const auto part = [](const char* text, uint32_t length) {
            return text ? std::string{text, length} : std::string{"-"};
        };
        me.asked.push_back(std::to_string(wanted->kind) + " " + std::to_string(wanted->level) +
                           " " + part(wanted->identifier, wanted->identifier_length) + " " +
                           part(wanted->version, wanted->version_length) + " " +
                           part(wanted->org, wanted->org_length) + " " +
                           part(wanted->project, wanted->project_length));
        CHECK(wanted->struct_size == sizeof(weir_reference));
        CHECK(found->struct_size == sizeof(weir_resolution));
        CHECK(found->text == nullptr);
        const auto there = me.texts.find(wanted->identifier);  // it ends in a zero
        if (there == me.texts.end()) {
            found->why = me.why.data();
            found->why_length = static_cast<uint32_t>(me.why.size());
            return me.otherwise;
        }
        me.last = there->second;  // gone with the next call
        found->text = me.last.data();
        found->text_length = me.last.size();
        return WEIR_OK;
    }
};

struct answer {
    weir_status status;
    std::string findings;
};

answer load(shelf& from, const std::string& document = parent,
            const std::vector<weir_document>& inputs = {}, uint32_t levels = 0) {
    weir_load_options options{};
    options.struct_size = sizeof options;
    options.resolve = shelf::find;
    options.resolve_context = &from;
    options.inputs = inputs.data();
    options.input_count = static_cast<uint32_t>(inputs.size());
    options.most_levels = levels;
    weir_plan plan = 0;
    weir_text text = 0;
    answer said{weir_plan_load(document.data(), document.size(), &options, &plan, &text, nullptr),
                {}};
    if (text != 0) {
        const char* data = nullptr;
        uint32_t length = 0;
        REQUIRE(weir_text_view(text, &data, &length) == WEIR_OK);
        said.findings.assign(data, length);
        CHECK(weir_text_release(text) == WEIR_OK);
    }
    CHECK((plan != 0) == (said.status == WEIR_OK));
    CHECK(weir_plan_release(plan) == WEIR_OK);
    return said;
}

weir_document document_of(const std::string& text, const std::string& file = {}) {
    return {sizeof(weir_document), static_cast<uint32_t>(file.size()), text.data(), text.size(),
            file.empty() ? nullptr : file.data()};
}

}  // namespace

TEST_CASE("what a document refers to is asked for once, on the caller's thread") {
    shelf from{{{"c", child}, {"base", base}}, WEIR_E_NOT_FOUND, {}, {}, {}, {}};
    CHECK(load(from).status == WEIR_OK);
    CHECK(from.asked == std::vector<std::string>{"2 2 base 2 o q", "1 0 c - o q"});
    CHECK(from.thread == std::this_thread::get_id());
}

TEST_CASE("what the host does not find is refused with what it says of that") {
    shelf from{{{"base", base}}, WEIR_E_NOT_FOUND, "nobody has it", {}, {}, {}};
    const auto gone = load(from);
    CHECK(gone.status == WEIR_E_DOCUMENT);
    CHECK_THAT(gone.findings, ContainsSubstring(R"("code":"E0220")"));
    CHECK_THAT(gone.findings, ContainsSubstring("nobody has it"));
    from.why.clear();
    from.otherwise = WEIR_E_CLOSED;
    CHECK_THAT(load(from).findings, ContainsSubstring("the host says WEIR_E_CLOSED"));
    from.otherwise = -12345;
    CHECK(load(from).status == WEIR_E_DOCUMENT);
    from.why = "\xff";
    CHECK(load(from).status == WEIR_E_DOCUMENT);
}

TEST_CASE("a host that answers nonsense gets findings, no crash") {
    for (const std::string& text :
         {std::string{}, std::string{"\xff"}, std::string(3, '\0'), std::string{"pipeline: ["},
          std::string{"pipeline: {}"}, std::string{"template: {type: Stage, spec: 5}"}}) {
        shelf from{{{"c", text}, {"base", text}}, WEIR_E_NOT_FOUND, {}, {}, {}, {}};
        CHECK(load(from).status == WEIR_E_DOCUMENT);
    }
    const auto lies = [](void*, const weir_reference*, weir_resolution* found) -> weir_status {
        found->text_length = 7;
        return WEIR_OK;
    };
    weir_load_options options{};
    options.struct_size = sizeof options;
    options.resolve = lies;
    weir_plan plan = 0;
    CHECK(weir_plan_load(parent.data(), parent.size(), &options, &plan, nullptr, nullptr) ==
          WEIR_E_DOCUMENT);
}

TEST_CASE("a document that refers to itself ends at the limit of levels") {
    shelf from{{{"base", base}}, WEIR_E_NOT_FOUND, {}, {}, {}, {}};
    for (int i = 0; i < 20; ++i) {
        const std::string name = i == 0 ? "c" : "c" + std::to_string(i);
        from.texts[name] =
            "pipeline:\n  identifier: " + name +
            "\n  stages:\n    - stage: {identifier: k, type: Pipeline, spec: {pipeline: c" +
            std::to_string(i + 1) + "}}\n";
    }
    CHECK_THAT(load(from, parent, {}, 3).findings, ContainsSubstring("over more than 3 levels"));
    CHECK(load(from, parent, {}, 65).status == WEIR_E_INVALID_ARGUMENT);
}

TEST_CASE("documents of inputs are laid over in their order, and their structs are looked at") {
    const std::string text =
        "pipeline:\n  stages: []\n  variables: [{name: v, type: String, value: "
        "'<+input>.allowedValues(a,b)'}]\n";
    const std::string wrong = "pipeline: {variables: [{name: v, value: c}]}";
    const std::string right = "pipeline: {variables: [{name: v, value: b}]}";
    shelf none;
    CHECK(load(none, text).status == WEIR_E_DOCUMENT);
    CHECK(load(none, text, {document_of(wrong), document_of(right)}).status == WEIR_OK);
    const auto refused = load(none, text, {document_of(right), document_of(wrong, "w.yaml")});
    CHECK(refused.status == WEIR_E_DOCUMENT);
    CHECK_THAT(refused.findings, ContainsSubstring(R"("file":"w.yaml","line":1)"));

    auto bad = document_of(right);
    bad.struct_size = 8;
    CHECK(load(none, text, {bad}).status == WEIR_E_STRUCT_SIZE);
    bad = document_of(right);
    bad.text = nullptr;
    CHECK(load(none, text, {bad}).status == WEIR_E_INVALID_ARGUMENT);
    CHECK(load(none, text, {document_of(right, "\xff")}).status == WEIR_E_NOT_UTF8);
    weir_load_options options{};
    options.struct_size = sizeof options;
    options.input_count = 1;
    weir_plan plan = 0;
    CHECK(weir_plan_load(text.data(), text.size(), &options, &plan, nullptr, nullptr) ==
          WEIR_E_INVALID_ARGUMENT);
    options.input_count = 1'000'000;
    const auto one = document_of(right);
    options.inputs = &one;
    CHECK(weir_plan_load(text.data(), text.size(), &options, &plan, nullptr, nullptr) ==
          WEIR_E_LIMIT);
}
