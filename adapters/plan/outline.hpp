// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::plan {

// A plan as pictures show it: many siblings in a row that differ in their names alone are one
// entry. Shared by the tree and the graphs.
class outline {
public:
    explicit outline(const plan&);

    struct entry {
        node_index node;              // the first of the row
        node_index last;              // equal to node when it is one
        std::uint32_t count = 1;
    };

    // The children of a container, rows of equal shape drawn together from `row` siblings on.
    [[nodiscard]] std::vector<entry> children(node_index, std::size_t row) const;

    // "matrix service, zone: x 6, 2 at once"; empty without a loop.
    [[nodiscard]] std::string loop_text(node_index) const;

    // How many lanes meet here: the product of the loops around it; 0 where one's size is not
    // known.
    [[nodiscard]] std::uint64_t lanes_at(node_index) const;

    [[nodiscard]] std::uint64_t steps_below(node_index i) const { return steps_[i]; }

private:
    const plan& plan_;
    std::vector<std::uint64_t> shapes_;   // equal for nodes that differ in names alone
    std::vector<std::uint64_t> counts_;   // instances of each node's own loop; 0: not known
    std::vector<std::uint32_t> steps_;
};

}  // namespace weir::plan
