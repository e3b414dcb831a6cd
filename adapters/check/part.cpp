// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/occurrences.hpp"

#include <algorithm>
#include <unordered_map>

namespace weir::check {

// Copies some occurrences of a whole, with numbers of their own.
class occurrences::taker {
public:
    taker(occurrences& into, const occurrences& from) : made_{into}, from_{from} {}

    void take(const std::vector<occurrence_index>& steps) {
        for (const auto i : kept_of(steps))
            copy(i);
        for (occurrence_index i = 0; i < made_.all_.size(); ++i)
            link(i);
        for (auto& m : made_.meetings_)
            renumber(m);
        copy_links(from_.before_, made_.before_);
        copy_links(from_.after_, made_.after_);
    }

private:
    // With all that is around them, and all entries of a graph: what comes after one hangs on it.
    [[nodiscard]] std::vector<occurrence_index> kept_of(
        const std::vector<occurrence_index>& steps) const {
        std::vector<occurrence_index> kept;
        std::unordered_map<occurrence_index, bool> seen;
        for (auto i : steps) {
            for (; i != none && seen.try_emplace(i).second; i = from_.all_[i].parent) {
                kept.push_back(i);
                if (from_.all_[i].kind != occurrence_kind::graph)
                    continue;
                for (auto c = from_.all_[i].first; c != none; c = from_.all_[c].next) {
                    if (seen.try_emplace(c).second)
                        kept.push_back(c);
                }
            }
        }
        std::ranges::sort(kept);
        return kept;
    }

    void copy(occurrence_index i) {
        const auto now = static_cast<occurrence_index>(made_.all_.size());
        now_.emplace(i, now);
        auto& o = made_.all_.emplace_back(from_.all_[i]);
        o.first = o.next = none;
        o.end = now + 1;
        o.condition = unknown_of(o.condition);
        if (o.loop != none)
            o.loop = loop_of(o.loop);
        if (o.meets != none)
            o.meets = o.kind == occurrence_kind::lock ? key_of(o.meets, now) : meeting_of(o.meets);
        made_.after_failure_ = made_.after_failure_ || o.optional ||
                               made_.node(now).status != plan::when_status::success;
    }

    std::uint32_t unknown_of(std::uint32_t u) {
        if (u == none)
            return none;
        const auto [at, fresh] =
            unknowns_.try_emplace(u, static_cast<std::uint32_t>(made_.unknowns_.size()));
        if (fresh)
            made_.unknowns_.push_back(from_.unknowns_[u]);
        return at->second;
    }

    std::uint32_t loop_of(std::uint32_t loop) {
        auto facts = from_.loops_[loop];
        facts.size = unknown_of(facts.size);
        facts.slots_of = unknown_of(facts.slots_of);
        made_.loops_.push_back(facts);
        return static_cast<std::uint32_t>(made_.loops_.size() - 1);
    }

    std::uint32_t meeting_of(std::uint32_t meeting) {
        const auto [at, fresh] =
            meetings_.try_emplace(meeting, static_cast<std::uint32_t>(made_.meetings_.size()));
        if (fresh)
            made_.meetings_.push_back(from_.meetings_[meeting]);
        return at->second;
    }

    std::uint32_t key_of(std::uint32_t which, occurrence_index request) {
        const auto [at, fresh] =
            keys_.try_emplace(which, static_cast<std::uint32_t>(made_.keys_.size()));
        if (fresh) {
            made_.keys_.push_back(from_.keys_[which]);
            made_.keys_.back().requests.clear();
        }
        if (!from_.keys_[which].requests.empty())
            made_.keys_[at->second].requests.push_back(request);
        return at->second;
    }

    void link(occurrence_index i) {
        auto& o = made_.all_[i];
        if (o.parent == none)
            return;
        o.parent = now_.at(o.parent);
        auto& around = made_.all_[o.parent];
        if (around.first == none)
            around.first = i;
        else
            made_.all_[last_.at(o.parent)].next = i;
        last_[o.parent] = i;
        for (auto up = o.parent; up != none && made_.all_[up].end <= i; up = made_.all_[up].parent)
            made_.all_[up].end = i + 1;
    }

    void renumber(meeting& m) {
        m.scope = now_.at(m.scope);
        for (auto& p : m.parties)
            p = now_.at(p);
        const bool cyclic = made_.document_.barriers[m.definition].cyclic;
        for (const auto p : m.parties) {
            if (cyclic)
                made_.cycles_[p].push_back(static_cast<std::uint32_t>(&m - made_.meetings_.data()));
        }
    }

    template <class rows>
    void copy_links(const rows& from, rows& to) {
        if (from.empty())
            return;
        for (const auto& [was, now] : now_) {
            const auto at = from.find(was);
            if (at == from.end())
                continue;
            for (const auto other : at->second)
                to[now].push_back(now_.at(other));
        }
    }

    occurrences& made_;
    const occurrences& from_;
    std::unordered_map<occurrence_index, occurrence_index> now_, last_;
    std::unordered_map<std::uint32_t, std::uint32_t> unknowns_, meetings_, keys_;
};

occurrences::occurrences(const occurrences& whole, const std::vector<occurrence_index>& steps)
    : document_{whole.document_} {
    taker{*this, whole}.take(steps);
}

}  // namespace weir::check
