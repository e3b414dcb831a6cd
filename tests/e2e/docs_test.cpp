// SPDX-License-Identifier: BSL-1.0
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

TEST_CASE("the docs' table of diagnostics is the library's") {
    std::vector<std::string> known;
#define WEIR_DIAGNOSTIC(text, name, severity, title) \
    known.push_back("| " text " | " #severity " | " title " |");
#include "adapters/plan/diagnostics.def"
#undef WEIR_DIAGNOSTIC
    std::vector<std::string> listed;
    std::istringstream page{weir::test::read_file("docs/diagnostics.md")};
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("| E") || line.starts_with("| W") || line.starts_with("| N"))
            listed.push_back(line);
    }
    CHECK(listed == known);
}

namespace {

std::string trimmed(const std::string& line) {
    const auto start = line.find_first_not_of(" \t");
    return start == std::string::npos ? std::string{} : line.substr(start);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream all{text};
    for (std::string line; std::getline(all, line);)
        lines.push_back(trimmed(line));
    return lines;
}

// The first block of the README in `language`, without remarks.
std::vector<std::string> shown(const std::string& language) {
    const std::string readme = weir::test::read_file("README.md");
    const std::string fence = "```" + language + "\n";
    const auto start = readme.find(fence) + fence.size();
    std::vector<std::string> lines =
        lines_of(readme.substr(start, readme.find("```", start) - start));
    std::erase_if(lines, [](const std::string& line) {
        return line.starts_with("//") || line.starts_with("/*");
    });
    return lines;
}

}  // namespace

TEST_CASE("what the README shows of the examples stands in them") {
    const std::vector<std::pair<std::string, std::string>> examples{
        {"c", "examples/c/host.c"},
        {"go", "abi/go/example_test.go"},
        {"rust", "abi/rust/weir/examples/pipeline.rs"}};
    for (const auto& [language, file] : examples) {
        const std::vector<std::string> whole = lines_of(weir::test::read_file(file)),
                                       part = shown(language);
        CHECK(part.size() >= 8);
        for (const std::string& line : part) {
            INFO(file << " has no line: " << line);
            CHECK(std::ranges::find(whole, line) != whole.end());
        }
    }
}
