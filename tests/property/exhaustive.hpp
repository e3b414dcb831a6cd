// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::property {

enum class fate : std::uint8_t { completes, gets_stuck, too_large };

// Tries every order in which the lanes of a plan (of those that random_knot makes) can move, one
// small step at a time, from a model of its own that knows nothing of the checker. `holds` says, by
// a bit for each conditional node in the plan's order, which conditions are true.
[[nodiscard]] fate try_all_orders(const plan::plan&, std::uint64_t holds, std::size_t most_states);

// How many nodes stand behind a condition that nobody knows.
[[nodiscard]] unsigned conditional_nodes(const plan::plan&);

}  // namespace weir::property
