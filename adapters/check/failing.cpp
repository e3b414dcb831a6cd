// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

#include <algorithm>
#include <map>

namespace weir::check {

using plan::node_kind;

namespace {

// The entry of its pipeline that an occurrence stands in.
plan::node_index entry_around(const occurrences& all, occurrence_index i) {
    while (all[i].parent != none && all.node(all[i].parent).kind != node_kind::pipeline)
        i = all[i].parent;
    return all[i].what;
}

plan::node_index before(const plan::plan& document, plan::node_index entry) {
    auto previous = plan::no_node;
    for (auto i = document[document[entry].parent].first_child; i != entry; i = document[i].next)
        previous = i;
    return previous;
}

}  // namespace

std::vector<scenario> failing_cases(const occurrences& all, const scenario& worst,
                                    std::uint64_t most) {
    std::vector<scenario> cases;
    const auto add = [&](failures how) {
        if (cases.size() >= most)
            return;
        cases.push_back(worst);
        cases.back().failing = how;
    };
    std::map<plan::node_index, unsigned> entries;  // and how many of their stages react
    for (occurrence_index i = 0; i < all.size(); ++i) {
        const auto& n = all.node(i);
        const bool in_pipeline = all[i].parent != none && n.kind != node_kind::step;
        if (!in_pipeline || all[i].kind == occurrence_kind::loop || n.kind != node_kind::stage)
            continue;
        const auto entry = entry_around(all, i);
        const auto first = before(all.document(), entry);
        const bool comes_after = n.status != plan::when_status::success && first != plan::no_node;
        if (comes_after)
            add({failures::within::nothing, none, plan::no_node, first});
        if (!all[i].reacts)
            continue;
        ++entries[entry];
        add({failures::within::one_stage, i, plan::no_node, entry});
        if (comes_after) {
            add({failures::within::one_stage, i, plan::no_node, first});
            add({failures::within::stages, none, entry, first});
        }
    }
    for (const auto& [entry, stages] : entries) {
        if (stages > 1)
            add({failures::within::stages, none, entry, entry});
    }
    if (entries.size() > 1)
        add({failures::within::stages, none, plan::no_node, entries.begin()->first});
    return cases;
}

}  // namespace weir::check
