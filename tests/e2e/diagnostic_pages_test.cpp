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

verdict load(const std::string& document) {
    weir_load_options how{};
    how.struct_size = sizeof how;
    how.flags = WEIR_LOAD_INPUTS_OPEN;
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

std::vector<std::string> documents_in(const std::string& page) {
    std::vector<std::string> found;
    const std::string fence = "```yaml\n";
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
        const auto documents = documents_in(weir::test::read_file(relative));
        INFO(relative);
        REQUIRE(documents.size() == 2);
        const auto bad = load(documents[0]);
        INFO(bad.findings);
        CHECK(bad.findings.find("\"code\":\"" + code + "\"") != std::string::npos);
        CHECK((bad.status == WEIR_E_DOCUMENT) == (code[0] == 'E'));
        const auto good = load(documents[1]);
        INFO(good.findings);
        CHECK(good.findings.find(code) == std::string::npos);
        CHECK(good.status == WEIR_OK);
        ++pages;
    }
    CHECK(pages > 10);
}
