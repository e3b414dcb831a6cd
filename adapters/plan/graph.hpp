// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/outline.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::plan {

// A plan as boxes in frames, joined by edges: what the graph formats print.
class graph {
public:
    enum class shape : std::uint8_t {
        box,
        bar,
        join
    };  // bar: a barrier; join: where lanes meet or part

    struct box {
        std::string label;  // lines parted by \n
        graph::shape shape = shape::box;
        int frame = -1;  // index into frames, -1: none
    };
    struct frame {
        std::string label;
        int parent = -1;
    };
    struct edge {
        int from;
        int to;
        bool rollback = false;
    };

    explicit graph(const plan&);

    [[nodiscard]] const std::vector<box>& boxes() const noexcept { return boxes_; }
    [[nodiscard]] const std::vector<frame>& frames() const noexcept { return frames_; }
    [[nodiscard]] const std::vector<edge>& edges() const noexcept { return edges_; }

private:
    using ends = std::vector<int>;  // the boxes that lanes come from

    ends sequence(node_index, ends from, int within);
    ends fork(node_index, ends from, int within);
    ends dependent(node_index, const ends& from, int within);
    ends one(const outline::entry&, const ends& from, int within);
    int together(const std::vector<outline::entry>&, bool in_turn, int within);
    void roll_back(node_index section, const ends& from, int within);
    int bar(std::uint32_t barrier);
    int add(std::string label, shape, int within);
    void join(const ends& from, int to, bool rollback = false);
    [[nodiscard]] std::string title(const outline::entry&) const;
    [[nodiscard]] bool in_lanes(node_index i) const {  // its children, not it, are lanes
        return plan_[i].kind == node_kind::parallel || plan_[i].kind == node_kind::graph;
    }

    const plan& plan_;
    outline outline_;
    std::vector<box> boxes_;  // the bars first, as plan::barriers has them
    std::vector<frame> frames_;
    std::vector<edge> edges_;
};

}  // namespace weir::plan
