// SPDX-License-Identifier: BSL-1.0
// Rings of runs on several workers.
#include "tests/plugin/library.hpp"

#include <algorithm>

using namespace weir::plugin::test;

namespace {

std::string queue(const std::string& id, const std::string& key) {
    return "{step: {identifier: " + id + ", name: " + id + ", type: Queue, spec: {key: " + key +
           ", scope: Stage}}}";
}

std::string meet(const std::string& id) {
    return "{step: {identifier: " + id + ", name: " + id +
           ", type: Barrier, spec: {barrierRef: p}}}";
}

std::string takes(const std::string& first, const std::string& second) {
    return pipeline(stage("s", queue("q", first) + ", " + step("x") + ", " + queue("r", second)));
}

}  // namespace

TEST_CASE("runs on several workers that take locks crosswise all end, and never for nothing") {
    host h{4};
    std::size_t rings = 0;
    for (int round = 0; round < 200; ++round) {
        h.start(takes("k", "l"));
        h.start(takes("l", "m"));
        h.start(takes("m", "k"));
        const auto all = h.until_finished(3);
        const auto failed = static_cast<std::size_t>(std::ranges::count_if(all, [](const told& t) {
            return t.event.kind == WEIR_EVENT_RUN_FINISHED && t.event.outcome == WEIR_FAILED;
        }));
        REQUIRE(failed <= 1);
        for (const auto& t : all) {
            if (t.event.kind == WEIR_EVENT_NODE_FINISHED && t.event.outcome == WEIR_FAILED &&
                t.path == "s/r") {
                CHECK(t.json.find("\"kind\":\"Deadlock\"") != std::string::npos);
                CHECK(t.json.find("which waits for lock") != std::string::npos);
                ++rings;
            }
        }
    }
    CHECK(rings > 0);
}

TEST_CASE("a barrier in a ring of runs breaks, and the other run goes on") {
    host h{2};
    const std::string meets =
        pipeline("{parallel: [" + stage("a", queue("q", "k") + ", " + meet("am")) + ", " +
                     stage("b", step("x") + ", " + queue("r", "l") + ", " + meet("bm")) + "]}",
                 "flowControl: {barriers: [{identifier: p, name: p}]}, ");
    std::size_t rings = 0;
    for (int round = 0; round < 200; ++round) {
        h.start(meets, 0, 1);
        h.start(takes("l", "k"), 0, 2);
        for (const auto& t : h.until_finished(2)) {
            if (t.event.kind == WEIR_EVENT_RUN_FINISHED && t.event.tag == 2) {
                CHECK(t.event.outcome == WEIR_SUCCEEDED);
            }
            if (t.event.kind == WEIR_EVENT_BARRIER_BROKEN) {
                CHECK(t.json.find("\"reason\":\"deadlock\"") != std::string::npos);
                ++rings;
            }
        }
    }
    CHECK(rings > 0);
}
