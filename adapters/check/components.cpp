// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/components.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace weir::check {

namespace {

class partition {
public:
    explicit partition(const occurrences& all)
        : all_{all}, group_(all.size()), members_(all.size(), 1), open_(all.size(), false) {
        std::iota(group_.begin(), group_.end(), occurrence_index{0});
        measure_depths();
        join_obstacles();
        join_limited();
    }

    [[nodiscard]] std::vector<std::vector<occurrence_index>> sets() {
        std::vector<std::vector<occurrence_index>> made;
        std::unordered_map<occurrence_index, std::size_t> known;
        for (occurrence_index i = 0; i < all_.size(); ++i) {
            if (!can_wait(i))
                continue;
            const auto [at, fresh] = known.try_emplace(set_of(i), made.size());
            if (fresh)
                made.emplace_back();
            made[at->second].push_back(i);
        }
        return made;
    }

private:
    [[nodiscard]] bool can_wait(occurrence_index i) const {
        const auto& o = all_[i];
        return o.meets != none &&
               (o.kind == occurrence_kind::barrier
                    ? !o.late
                    : o.kind == occurrence_kind::lock && !all_.keys()[o.meets].requests.empty());
    }

    void measure_depths() {
        depth_.resize(all_.size());
        for (occurrence_index i = 1; i < all_.size(); ++i)
            depth_[i] = depth_[all_[i].parent] + 1;
    }

    // Where the steps of each barrier and lock stand, and who holds the lock.
    void join_obstacles() {
        std::vector<std::vector<occurrence_index>> meetings(all_.meetings().size());
        for (occurrence_index i = 0; i < all_.size(); ++i) {
            if (can_wait(i) && all_[i].kind == occurrence_kind::barrier)
                meetings[all_[i].meets].push_back(i);
        }
        for (const auto& m : meetings)
            join(m);
        // A key that is not known may be any.
        std::vector<occurrence_index> together;
        const bool unknown = std::ranges::any_of(
            all_.keys(), [](const key& k) { return !k.known && !k.requests.empty(); });
        for (const auto& k : all_.keys()) {
            auto places = k.requests;
            for (const auto r : k.requests)
                places.push_back(all_.holder_of(r));
            if (!unknown)
                join(places);
            together.insert(together.end(), places.begin(), places.end());
        }
        if (unknown)
            join(together);
    }

    // Siblings below the innermost node around all places have to do with each other; what is
    // further below, with something outside its own siblings.
    void join(const std::vector<occurrence_index>& places) {
        if (places.empty())
            return;
        auto around = all_[places.front()].parent;
        for (const auto p : places)
            around = innermost(around, all_[p].parent);
        auto first = none;
        for (auto p : places) {
            for (; all_[p].parent != around; p = all_[p].parent)
                open_[find(p)] = true;
            if (first != none)
                unite(first, p);
            first = p;
        }
    }

    [[nodiscard]] occurrence_index innermost(occurrence_index a, occurrence_index b) const {
        while (a != b) {
            if (a == none || b == none)
                return none;
            if (depth_[a] >= depth_[b])
                a = all_[a].parent;
            else
                b = all_[b].parent;
        }
        return a;
    }

    // Turns that share slots, and entries of one graph, unless each is by itself.
    void join_limited() {
        for (occurrence_index i = 0; i < all_.size(); ++i) {
            if (!is_limited(i))
                continue;
            auto first = none;
            for (auto c = all_[i].first; c != none; c = all_[c].next) {
                const auto g = find(c);
                if (!open_[g] && members_[g] == 1)
                    continue;
                if (first != none)
                    unite(first, c);
                first = c;
            }
        }
    }

    [[nodiscard]] bool is_limited(occurrence_index i) const {
        const auto& o = all_[i];
        if (o.kind == occurrence_kind::loop && !o.never)
            return all_.loop(o).slots != 0;  // fewer may be tried than there are
        return o.kind == occurrence_kind::graph;
    }

    occurrence_index find(occurrence_index i) {
        while (group_[i] != i) {
            group_[i] = group_[group_[i]];
            i = group_[i];
        }
        return i;
    }

    void unite(occurrence_index a, occurrence_index b) {
        a = find(a);
        b = find(b);
        if (a == b)
            return;
        group_[b] = a;
        members_[a] += members_[b];
        open_[a] = open_[a] || open_[b];
    }

    occurrence_index set_of(occurrence_index i) {
        for (;; i = all_[i].parent) {
            const auto g = find(i);
            if (!open_[g] || all_[i].parent == none)
                return g;
        }
    }

    const occurrences& all_;
    std::vector<occurrence_index> group_;  // of siblings: on the way to one of them
    std::vector<std::uint32_t> members_;
    std::vector<bool> open_;  // the group has to do with others than siblings
    std::vector<std::uint32_t> depth_;
};

}  // namespace

std::vector<std::vector<occurrence_index>> components(const occurrences& all) {
    return partition{all}.sets();
}

}  // namespace weir::check
