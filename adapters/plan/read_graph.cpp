// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_node.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace weir::plan {

namespace {

struct siblings {
    std::vector<node_index> in_order;
    std::unordered_map<std::string_view, node_index> by_id;
    std::vector<std::string_view> ids;
};

siblings children_of(const plan& p, node_index graph) {
    siblings all;
    for (node_index i = p[graph].first_child; i != no_node; i = p[i].next) {
        all.in_order.push_back(i);
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

// Kahn's: those that are left when nothing more can start depend on each other.
void check_cycles(read_context& c, const siblings& all) {
    const plan& p = c.made();
    std::unordered_map<node_index, std::size_t> open;
    std::unordered_map<node_index, std::vector<node_index>> waiting;
    std::vector<node_index> ready;
    for (const node_index i : all.in_order) {
        const std::size_t count = p[i].extras ? p[i].extras->depends_on.size() : 0;
        open[i] = count;
        if (count == 0)
            ready.push_back(i);
        for (std::size_t k = 0; k < count; ++k)
            waiting[p[i].extras->depends_on[k]].push_back(i);
    }
    while (!ready.empty()) {
        const node_index done = ready.back();
        ready.pop_back();
        open.erase(done);
        for (const node_index i : waiting[done])
            if (--open[i] == 0)
                ready.push_back(i);
    }
    const auto stuck =
        std::ranges::find_if(all.in_order, [&](const node_index i) { return open.contains(i); });
    if (stuck == all.in_order.end())
        return;
    // From one that is stuck, along dependencies that are stuck, until one comes a second time.
    std::vector<node_index> way;
    std::unordered_map<node_index, std::size_t> place;
    node_index at = *stuck;
    while (place.try_emplace(at, way.size()).second) {
        way.push_back(at);
        at = *std::ranges::find_if(p[at].extras->depends_on,
                                   [&](const node_index i) { return open.contains(i); });
    }
    way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(place[at]));
    constexpr std::size_t shown = 10;
    std::string chain;
    for (std::size_t i = 0; i < way.size() && i < shown; ++i)
        chain += "`" + std::string(p[way[i]].id) + "` waits for ";
    if (way.size() > shown)
        chain += "... which waits for ";
    c.report(code::dependency_cycle, way.front(),
             "these can never start: " + chain + "`" + std::string(p[at].id) + "`");
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
    if (sound)
        check_cycles(c, all);
    c.continue_with(graph);
}

}  // namespace weir::plan
