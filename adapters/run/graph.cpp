// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/graph.hpp"

#include "adapters/run/forks.hpp"
#include "adapters/run/lane.hpp"
#include "adapters/run/run.hpp"

#include <algorithm>

namespace weir::runs {

dag::dag(const plan::plan& document, const plan::node& graph) {
    for (auto i = graph.first_child; i != plan::no_node; i = document[i].next)
        places_.push_back({&document[i], {}, 0, 0, false, {}});
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
        const auto* const extras = places_[i].what->extras;
        if (!extras)
            continue;
        for (const auto on : extras->depends_on) {
            places_[index_of(document[on])].next.push_back(i);
            ++places_[i].open;
        }
    }
}

std::uint32_t dag::index_of(const plan::node& child) const {
    const auto found = std::ranges::lower_bound(places_, &child, {}, &place::what);
    return static_cast<std::uint32_t>(found - places_.begin());
}

std::vector<const plan::node*> dag::first() const {
    std::vector<const plan::node*> all;
    for (const auto& p : places_) {
        if (p.open == 0)
            all.push_back(p.what);
    }
    return all;
}

std::vector<const plan::node*> dag::after(const plan::node& ended, bool failed) {
    const auto& from = places_[index_of(ended)];
    std::vector<const plan::node*> all;
    for (const auto i : from.next) {
        auto& to = places_[i];
        to.level = std::max(to.level, from.level + 1);
        if ((failed || from.lost) && !to.lost) {
            to.lost = true;
            to.cause = from.cause;
        }
        if (--to.open == 0)
            all.push_back(to.what);
    }
    return all;
}

void dag::blame(const plan::node& child, std::string_view cause) {
    auto& at = places_[index_of(child)];
    if (at.cause.empty())
        at.cause = cause;
}

bool dag::is_lost(const plan::node& child, std::string_view& cause) const {
    const auto& at = places_[index_of(child)];
    cause = at.cause;
    return at.lost;
}

std::uint32_t dag::level(const plan::node& child) const {
    return places_[index_of(child)].level;
}

std::vector<const plan::node*> dag::dependents(const plan::node& of) const {
    std::vector<bool> met(places_.size());
    std::vector<std::uint32_t> open{index_of(of)};
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        for (const auto i : places_[at].next) {
            if (!met[i])
                open.push_back(i);
            met[i] = true;
        }
    }
    std::vector<const plan::node*> all;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (met[i])
            all.push_back(places_[i].what);
    }
    return all;
}

namespace {

void start(activation& graph, const std::vector<const plan::node*>& children) {
    for (const auto* const child : children) {
        if (graph.halted)
            return;
        start_lane(begin_child(graph, *child), *graph.forked);
    }
}

}  // namespace

outcome run_graph(activation& a) {
    fork lanes{a.owner.home(), 0};
    dag order{a.owner.document(), *a.what};
    a.forked = &lanes;
    a.graph = &order;
    // Those that have started are waited for, whatever happens.
    (void)a.owner.attempt([&] { start(a, order.first()); });
    await(a, lanes);
    return ended_fork(a);
}

void child_ended(activation& graph, const plan::node& child, outcome how) {
    const bool failed =
        how == outcome::failed || how == outcome::timed_out || how == outcome::cancelled;
    (void)graph.owner.attempt([&] { start(graph, graph.graph->after(child, failed)); });
}

void lose_dependents(activation& graph, const plan::node& child, fibers::reason why,
                     std::string_view cause) noexcept {
    graph.graph->blame(child, cause);
    if (!graph.members)
        return;
    const auto lost = graph.graph->dependents(child);
    for (auto* at = graph.members->first; at; at = at->next) {
        if (std::ranges::binary_search(lost, at->what))
            graph.owner.members().fail_skipped(at, why, cause);
    }
}

}  // namespace weir::runs
