// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/duration.hpp"
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::int64_t milliseconds(std::string_view text) {
    std::string why;
    return weir::plan::parse_duration(text, why).value_or(-1);
}

}  // namespace

TEST_CASE("durations are numbers with units, the larger first") {
    CHECK(milliseconds("10m") == 600'000);
    CHECK(milliseconds("1w 2d 3h 4m 5s") ==
          604'800'000LL + 2 * 86'400'000 + 3 * 3'600'000 + 4 * 60'000 + 5'000);
    CHECK(milliseconds("1h0m0s") == 3'600'000);
    CHECK(milliseconds(" 1d ") == 86'400'000);
    CHECK(milliseconds("1s500ms") == 1'500);
    CHECK(milliseconds("0s") == 0);
    for (const std::string_view bad :
         {"", " ", "10", "m", "10 m", "1.5h", "-1m", "1m 1m", "5s 1m", "1y", "10M", "1h,5m",
          "99999999999999999999d", "999999999999w"}) {
        INFO(bad);
        CHECK(milliseconds(bad) == -1);
    }
}

TEST_CASE("timeouts stand on the pipeline, stages, groups and steps") {
    const auto l = load(
        "pipeline:\n  timeout: 1d\n  stages:\n    - stage:\n        identifier: s\n        type: "
        "Custom\n        timeout: 2h\n"
        "        spec:\n          execution:\n            steps:\n              - stepGroup:\n     "
        "             identifier: g\n"
        "                  timeout: 3m\n                  steps:\n                    - step: "
        "{identifier: a, type: X, timeout: 4s}\n"
        "                    - step: {identifier: b, type: X, timeout: \"\"}\n");
    REQUIRE(l.plan);
    CHECK(l.plan->root().timeout_ms == 86'400'000);
    CHECK(at(l, "s")->timeout_ms == 7'200'000);
    CHECK(at(l, "s/g")->timeout_ms == 180'000);
    CHECK(at(l, "s/g/a")->timeout_ms == 4'000);
    CHECK(at(l, "s/g/b")->timeout_ms == 0);
}

TEST_CASE("a timeout that cannot be read is told where it stands") {
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, timeout: 10x}"))) ==
          words{"E0209@10:55"});
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, timeout: 0s}"))) ==
          words{"E0209@10:55"});
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, timeout: [1m]}"))) ==
          words{"E0203@10:55"});
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, timeout: <+step.x>}"))) ==
          words{});
    CHECK(findings(load(with_steps("- step: {identifier: a, type: X, timeout: <+step.(>}"))) ==
          words{"E0402@10:55"});
}

TEST_CASE("a timeout that is known only in the run is kept as it is written") {
    const auto l = load(
        "pipeline:\n  timeout: <+pipeline.variables.t>\n  variables:\n    - {name: t, type: "
        "String, "
        "value: <+execution.x>}\n  stages:\n    - stage:\n        identifier: s\n        type: "
        "Custom\n        timeout: 2<+stage.variables.unit>\n        spec:\n          execution:\n"
        "            steps:\n              - step: {identifier: a, type: X, timeout: "
        "<+matrix.t>, strategy: {matrix: {t: [1s, 2s]}}}\n");
    REQUIRE(l.plan);
    CHECK(l.plan->root().extras->timeout == "<+pipeline.variables.t>");
    CHECK(at(l, "s")->extras->timeout == "2<+stage.variables.unit>");
    CHECK(at(l, "s/a")->extras->timeout == "<+matrix.t>");
}

TEST_CASE("other durations must be known when the document is loaded") {
    const auto retry =
        load(with_steps("- step: {identifier: a, type: X, failureStrategies: [{onFailure: {errors: "
                        "[Timeout], action: {type: Retry, spec: {retryCount: 1, retryIntervals: "
                        "[<+step.x>], onRetryFailure: {action: {type: Abort}}}}}}]}"));
    CHECK(findings(retry) == words{"E0601@10:159"});
}

TEST_CASE("a timeout from a variable with a value is folded") {
    const auto l =
        load(with_steps("- step: {identifier: a, type: X, timeout: <+pipeline.variables.t>}",
                        "variables:\n  - {name: t, type: String, value: 90s}\n"));
    REQUIRE(l.plan);
    CHECK(at(l, "s/a")->timeout_ms == 90'000);
}
