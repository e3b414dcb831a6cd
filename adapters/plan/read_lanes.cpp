// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_check.hpp"

#include <map>
#include <tuple>

namespace weir::plan {

namespace {

// Where a Barrier step stands among the lanes.
struct seat {
    node_index lane = no_node;   // innermost: a stage, an entry of a parallel or graph, a loop
    node_index stage = no_node;  // innermost
    node_index top = no_node;    // the root's child that holds it
    bool rollback = false;
};

seat seat_of(const plan& p, node_index i) {
    seat out;
    for (node_index below = no_node; i != no_node; below = i, i = p[i].parent) {
        const node& n = p[i];
        const bool entry = n.parent != no_node && (p[n.parent].kind == node_kind::parallel ||
                                                   p[n.parent].kind == node_kind::graph);
        const bool stage = n.kind == node_kind::stage;
        if (out.lane == no_node && (n.loop() || entry || stage))
            out.lane = i;
        if (out.stage == no_node && stage)
            out.stage = i;
        if (n.parent == no_node)
            out.top = below;
        out.rollback = out.rollback || n.kind == node_kind::rollback;
    }
    return out;
}

struct party {
    node_index step;
    seat at;
};

class lanes {
public:
    explicit lanes(read_context& c) : c_(c), parties_(c.made().barriers.size()) {
        const plan& p = c.made();
        for (node_index i = 0; i < p.nodes.size(); ++i)
            if (p[i].kind == node_kind::barrier)
                parties_[p[i].barrier].push_back({i, seat_of(p, i)});
    }

    void check() {
        for (const auto& of_one : parties_) {
            check_lane(of_one);
            check_flows(of_one);
        }
    }

private:
    std::string name(const party& p) const {
        return "`" + c_.made().barriers[c_.made()[p.step].barrier].id + "`";
    }

    void check_lane(const std::vector<party>& all) {
        std::map<std::pair<node_index, bool>, node_index> seen;
        for (const party& p : all) {
            const auto [earlier, added] = seen.try_emplace({p.at.lane, p.at.rollback}, p.step);
            if (!added)
                c_.report(code::barrier_twice_in_lane, p.step,
                          "the barrier " + name(p) + " is named a second time in one lane",
                          "give the second one a barrier of its own")
                    .notes.push_back({"the lane names it here first", c_.where(earlier->second)});
        }
    }

    // A rollback section would wait for parties of the normal flow, which are over or never come.
    void check_flows(const std::vector<party>& all) {
        const party* first = nullptr;
        const party* elsewhere = nullptr;  // below another child of the root than `first`
        std::map<node_index, const party*> by_stage;
        for (const party& p : all) {
            if (p.at.rollback)
                continue;
            by_stage.try_emplace(p.at.stage, &p);
            if (!first)
                first = &p;
            else if (!elsewhere && p.at.top != first->at.top)
                elsewhere = &p;
        }
        for (const party& p : all) {
            if (!p.at.rollback || !first)
                continue;
            const auto same = by_stage.find(p.at.stage);
            const party* other = same != by_stage.end()      ? same->second
                                 : first->at.top != p.at.top ? first
                                                             : elsewhere;
            if (other)
                c_.report(code::barrier_in_both_flows, p.step,
                          "the barrier " + name(p) +
                              " is used in a rollback section and in the normal flow of " +
                              (same != by_stage.end() ? "the same stage"
                                                      : "a stage in sequence with it"),
                          "give the rollback section a barrier of its own")
                    .notes.push_back({"the normal flow uses it here", c_.where(other->step)});
        }
    }

    read_context& c_;
    std::vector<std::vector<party>> parties_;  // by barrier
};

}  // namespace

void check_lanes(read_context& c) {
    if (!c.made().barriers.empty())
        lanes(c).check();
}

}  // namespace weir::plan
