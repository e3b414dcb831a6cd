// SPDX-License-Identifier: BSL-1.0
#include <catch2/catch_all.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fibers/transitions.hpp"

using namespace weir::fibers;

namespace {

const std::vector<std::string> calls{"expect", "arrive", "withdraw", "retract", "fail"};
const std::vector<std::string> phases{"standing", "releasing", "decided"};
const std::vector<std::string> effects_named{"none", "stays", "joins",  "waits", "told",
                                             "goes", "wakes", "leaves", "fails"};

std::vector<std::string> cells(const std::string& row) {
    std::vector<std::string> all;
    std::istringstream in{row};
    std::string cell;
    std::getline(in, cell, '|');
    while (std::getline(in, cell, '|')) {
        std::string word;
        std::istringstream{cell} >> word;
        all.push_back(word);
    }
    return all;
}

std::size_t at(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

TEST_CASE("the page on the barrier shows the table that the code asks") {
    std::ifstream page{WEIR_SOURCE_DIR "/docs/barrier.md"};
    REQUIRE(page);
    std::size_t rows = 0;
    for (std::string line; std::getline(page, line);) {
        const auto row = cells(line);
        if (row.size() != 7 || at(calls, row[0]) == calls.size()) {
            continue;
        }
        CAPTURE(line);
        REQUIRE(at(phases, row[1]) < phases.size());
        for (std::size_t who = 0; who < 5; ++who) {
            const effect shown = static_cast<effect>(at(effects_named, row[2 + who]));
            CHECK(effect_of(static_cast<call>(at(calls, row[0])),
                            static_cast<phase>(at(phases, row[1])),
                            static_cast<party_state>(who)) == shown);
        }
        ++rows;
    }
    CHECK(rows == 15);
}
