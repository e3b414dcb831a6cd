// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/json.hpp"

#include <string>
#include <vector>

namespace weir::harness {

// What a Deployment stage deploys, or where to.
struct target_list {
    std::vector<json> values;  // references; of an infrastructure in one of several environments:
                               // {"identifier": environment, "infrastructure": identifier}
    std::string environment;   // of `of_one`: its reference
    std::vector<std::string> constrained;  // of its targets, as "environment/infrastructure": those
                                           // that stages deploy to one after another
    std::string expression;                // not empty: what they are is known only in the run
    bool parallel = true;
    bool of_one = false;  // infrastructures of one environment
    plan::span where;

    [[nodiscard]] bool is_many() const noexcept { return values.size() > 1 || !expression.empty(); }
};

// `service` or `services`, and `environment`, `environments` or `environmentGroup`. Each
// infrastructure is one target. What is wrong is told.
[[nodiscard]] target_list read_services(context&, yaml::value spec);
[[nodiscard]] target_list read_environments(context&, yaml::value spec);

}  // namespace weir::harness
