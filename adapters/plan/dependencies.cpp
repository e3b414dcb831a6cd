// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/dependencies.hpp"

#include <algorithm>
#include <unordered_map>

namespace weir::plan {

namespace {

const std::vector<node_index>& dependencies_of(const node& n) {
    static const std::vector<node_index> none;
    return n.extras ? n.extras->depends_on : none;
}

// Kahn's: those that are left when nothing more can start, with the number that they wait for.
std::unordered_map<node_index, std::size_t> stuck_in(const plan& p, node_index graph) {
    std::unordered_map<node_index, std::size_t> open;
    std::unordered_map<node_index, std::vector<node_index>> waiting;
    std::vector<node_index> ready;
    for (node_index i = p[graph].first_child; i != no_node; i = p[i].next) {
        const auto& on = dependencies_of(p[i]);
        open[i] = on.size();
        if (on.empty())
            ready.push_back(i);
        for (const node_index one : on)
            waiting[one].push_back(i);
    }
    while (!ready.empty()) {
        const node_index done = ready.back();
        ready.pop_back();
        open.erase(done);
        for (const node_index i : waiting[done])
            if (--open[i] == 0)
                ready.push_back(i);
    }
    return open;
}

}  // namespace

std::vector<node_index> dependency_cycle(const plan& p, node_index graph) {
    const auto stuck = stuck_in(p, graph);
    node_index at = p[graph].first_child;
    while (at != no_node && !stuck.contains(at))
        at = p[at].next;
    if (at == no_node)
        return {};
    // From one that is stuck, along dependencies that are stuck, until one comes a second time.
    std::vector<node_index> way;
    std::unordered_map<node_index, std::size_t> place;
    while (place.try_emplace(at, way.size()).second) {
        way.push_back(at);
        at = *std::ranges::find_if(dependencies_of(p[at]),
                                   [&](const node_index i) { return stuck.contains(i); });
    }
    way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(place[at]));
    return way;
}

std::string chain_of(const plan& p, const std::vector<node_index>& cycle) {
    constexpr std::size_t shown = 10;
    std::string chain;
    for (std::size_t i = 0; i < cycle.size() && i < shown; ++i)
        chain += "`" + std::string(p[cycle[i]].id) + "` waits for ";
    if (cycle.size() > shown)
        chain += "... which waits for ";
    return chain + "`" + std::string(p[cycle.front()].id) + "`";
}

}  // namespace weir::plan
