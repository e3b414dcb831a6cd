// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <memory>
#include <vector>

namespace weir::harness {

// A stage in a list whose order `dependsOn` gives: its node, the list that it has, if any, and the
// stages of the entry before its own.
struct graph_entry {
    plan::node_index node = plan::no_node;
    yaml::value depends_on;
    std::shared_ptr<const std::vector<plan::node_index>> before;  // null: it is the first
};

// Whether a list of stages is a graph: one of its stages has `dependsOn`.
[[nodiscard]] bool is_graph(yaml::value stages);

// Puts into each node what it waits for: what it lists, or all of the entry before its own when it
// has no list.
// Unknown names, names of the node itself, and circles are told.
void read_dependencies(context&, const std::vector<graph_entry>&, plan::node_index graph);

}  // namespace weir::harness
