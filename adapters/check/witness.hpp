// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// Why a barrier stays closed: a party of it stands at `owed`, and cannot come before `waiter` is let through at the
// barrier where that waits.
struct edge {
    plan::node_index owed = plan::no_node;
    plan::node_index waiter = plan::no_node;
    plan::node_index loop = plan::no_node;     // the party is a turn of it that gets no slot; none: it comes afterwards
};

// The shortest cycle of barriers that wait for one another, as edges: each edge's waiter waits at the barrier that the
// next edge owes a party to, the last one's at the first's. Empty when nothing is stuck.
[[nodiscard]] std::vector<edge> find_cycle(const plan::plan&, const flow&, const symbolic_run&);

}  // namespace weir::check
