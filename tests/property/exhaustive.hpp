// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::property {

enum class fate : std::uint8_t { completes, gets_stuck, too_large };

// What only a run would tell.
struct world {
    std::uint64_t holds = 0;  // a bit for each conditional node in the plan's order
    std::vector<std::string>
        keys;  // of locks whose key is an expression, in the order of unknown_keys
};

// Tries every order in which the lanes of a plan (of those that random_knot makes) can move, one
// small step at a time, from a model of its own that knows nothing of the checker.
[[nodiscard]] fate try_all_orders(const plan::plan&, const world&, std::size_t most_states);

// A step, by its path, and the barrier or lock that it waits for.
using waits = std::vector<std::pair<std::string, std::string>>;

// gets_stuck: it can come to a state in which all of these wait, and nobody can move. Orders are
// tried until one is found.
[[nodiscard]] fate end_with(const plan::plan&, const world&, const waits&, std::size_t most_states);

// How many nodes stand behind a condition that nobody knows.
[[nodiscard]] unsigned conditional_nodes(const plan::plan&);

// How many keys nobody knows: each lock step's in each turn, but one in each pipeline for what
// hangs on the pipeline alone.
[[nodiscard]] std::size_t unknown_keys(const plan::plan&);

}  // namespace weir::property
