// SPDX-License-Identifier: BSL-1.0
#include "tests/support/scratch.hpp"

#include <weir/weir.h>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct verdict {
    weir_status status;
    std::string findings;
};

// The page's child pipelines, by what they say of themselves.
weir_status find_child(void* children, const weir_reference* wanted, weir_resolution* found) {
    if (wanted->kind != WEIR_REFERENCE_PIPELINE) {
        return WEIR_E_NOT_FOUND;
    }
    const std::string identifier{wanted->identifier, wanted->identifier_length};
    for (const auto& child : *static_cast<const std::vector<std::string>*>(children)) {
        if (child.find("identifier: " + identifier + "\n") != std::string::npos) {
            found->text = child.data();
            found->text_length = child.size();
            return WEIR_OK;
        }
    }
    return WEIR_E_NOT_FOUND;
}

verdict load(const std::string& document, std::vector<std::string>& children) {
    weir_load_options how{};
    how.struct_size = sizeof how;
    how.flags = WEIR_LOAD_INPUTS_OPEN;
    if (!children.empty()) {
        how.resolve = find_child;
        how.resolve_context = &children;
    }
    weir_plan plan = 0;
    weir_text findings = 0;
    weir_error error{};
    error.struct_size = sizeof error;
    const auto status =
        weir_plan_load(document.data(), document.size(), &how, &plan, &findings, &error);
    const char* data = "";
    uint32_t length = 0;
    if (findings != 0) {
        REQUIRE(weir_text_view(findings, &data, &length) == WEIR_OK);
    }
    verdict said{status, {data, length}};
    (void)weir_text_release(findings);
    (void)weir_plan_release(plan);
    return said;
}

// Blocks of a page, by what is written behind the first fence.
std::vector<std::string> blocks_of(const std::string& page, const std::string& kind) {
    std::vector<std::string> found;
    const std::string fence = "```" + kind + "\n";
    for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
        at += fence.size();
        found.push_back(page.substr(at, page.find("```", at) - at));
    }
    return found;
}

}  // namespace

TEST_CASE("each page of a diagnostic shows a document that gives it, and one that does not") {
    const fs::path root{WEIR_SOURCE_DIR};
    std::size_t pages = 0;
    for (const auto& file : fs::directory_iterator{root / "docs/diagnostics"}) {
        const auto code = file.path().stem().string();
        const auto relative = fs::relative(file.path(), root).string();
        const auto page = weir::test::read_file(relative);
        auto documents = blocks_of(page, "yaml");
        if (documents.empty()) {
            documents = blocks_of(page, "json");
        }
        auto children = blocks_of(page, "yaml child");
        INFO(relative);
        REQUIRE(documents.size() == 2);
        const auto bad = load(documents[0], children);
        INFO(bad.findings);
        CHECK(bad.findings.find("\"code\":\"" + code + "\"") != std::string::npos);
        CHECK((bad.status == WEIR_E_DOCUMENT) == (code[0] == 'E'));
        const auto good = load(documents[1], children);
        INFO(good.findings);
        CHECK(good.findings.find(code) == std::string::npos);
        CHECK(good.status == WEIR_OK);
        ++pages;
    }
    CHECK(pages > 20);
}
