// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/loops.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// What the plan says of each node's way of running, worked out once for the nodes around barriers.
class flow {
public:
    explicit flow(const plan::plan&);

    // It never runs when all goes well: a constant false condition, or a `when` that asks for a failure.
    [[nodiscard]] bool never_runs(plan::node_index i) const noexcept { return facts_[i].never_runs; }
    // A condition that is known only at run time stands on the node.
    [[nodiscard]] bool is_conditional(plan::node_index i) const noexcept { return facts_[i].conditional; }
    [[nodiscard]] std::uint64_t turns(plan::node_index i) const noexcept { return facts_[i].turns; }
    [[nodiscard]] std::uint64_t cap(plan::node_index i) const noexcept { return facts_[i].cap; }

private:
    struct facts {
        std::uint64_t turns = 1;   // of its loop
        std::uint64_t cap = 0;     // 0: all at once
        bool never_runs = false;
        bool conditional = false;
    };

    std::vector<facts> facts_;     // by node
};

}  // namespace weir::check
