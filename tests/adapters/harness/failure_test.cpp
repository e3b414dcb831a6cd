// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::string failing(std::string_view strategies) {
    return with_steps("- step:\n    identifier: a\n    type: X\n    failureStrategies: " +
                      std::string{strategies} + "\n");
}

}  // namespace

TEST_CASE("failure strategies are read with their actions and what follows them") {
    const auto l = load(
        failing("[{onFailure: {errors: [Timeout, AuthenticationError], action: {type: Retry, spec: "
                "{retryCount: 2, "
                "retryIntervals: [10s, 1m], onRetryFailure: {action: {type: StageRollback}}}}}}, "
                "{onFailure: {errors: [AllErrors], action: {type: Ignore}}}]"));
    REQUIRE(l.plan);
    const auto& strategies = at(l, "s/a")->extras->failure_strategies;
    REQUIRE(strategies.size() == 2);
    CHECK(strategies[0].errors == words{"Timeout", "Authentication"});
    CHECK(strategies[0].action.kind == plan::action_kind::retry);
    CHECK(strategies[0].action.retry_count == 2);
    CHECK(strategies[0].action.retry_intervals_ms == std::vector<std::int64_t>{10'000, 60'000});
    REQUIRE(strategies[0].action.follow_up);
    CHECK(strategies[0].action.follow_up->kind == plan::action_kind::stage_rollback);
    CHECK(strategies[1].action.kind == plan::action_kind::ignore);
    for (const std::string_view action : {"Ignore", "MarkAsSuccess", "MarkAsFailure", "Abort",
                                          "StageRollback", "ProceedWithDefaultValues"}) {
        INFO(action);
        CHECK(load(failing("[{onFailure: {errors: [AllErrors], action: {type: " +
                           std::string{action} + "}}}]"))
                  .plan);
    }
    CHECK(load(failing("[]")).plan);
    CHECK(load(failing("")).plan);
}

TEST_CASE("strategies that contradict each other are refused") {
    const auto twice =
        load(failing("[{onFailure: {errors: [Timeout], action: {type: Abort}}}, {onFailure: "
                     "{errors: [TimeoutError], action: {type: Ignore}}}]"));
    REQUIRE(codes(twice) == words{"E0210"});
    CHECK(twice.findings.all()[0].notes.size() == 1);
    CHECK(codes(load(
              failing("[{onFailure: {errors: [AllErrors, Timeout], action: {type: Abort}}}]"))) ==
          words{"E0210"});
    CHECK(codes(load(
              failing("[{onFailure: {errors: [Timeout, Timeout], action: {type: Abort}}}]"))) ==
          words{"E0210"});
    CHECK(codes(load(failing("[{onFailure: {errors: [], action: {type: Abort}}}]"))) ==
          words{"E0210"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Retry, spec: "
                             "{retryCount: 1, onRetryFailure: {action: "
                             "{type: Retry, spec: {retryCount: 1}}}}}}}]"))) == words{"E0210"});
}

TEST_CASE("rollbacks of a group and the pipeline, group retries and interventions are read") {
    const auto action = [](const std::string& text) {
        const auto l =
            load(failing("[{onFailure: {errors: [AllErrors], action: {" + text + "}}}]"));
        INFO(text);
        REQUIRE(l.plan);
        const plan::failure_action* found = nullptr;
        for (const plan::node& n : l.plan->nodes) {
            if (n.extras && !n.extras->failure_strategies.empty()) {
                found = &n.extras->failure_strategies[0].action;
            }
        }
        REQUIRE(found);
        return std::pair{l.plan, found};
    };
    using kind = plan::action_kind;
    CHECK(action("type: PipelineRollback").second->kind == kind::pipeline_rollback);
    CHECK(action("type: StepGroupRollback").second->kind == kind::step_group_rollback);
    const auto again = action("type: RetryStepGroup, spec: {retryCount: 2, retryIntervals: [5s]}");
    CHECK(again.second->kind == kind::retry_step_group);
    CHECK(again.second->retry_count == 2);
    CHECK(again.second->retry_intervals_ms == std::vector<std::int64_t>{5000});
    const auto asked = action(
        "type: ManualIntervention, spec: {timeout: 1d, onTimeout: {action: "
        "{type: Abort}}}");
    CHECK(asked.second->timeout_ms == 86'400'000);
    REQUIRE(asked.second->follow_up);
    CHECK(asked.second->follow_up->kind == kind::abort);
}

TEST_CASE("malformed failure strategies are told where they are wrong") {
    CHECK(findings(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Abrot}}}]"))) ==
          words{"E0204@13:86"});
    CHECK(codes(load(failing("[{onFailure: {errors: [Timeuot], action: {type: Abort}}}]"))) ==
          words{"E0204"});
    CHECK(codes(load(failing("[{onFailure: {errors: AllErrors, action: {type: Abort}}}]"))) ==
          words{"E0203"});
    CHECK(codes(load(failing("[{onFailure: {action: {type: Abort}}}]"))) == words{"E0201"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors]}}]"))) == words{"E0201"});
    CHECK(codes(load(failing("[{}]"))) == words{"E0201"});
    CHECK(codes(load(failing("{}"))) == words{"E0203"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Retry}}}]"))) ==
          words{"E0201"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Retry, spec: "
                             "{retryCount: 0}}}}]"))) == words{"E0204"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Retry, spec: "
                             "{retryCount: 1, retryIntervals: 10s}}}}]"))) == words{"E0203"});
    CHECK(codes(load(failing("[{onFailure: {errors: [AllErrors], action: {type: Retry, spec: "
                             "{retryCount: 1, retryIntervals: [10q]}}}}]"))) == words{"E0209"});
    CHECK(codes(load(failing(
              "[{onFailure: {errors: [AllErrors], action: {type: Abort, spec: {x: 1}}}}]"))) ==
          words{"E0202"});
    CHECK(codes(load(failing("<+input>"), {}, true)) == words{"E0208"});
}
