// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"

#include "tests/support/proof.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sstream>

namespace weir::test {

events::events(const std::string& text) {
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        all_.push_back(json::parse(line));
}

std::vector<json> events::of(std::string_view type) const {
    return of(type, "type", type);
}

std::vector<json> events::of(std::string_view type, std::string_view field,
                             std::string_view value) const {
    std::vector<json> found;
    for (const json& event : all_) {
        if (event["type"] == type && event.contains(field) && event[std::string{field}] == value)
            found.push_back(event);
    }
    return found;
}

json events::one(std::string_view type, std::string_view field, std::string_view value) const {
    const std::vector<json> found = of(type, field, value);
    INFO(type << " with " << field << " " << value);
    REQUIRE(found.size() == 1);
    return found.front();
}

events proven(const std::string& text) {
    std::istringstream lines{text};
    const proof result = prove(lines);
    INFO(report(result));
    REQUIRE(result.holds());
    return events{text};
}

}  // namespace weir::test
