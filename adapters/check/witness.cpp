// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/witness.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

namespace weir::check {

using plan::node_index;
using plan::node_kind;

namespace {

// For each barrier that is closed: through whom it hangs on which other.
using graph = std::map<std::uint32_t, std::map<std::uint32_t, edge>>;

class edges {
public:
    edges(const plan::plan& document, const flow& known, const symbolic_run& stuck)
        : document_{document}, flow_{known}, stuck_{stuck} {
        for (const auto& waiters : stuck.waiting()) {
            for (const auto* waiter : waiters) {
                if (seen_.insert(waiter->what).second) climb(*waiter);
            }
        }
    }

    [[nodiscard]] const graph& all() const noexcept { return graph_; }

private:
    // What cannot start before this waiter goes on: later siblings on the way up, and turns without a slot.
    void climb(const strand& waiter) {
        for (const auto* at = &waiter; at->parent; at = at->parent) {
            const auto& around = *at->parent;
            if (stuck_.is_sequence(around)) {
                for (auto later = around.next_child; later != plan::no_node; later = document_[later].next) {
                    owe(later, {.owed = later, .waiter = waiter.what, .loop = plan::no_node});
                }
            } else if (stuck_.is_loop(around) && around.started < flow_.turns(around.what)) {
                owe(around.what, {.owed = around.what, .waiter = waiter.what, .loop = around.what});
            }
        }
    }

    void owe(node_index at, edge how) {
        const auto& what = document_[at];
        if (!what.holds_barriers || flow_.never_runs(at)) return;
        if (what.kind == node_kind::barrier) {
            how.owed = at;
            graph_[what.barrier].try_emplace(document_[how.waiter].barrier, how);
        }
        for (auto child = what.first_child; child != plan::no_node; child = document_[child].next) owe(child, how);
    }

    const plan::plan& document_;
    const flow& flow_;
    const symbolic_run& stuck_;
    std::set<node_index> seen_;
    graph graph_;
};

// The shortest way from a barrier back to itself; breadth first.
std::vector<edge> cycle_through(const graph& all, std::uint32_t first) {
    std::map<std::uint32_t, std::pair<std::uint32_t, edge>> reached;   // from where, by which edge
    std::queue<std::uint32_t> next;
    next.push(first);
    while (!next.empty() && !reached.contains(first)) {
        const auto at = next.front();
        next.pop();
        const auto out = all.find(at);
        if (out == all.end()) continue;
        for (const auto& [to, how] : out->second) {
            if (reached.try_emplace(to, at, how).second) next.push(to);
        }
    }
    std::vector<edge> cycle;
    if (!reached.contains(first)) return cycle;
    auto at = first;
    do {
        const auto& [from, how] = reached.at(at);
        cycle.push_back(how);
        at = from;
    } while (at != first);
    std::ranges::reverse(cycle);
    return cycle;
}

}  // namespace

std::vector<edge> find_cycle(const plan::plan& document, const flow& known, const symbolic_run& stuck) {
    const edges found{document, known, stuck};
    std::vector<edge> best;
    for (const auto& [barrier, out] : found.all()) {
        auto cycle = cycle_through(found.all(), barrier);
        if (!cycle.empty() && (best.empty() || cycle.size() < best.size())) best = std::move(cycle);
        if (best.size() == 1) break;
    }
    return best;
}

}  // namespace weir::check
