// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/dependencies.hpp"
#include "adapters/plan/read_node.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace weir::plan {

namespace {

struct siblings {
    std::unordered_map<std::string_view, node_index> by_id;
    std::vector<std::string_view> ids;
};

siblings children_of(const plan& p, node_index graph) {
    siblings all;
    for (node_index i = p[graph].first_child; i != no_node; i = p[i].next) {
        if (p[i].id.empty())
            continue;  // a parallel: nobody can name it
        all.by_id.try_emplace(p[i].id, i);
        all.ids.push_back(p[i].id);
    }
    return all;
}

node_index named(read_context& c, const siblings& all, const source::value& v) {
    const std::string id = read_text(c, "an entry of `depends_on`", v);
    if (!v.is(source::kind::text))
        return no_node;
    if (const auto found = all.by_id.find(id); found != all.by_id.end())
        return found->second;
    c.report(code::unknown_dependency, v, "the graph has no `" + id + "`",
             c.suggestion(id, all.ids));
    return no_node;
}

// False when something in it is wrong (told).
bool read_list(read_context& c, const siblings& all, const dependency_list& list) {
    if (!list.names.is(source::kind::array)) {
        c.wrong_kind(list.names, "`depends_on`", "a list");
        return false;
    }
    bool sound = true;
    std::unordered_set<node_index> known;
    for (source::value v = list.names.first(); v; v = v.next()) {
        const node_index on = named(c, all, v);
        if (on == no_node) {
            sound = false;
        } else if (known.insert(on).second) {
            c.builder.extras(list.node).depends_on.push_back(on);
        } else {
            c.report(code::bad_value, v, "`depends_on` names this one twice");
        }
    }
    return sound;
}

}  // namespace

void read_dependencies(read_context& c, node_index graph,
                       const std::vector<dependency_list>& lists) {
    const siblings all = children_of(c.made(), graph);
    bool sound = true;
    for (const dependency_list& list : lists) {
        c.continue_with(list.node);
        sound = read_list(c, all, list) && sound;
    }
    const auto cycle = sound ? dependency_cycle(c.made(), graph) : std::vector<node_index>{};
    if (!cycle.empty()) {
        c.report(code::dependency_cycle, cycle.front(),
                 "these can never start: " + chain_of(c.made(), cycle));
    }
    c.continue_with(graph);
}

}  // namespace weir::plan
