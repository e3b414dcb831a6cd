// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_import.hpp"

namespace weir::harness::yaml {

namespace {

constexpr std::string_view input_prefix = "<+input>";

node_index add(document& target, const plan::span& where, kind what) {
    node made{where.line, where.column, where.end_line, where.end_column};
    made.file = static_cast<std::uint16_t>(where.file);
    made.what = what;
    target.nodes.push_back(made);
    return static_cast<node_index>(target.nodes.size() - 1);
}

}  // namespace

node_index import(document& target, value from, std::uint32_t most) {
    if (target.nodes.size() >= most) {
        return none;
    }
    const node_index made = add(target, from.where(), from.what());
    if (from.is_scalar()) {
        const std::string_view text = from.text();
        target.nodes[made].text = text.data();
        target.nodes[made].size = static_cast<std::uint32_t>(text.size());
        if (text.starts_with(input_prefix)) {
            target.inputs.push_back(made);
        }
        return made;
    }
    node_index last = none;
    for (value child = from.first(); child; child = child.next()) {
        const node_index copied = import(target, child, most);
        if (copied == none) {
            return none;
        }
        (last == none ? target.nodes[made].first : target.nodes[last].next) = copied;
        last = copied;
        ++target.nodes[made].size;
    }
    return made;
}

node_index new_mapping(document& target, const plan::span& where) {
    return add(target, where, kind::mapping);
}

void append_entry(document& target, node_index mapping, value key, node_index content) {
    const node_index name = add(target, key.where(), kind::text);
    const std::string_view text = key.text();
    target.nodes[name].text = text.data();
    target.nodes[name].size = static_cast<std::uint32_t>(text.size());
    const node stands_at = target.nodes[content];
    const node_index held = add(target,
                                {stands_at.file, stands_at.line, stands_at.column,
                                 stands_at.end_line, stands_at.end_column},
                                kind::null);
    target.nodes[held].alias = true;
    target.nodes[held].first = content;
    target.nodes[name].next = held;
    node_index last = target.nodes[mapping].first;
    while (last != none && target.nodes[last].next != none) {
        last = target.nodes[last].next;
    }
    (last == none ? target.nodes[mapping].first : target.nodes[last].next) = name;
    target.nodes[mapping].size += 2;
}

void replace(document& target, node_index at, node_index by) noexcept {
    target.nodes[at].alias = true;
    target.nodes[at].first = by;
}

void set_text(document& target, node_index at, std::string_view text, kind what) {
    const std::string_view kept = target.keep(text);
    node& n = target.nodes[at];
    n.alias = false;
    n.text = kept.data();
    n.size = static_cast<std::uint32_t>(kept.size());
    n.what = what;
}

}  // namespace weir::harness::yaml
