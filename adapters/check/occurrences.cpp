// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/occurrences.hpp"

#include "adapters/plan/json.hpp"

#include <algorithm>

namespace weir::check {

using plan::node_kind;

namespace {

using rows = std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>;

// One, where it is not known.
std::uint64_t written(const plan::amount& a) noexcept {
    const bool known = a.given && a.expression.empty() && a.value > 0;
    return known ? static_cast<std::uint64_t>(a.value) : 1;
}

const std::vector<std::uint32_t>& row_of(const rows& all, std::uint32_t i) {
    static const std::vector<std::uint32_t> nobody;
    if (all.empty())
        return nobody;
    const auto at = all.find(i);
    return at == all.end() ? nobody : at->second;
}

}  // namespace

const std::vector<occurrence_index>& occurrences::dependencies(occurrence_index i) const {
    return row_of(before_, i);
}

const std::vector<occurrence_index>& occurrences::dependents(occurrence_index i) const {
    return row_of(after_, i);
}

const std::vector<std::uint32_t>& occurrences::cycles_of(occurrence_index i) const {
    return row_of(cycles_, i);
}

occurrence_index occurrences::entry_of(occurrence_index i, plan::node_index of) const noexcept {
    while (i != none && all_[i].what != of)
        i = all_[i].parent;
    return i;
}

occurrence_index occurrences::holder_of(occurrence_index lock) const noexcept {
    const auto wanted = node(lock).extras->lock->scope == plan::lock_scope::stage
                            ? node_kind::stage
                            : node_kind::pipeline;
    auto i = lock;
    while (all_[i].parent != none) {
        i = all_[i].parent;
        if (node(i).kind == wanted && all_[i].kind != occurrence_kind::loop)
            break;
    }
    return i;
}

std::uint64_t occurrences::permits_of(occurrence_index lock) const noexcept {
    return written(node(lock).extras->lock->permits);
}

std::uint64_t occurrences::capacity_of(occurrence_index lock) const noexcept {
    return written(node(lock).extras->lock->capacity);
}

occurrence_index occurrences::party_of(occurrence_index barrier) const noexcept {
    const auto scope = meetings_[all_[barrier].meets].scope;
    for (auto i = all_[barrier].parent; i != none && i != scope; i = all_[i].parent) {
        if (all_[i].kind == occurrence_kind::loop &&
            (node(i).loop()->kind == plan::strategy_kind::while_true || loop(all_[i]).slots == 1))
            return i;
    }
    return barrier;
}

std::string occurrences::path_of(occurrence_index i) const {
    std::vector<std::string> segments;
    for (auto at = i; at != none; at = all_[at].parent) {
        const bool around_a_turn = at != i && all_[at].kind == occurrence_kind::loop;
        const auto segment = plan::segment_of(node(at));
        if (around_a_turn || segment.empty())
            continue;  // the turn's own segment is the same, with a suffix
        std::string text{segment};
        if (all_[at].rows)
            text += all_[at].rows->suffix(all_[at].turn, [](std::string_view, std::string&) {
                return std::unique_ptr<json>{};
            });
        segments.push_back(std::move(text));
    }
    std::string path;
    for (auto s = segments.rbegin(); s != segments.rend(); ++s)
        path += (path.empty() ? "" : "/") + *s;
    return path;
}

void occurrences::set_slots(plan::node_index loop, std::uint64_t slots) {
    for (const auto& o : all_) {
        if (o.what == loop && o.kind == occurrence_kind::loop)
            loops_[o.loop].slots = slots;
    }
}

}  // namespace weir::check
