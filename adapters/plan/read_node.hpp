// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/read_context.hpp"

#include <cstdint>
#include <vector>

namespace weir::plan {

// Where a Barrier step names its barrier, until all declarations are known.
struct barrier_use {
    node_index node;
    source::value reference;
};

struct read_nodes {
    std::vector<barrier_use> uses;
    std::vector<node_index> pipelines;  // the root first
};

// The root and all below it.
void read_root(read_context&, const source::value&, read_nodes& out);

// The plan's list of barriers; its scopes are among the pipelines that were read.
void read_barriers(read_context&, const source::value&, read_nodes&);

// What the Barrier steps name, once all barriers are declared.
void resolve_barriers(read_context&, const read_nodes&);

// What a barrier runs on its release; the barrier is in the plan already.
void read_on_release(read_context&, const source::value&, std::uint32_t barrier, read_nodes& out);

// The parts of a node that have readers of their own.
void read_loop(read_context&, const source::value&, node_index);
void read_failure_strategies(read_context&, const source::value&, node_index);
void read_lock(read_context&, const source::value&, node_index);
[[nodiscard]] amount read_amount(read_context&, std::string_view what, const source::value&,
                                 std::int64_t least);

// `depends_on` of a graph's children, once all of them are there.
struct dependency_list {
    node_index node;
    source::value names;
};
void read_dependencies(read_context&, node_index graph, const std::vector<dependency_list>&);

}  // namespace weir::plan
