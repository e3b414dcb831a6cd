// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

// The beginning of a text that may be long and have several lines.
[[nodiscard]] std::string one_line(std::string_view text);

// A plan as pictures show it: many siblings in a row that differ in their names alone are one
// entry. Shared by the tree and the graphs.
class outline {
public:
    explicit outline(const plan&);

    struct entry {
        node_index node;  // the first of the row
        node_index last;  // equal to node when it is one
        std::uint32_t count = 1;
    };

    // The children of a container, rows of equal shape drawn together from `row` siblings on. In a
    // graph those depend on the same.
    [[nodiscard]] std::vector<entry> children(node_index, std::size_t row) const;

    // "matrix service, zone: x 6, 2 at once", "while <+a> < 3, at most 10"; empty without a loop.
    [[nodiscard]] std::string loop_text(node_index) const;

    // How many lanes meet here: the product of the loops around it; 0 where one's size is not
    // known. Of a cyclic barrier the party is the lane around a loop whose turns follow each other.
    [[nodiscard]] std::uint64_t lanes_at(node_index) const;

    // Its id, and whose it is where that is not the root: "ready of deploy".
    [[nodiscard]] std::string barrier_text(std::uint32_t barrier) const;

    // "5 lanes", "at least 5 lanes", "2 of 5 lanes" of those that meet at a barrier.
    [[nodiscard]] std::string lanes_text(std::uint32_t barrier) const;

    // Where the barrier is met, in the order of the document.
    [[nodiscard]] const std::vector<node_index>& places_of(std::uint32_t barrier) const {
        return places_[barrier];
    }

    // "key db, 2 of 3 permits, until the stage ends" of a lock.
    [[nodiscard]] std::string lock_text(node_index) const;

    [[nodiscard]] std::uint64_t steps_below(node_index i) const { return steps_[i]; }

private:
    [[nodiscard]] std::uint64_t own_shape(node_index) const;

    const plan& plan_;
    std::vector<std::uint64_t> shapes_;  // equal for nodes that differ in names alone
    std::vector<std::uint64_t> counts_;  // instances of each node's own loop; 0: not known
    std::vector<std::uint64_t> caps_;    // of it; 0: all at once
    std::vector<std::uint32_t> steps_;
    std::vector<std::vector<node_index>> places_;  // by barrier
};

}  // namespace weir::plan
