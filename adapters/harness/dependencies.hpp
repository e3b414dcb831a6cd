// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <vector>

namespace weir::harness {

// An entry of a list of stages whose order `dependsOn` gives: a node of the graph, and the list
// that it has, if any.
struct graph_entry {
    plan::node_index node = plan::no_node;
    yaml::value depends_on;
};

// Whether a list of stages is a graph: one of its stages has `dependsOn`.
[[nodiscard]] bool is_graph(yaml::value stages);

// Puts into each node what it waits for: what it lists, or the entry before it when it has no list.
// Unknown names, names of the node itself, and circles are told.
void read_dependencies(context&, const std::vector<graph_entry>&, plan::node_index graph);

}  // namespace weir::harness
