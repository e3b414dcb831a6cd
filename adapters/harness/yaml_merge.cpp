// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_merge.hpp"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace weir::harness::yaml {

namespace {

node_index target_of(const document& d, node_index i) noexcept {
    while (d.nodes[i].alias) {
        i = d.nodes[i].first;
    }
    return i;
}

std::string_view text_of(const node& n) noexcept {
    return n.what == kind::null ? std::string_view{} : std::string_view{n.text, n.size};
}

}  // namespace

node_index merge_entries(document& d, node_index mapping, node_index before, node_index merge_key) {
    const node_index source = d.nodes[merge_key].next;
    std::vector<node_index> sources;
    const node_index target = target_of(d, source);
    if (d.nodes[target].what == kind::mapping) {
        sources.push_back(target);
    } else if (d.nodes[target].what == kind::sequence) {
        for (node_index i = d.nodes[target].first; i != none; i = d.nodes[i].next) {
            sources.push_back(target_of(d, i));
            if (d.nodes[sources.back()].what != kind::mapping) {
                return i;
            }
        }
    } else {
        return source;
    }

    (before == none ? d.nodes[mapping].first : d.nodes[before].next) = d.nodes[source].next;
    d.nodes[mapping].size -= 2;

    std::unordered_set<std::string_view> present;
    node_index last = none;
    for (node_index k = d.nodes[mapping].first; k != none; k = d.nodes[last].next) {
        present.insert(text_of(d.nodes[k]));
        last = d.nodes[k].next;
    }
    const node at = d.nodes[source];
    for (const node_index from : sources) {
        for (node_index k = d.nodes[from].first; k != none;) {
            const node_index v = d.nodes[k].next;
            const node_index next_key = d.nodes[v].next;
            if (present.insert(text_of(d.nodes[k])).second) {
                const auto key_copy = static_cast<node_index>(d.nodes.size());
                node copied = d.nodes[k];
                copied.next = key_copy + 1;
                node stands_for{at.line, at.column, at.end_line, at.end_column};
                stands_for.file = at.file;
                stands_for.alias = true;
                stands_for.first = v;
                d.nodes.push_back(copied);
                d.nodes.push_back(stands_for);
                (last == none ? d.nodes[mapping].first : d.nodes[last].next) = key_copy;
                last = key_copy + 1;
                d.nodes[mapping].size += 2;
            }
            k = next_key;
        }
    }
    return none;
}

}  // namespace weir::harness::yaml
