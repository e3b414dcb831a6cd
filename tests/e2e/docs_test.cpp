// SPDX-License-Identifier: BSL-1.0
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sstream>
#include <string>
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
        if (line.starts_with("| E") || line.starts_with("| W"))
            listed.push_back(line);
    }
    CHECK(listed == known);
}
