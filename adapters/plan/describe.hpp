// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <string>

namespace weir::plan {

// [own stack] The plan for people and programs.
[[nodiscard]] std::string to_json(const plan&);     // documented, versioned; every node with path and position
[[nodiscard]] std::string to_tree(const plan&);     // indented text; loops collapsed with counts
[[nodiscard]] std::string to_dot(const plan&);
[[nodiscard]] std::string to_mermaid(const plan&);

}  // namespace weir::plan
