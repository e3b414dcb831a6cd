// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <string>

namespace weir::plan {

inline constexpr int plan_json_version = 1;   // grows when a reader of the old form would go wrong

// [own stack, any thread] The plan for people and programs.

// docs/plan.schema.json describes it: every node with its path, and its position where it has one.
[[nodiscard]] std::string to_json(const plan&);

// Indented text. One line a node; loops with their counts ("matrix service, zone: x 6, 2 at once");
// many siblings of the same shape come as the first, the number of those left out, and the last;
// every place of a barrier bears its bar, "=====", and a list at the end says where each one is.
[[nodiscard]] std::string to_tree(const plan&);

// Flow graphs. What holds no barrier is one box, with the number of its steps; what holds one is a
// frame with its lanes; a barrier is one bar that all its lanes run through.
[[nodiscard]] std::string to_dot(const plan&);
[[nodiscard]] std::string to_mermaid(const plan&);

}  // namespace weir::plan
