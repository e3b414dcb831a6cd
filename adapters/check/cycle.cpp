// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/cycle.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <set>

namespace weir::check {

namespace {

// Of those who wait below a node, so many obstacles are remembered: enough to find short cycles,
// and one is enough to find a cycle.
constexpr std::size_t remembered = 8;

class wait_graph {
public:
    wait_graph(const occurrences& all, const symbolic_run& stuck) : all_{all}, stuck_{stuck} {
        for (std::uint32_t m = 0; m < stuck.meetings().size(); ++m) {
            for (const auto waiter : stuck.meetings()[m].waiting)
                remember(waiter, {false, m});
        }
        for (std::uint32_t k = 0; k < stuck.keys().size(); ++k) {
            for (const auto waiter : stuck.keys()[k].queue)
                remember(waiter, {true, k});
        }
        for (const auto& at : obstacles_)
            at.lock ? explain_lock(at) : explain_barrier(at);
    }

    [[nodiscard]] std::vector<edge> shortest() const {
        std::vector<edge> best;
        for (const auto& at : one_cycle()) {
            auto cycle = through(at);
            if (best.empty() || cycle.size() < best.size())
                best = std::move(cycle);
        }
        return best;
    }

private:
    struct wait {
        obstacle at;
        occurrence_index who;
    };

    void remember(occurrence_index waiter, obstacle at) {
        obstacles_.insert(at);
        for (auto i = waiter; i != none; i = all_[i].parent) {
            auto& here = below_[i];
            const bool known = std::ranges::any_of(here, [&](const wait& w) { return w.at == at; });
            if (!known && here.size() < remembered)
                here.push_back({at, waiter});
        }
    }

    // The parties of a barrier that have not come: what keeps each of them.
    void explain_barrier(obstacle at) {
        const auto& meeting = all_.meetings()[at.which];
        const auto& waiting = stuck_.meetings()[at.which].waiting;
        std::set<occurrence_index> come;
        const bool cyclic = all_.document().barriers[meeting.definition].cyclic;
        for (const auto w : waiting)
            come.insert(cyclic ? all_.party_of(w) : w);
        for (const auto party : meeting.parties) {
            if (!stuck_.has_left(party) && !come.contains(party) && !stuck_.is_done(party))
                explain_party(at, party);
        }
    }

    void explain_party(obstacle at, occurrence_index party) {
        if (stuck_.at(party) != phase::ahead)  // a loop under way, held up elsewhere
            return blame(at, party, party, party, edge::because::comes_after);
        auto branch = party;
        while (stuck_.at(all_[branch].parent) == phase::ahead)
            branch = all_[branch].parent;
        const auto around = all_[branch].parent;
        switch (all_[around].kind) {
        case occurrence_kind::sequence:
            return blame(
                at, party, stuck_.current(around), around,
                all_[branch].optional ? edge::because::undecided : edge::because::comes_after);
        case occurrence_kind::loop:
            return blame_turns(at, party, around);
        case occurrence_kind::graph:
            return blame_dependencies(at, party, branch, around);
        default:
            return;
        }
    }

    void blame_turns(obstacle at, occurrence_index party, occurrence_index loop) {
        std::size_t looked_at = 0;
        for (auto turn = all_[loop].first; turn != none; turn = all_[turn].next) {
            if (stuck_.is_done(turn))
                continue;
            if (stuck_.at(turn) == phase::ahead || ++looked_at > remembered)
                return;
            blame(at, party, turn, loop, edge::because::no_slot);
        }
    }

    void blame_dependencies(obstacle at, occurrence_index party, occurrence_index entry,
                            occurrence_index around) {
        std::vector<occurrence_index> open{entry};
        std::set<occurrence_index> seen{entry};
        while (!open.empty()) {
            const auto next = open.back();
            open.pop_back();
            for (const auto before : all_.dependencies(next)) {
                if (stuck_.is_done(before) || !seen.insert(before).second)
                    continue;
                if (stuck_.at(before) == phase::ahead)
                    open.push_back(before);
                else
                    blame(at, party, before, around, edge::because::comes_after);
            }
        }
    }

    void explain_lock(obstacle at) {
        for (const auto& h : stuck_.keys()[at.which].held)
            blame(at, h.by, h.holder, h.holder, edge::because::holds_lock);
    }

    // Everybody who waits below `branch` is a reason.
    void blame(obstacle from, occurrence_index owed, occurrence_index branch,
               occurrence_index around, edge::because why) {
        const auto found = below_.find(branch);
        if (found == below_.end())
            return;
        for (const auto& w : found->second)
            edges_[from].try_emplace(w.at, edge{from, w.at, why, owed, w.who, around});
    }

    // Everything stuck hangs on something stuck: following that leads into a cycle.
    [[nodiscard]] std::vector<obstacle> one_cycle() const {
        if (edges_.empty())
            return {};
        std::map<obstacle, std::size_t> visited;
        std::vector<obstacle> way;
        for (auto at = edges_.begin()->first;;) {
            const auto [place, fresh] = visited.try_emplace(at, way.size());
            if (!fresh)
                return {way.begin() + static_cast<std::ptrdiff_t>(place->second), way.end()};
            way.push_back(at);
            const auto out = edges_.find(at);
            if (out == edges_.end())
                return way;
            at = out->second.begin()->first;
        }
    }

    // The shortest way from an obstacle back to itself; breadth first.
    [[nodiscard]] std::vector<edge> through(obstacle first) const {
        std::map<obstacle, const edge*> reached;
        std::queue<obstacle> next;
        next.push(first);
        while (!next.empty() && !reached.contains(first)) {
            const auto out = edges_.find(next.front());
            next.pop();
            if (out == edges_.end())
                continue;
            for (const auto& [to, how] : out->second) {
                if (reached.try_emplace(to, &how).second)
                    next.push(to);
            }
        }
        std::vector<edge> cycle;
        if (!reached.contains(first))
            return cycle;
        auto at = first;
        do {
            cycle.push_back(*reached.at(at));
            at = cycle.back().from;
        } while (at != first);
        std::ranges::reverse(cycle);
        return cycle;
    }

    const occurrences& all_;
    const symbolic_run& stuck_;
    std::map<occurrence_index, std::vector<wait>> below_;
    std::set<obstacle> obstacles_;
    std::map<obstacle, std::map<obstacle, edge>> edges_;
};

}  // namespace

std::vector<edge> find_cycle(const occurrences& all, const symbolic_run& stuck) {
    auto cycle = wait_graph{all, stuck}.shortest();
    const auto first = std::ranges::min_element(cycle, {}, &edge::waiter);
    std::rotate(cycle.begin(), first, cycle.end());
    return cycle;
}

}  // namespace weir::check
