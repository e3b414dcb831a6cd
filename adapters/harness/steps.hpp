// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/yaml_json.hpp"

#include <string_view>

namespace weir::harness {

// Reads a list of steps, step groups and parallels into nodes below `parent`. `what` names the
// list.
void read_steps(context&, std::string_view what, yaml::value, plan::node_index parent);

// Reads `rollbackSteps` into the rollback section of a stage or step group; none when the list is
// empty.
void read_rollback_steps(context&, yaml::value, plan::node_index owner);

// The parts that stages, step groups and steps have in common.
struct common_draft {
    yaml::value identifier, name, timeout, when, failure_strategies, strategy, strategy_key;
};

// Sets identifier, name, position, timeout, failure strategies and strategy of a node; `v` is the
// whole construct.
void read_common(context&, yaml::value v, const common_draft&, plan::node_index);

// E0207 for a template that stays unresolved, unless that was told: what it is used for, and where.
void unresolved_template(context&, std::string_view used_as, yaml::value v);

// E0103 for what those who read specs could not follow.
bool refuse_deep(context&, yaml::value, const yaml::json_facts&);

// Puts a value into a node's spec as JSON, without one entry if that is named.
void keep_spec(context&, yaml::value, std::string_view without, plan::node_index);

// Policies are the host's business: they go to it as `enforce` in the spec.
void keep_enforce(context&, yaml::value, plan::node_index);

// The legacy `skipCondition`: the node is skipped when that is true. After `when`.
void read_skip_condition(context&, yaml::value, plan::node_index);

// An `insert`: where a template lets others put in stages or steps, listed under `list`. What it
// holds stands where it stands. The list, or no value when there is none.
[[nodiscard]] yaml::value read_insert(context&, yaml::value, std::string_view list);

}  // namespace weir::harness
