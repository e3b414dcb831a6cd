// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/symbolic.hpp"

#include <algorithm>
#include <map>
#include <set>

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
    std::set<plan::node_index> all_entries;
    bool reacts_to_others = false;
    for (occurrence_index i = 0; i < all.size(); ++i) {
        const auto& n = all.node(i);
        if (n.kind != node_kind::stage || all[i].kind == occurrence_kind::loop)
            continue;
        const auto entry = entry_around(all, i);
        all_entries.insert(entry);
        const bool after_any = n.status != plan::when_status::success;
        reacts_to_others = reacts_to_others || after_any;
        if (!all[i].reacts)
            continue;
        ++entries[entry];
        add({failures::within::one_stage, i, plan::no_node, entry});
        const auto first = after_any ? before(all.document(), entry) : plan::no_node;
        if (first == plan::no_node)
            continue;
        add({failures::within::one_stage, i, plan::no_node, first});
        add({failures::within::stages, none, entry, first});
    }
    // Something else fails, before some of them and after the others.
    for (const auto entry : all_entries) {
        const auto first = reacts_to_others ? before(all.document(), entry) : plan::no_node;
        if (first != plan::no_node)
            add({failures::within::nothing, none, plan::no_node, first});
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
