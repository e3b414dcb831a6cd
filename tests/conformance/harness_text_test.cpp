// SPDX-License-Identifier: BSL-1.0
// The vectors of Harness again, this time read as users write them.
#include "tests/conformance/loops.hpp"

#include <catch2/catch_test_macros.hpp>

#include "adapters/plan/json_text.hpp"

#include <fstream>

using namespace weir;
using namespace weir::conformance;

namespace {

json vectors() {
    std::ifstream file(WEIR_SOURCE_DIR "/tests/conformance/harness-loops.json");
    return json::parse(file).at("vectors");
}

// Values are compared as text: `1` in a vector is "1" to a pipeline.
json as_texts(const json& object) {
    nlohmann::json all;
    for (const auto& [key, value] : object.items()) {
        all[key] = plan::text_of(value);
    }
    return json::parse(all.dump());
}

// Does the strategy hang on something outside it, or on what only a node has?
bool needs_a_run(const json& v) {
    const std::string text = v["strategy"].dump();
    return text.find("<+pipeline") != std::string::npos || v["strategy"].contains("when") ||
           v["strategy"].contains("nodeWhen");
}

}  // namespace

TEST_CASE("the text of a Harness strategy comes to what the vectors say") {
    std::size_t compared = 0;
    for (const json& v : vectors()) {
        const json& expect = v["expect"];
        if (needs_a_run(v)) {
            continue;
        }
        const expanded got =
            expand(v["strategy"].dump(), dialects::options{.which = dialects::dialect::harness,
                                                           .labels = v.value("labelsByName", false),
                                                           .compat_harness = true});
        INFO(v["id"].get<std::string>() << ": " << got.told);
        REQUIRE(got.instances);
        if (expect.contains("count")) {
            CHECK(got.instances->count() == expect["count"].get<std::uint64_t>());
        }
        if (expect.contains("postfixes")) {
            CHECK(got.suffixes == expect["postfixes"].get<std::vector<std::string>>());
        }
        if (expect.contains("values")) {
            REQUIRE(got.values.size() == expect["values"].size());
            for (std::size_t i = 0; i < got.values.size(); ++i) {
                const json& wanted = expect["values"][i];
                if (wanted.is_object()) {
                    CHECK(as_texts(got.values[i]) == as_texts(wanted));
                } else {
                    CHECK(got.values[i].begin().value() == wanted);
                }
            }
        }
        ++compared;
    }
    CHECK(compared == 36);
}
