// SPDX-License-Identifier: BSL-1.0
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace weir::test;

// Documents with mistakes as people make them, in tests/e2e/mistakes. Beside NAME.yaml, NAME.txt is
// what `weir check` says, word for word (WEIR_RENEW=1 writes it anew, to be read before it is
// kept), and NAME.fixed.yaml the same document with the edit that the help names.
namespace {

namespace fs = std::filesystem;

struct mistake {
    const char* file;
    std::vector<std::string> codes;
};

const mistake mistakes[] = {
    // What SEMANTICS.md lists as what users get wrong, in its order.
    {"reused_in_sequence.yaml", {"E0502"}},
    {"crossed_orders.yaml", {"E0503"}},
    {"too_few_slots.yaml", {"E0504"}},
    {"services_in_series.yaml", {"E0505"}},
    {"normal_and_rollback.yaml", {"E0305"}},
    {"queue_before_barrier.yaml", {"E0506"}},
    {"one_infrastructure.json", {"E0508"}},
    {"misspelt_reference.yaml", {"E0301"}},
    {"concurrency_beside_matrix.yaml", {}},
    {"excluded_to_nothing.yaml", {"W0401"}},
    {"two_pipelines.yaml", {"W0302"}},
    // And what else they are told not to do, or might.
    {"twice_in_a_lane.yaml", {"E0302"}},
    {"loop_over_barrier_step.yaml", {"E0304"}},
    {"locks_in_two_orders.yaml", {"E0507"}},
    {"unknown_condition.yaml", {"W0303", "W0303", "E0503"}},
    {"two_loops_in_few_slots.yaml", {"E0504"}},
    {"cyclic_in_few_slots.yaml", {"E0504"}},
    {"one_after_another.yaml", {"E0504"}},
    {"barrier_in_while.yaml", {"E0311"}},
    {"unequal_turns.yaml", {"E0312"}},
};

const fs::path folder = fs::path{WEIR_SOURCE_DIR} / "tests/e2e/mistakes";

process_end check(const std::string& document, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"check", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return weir_command(words, {.input = document});
}

std::vector<std::string> codes_of(const std::string& findings) {
    std::vector<std::string> codes;
    for (const auto& one : nlohmann::json::parse(findings)) {
        codes.push_back(one["code"]);
    }
    return codes;
}

bool has_error(const mistake& m) {
    return std::ranges::any_of(m.codes, [](const std::string& c) { return c[0] == 'E'; });
}

}  // namespace

TEST_CASE("what is said of each mistake, word for word") {
    for (const auto& m : mistakes) {
        const auto document = read_file((folder / m.file).string());
        REQUIRE_FALSE(document.empty());
        const auto golden = (folder / m.file).replace_extension(".txt");
        const auto said = check(document);
        INFO(m.file);
        CHECK(said.status == (has_error(m) ? 3 : 0));
        CHECK(said.err.empty());
        if (std::getenv("WEIR_RENEW")) {
            std::ofstream{golden} << said.out;
        }
        CHECK(said.out == read_file(golden.string()));
        CHECK(codes_of(check(document, {"--format", "json"}).out) == m.codes);
    }
}

TEST_CASE("the edit that the help names makes the check pass") {
    std::size_t tried = 0;
    for (const auto& m : mistakes) {
        auto fixed = folder / m.file;
        fixed.replace_extension(".fixed" + fixed.extension().string());
        INFO(m.file);
        CHECK(fs::exists(fixed) == (has_error(m) || m.codes == std::vector<std::string>{"W0401"}));
        if (!fs::exists(fixed)) {
            continue;
        }
        const auto said = check(read_file(fixed.string()), {"--format", "json"});
        INFO(said.out);
        CHECK(said.status == 0);
        for (const auto& code : codes_of(said.out)) {
            CHECK((code == "W0302" || code == "W0303"));  // of the barrier that was added
        }
        ++tried;
    }
    CHECK(tried > 15);
}

TEST_CASE("giving slots away while waiting helps where the help says so, and nowhere else") {
    for (const auto& m : mistakes) {
        const auto document = read_file((folder / m.file).string());
        const auto said = check(document);
        if (said.out.find("E0504") == std::string::npos) {
            continue;
        }
        INFO(m.file);
        const auto released = check(document, {"--slot-while-waiting", "release"});
        const bool advised = said.out.find("slotWhileWaiting: release") != std::string::npos;
        CHECK((released.status == 0) == advised);
    }
}
