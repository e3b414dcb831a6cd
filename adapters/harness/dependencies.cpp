// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/dependencies.hpp"

#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/plan/dependencies.hpp"

#include <string>
#include <unordered_map>

namespace weir::harness {

namespace {

using plan::no_node;
using plan::node_index;

constexpr std::size_t most_implied = 1'000'000;  // parallels after parallels multiply

class reader {
public:
    reader(context& c, node_index graph) : context_(c), plan_(c.builder.unfinished()) {
        for (node_index i = plan_.nodes[graph].first_child; i != no_node; i = plan_.nodes[i].next) {
            const plan::node& n = plan_.nodes[i];
            if (!n.id.empty()) {
                by_id_.try_emplace(n.id, i);
                ids_.push_back(n.id);
            }
        }
    }

    // False when something in the list is wrong.
    bool read(const graph_entry& entry) {
        bool sound = true;
        std::unordered_map<node_index, plan::span> listed;
        for (yaml::value v = entry.depends_on.first(); v; v = v.next()) {
            const node_index on = named(entry.node, v);
            if (on == no_node) {
                sound = false;
                continue;
            }
            const auto [earlier, first] = listed.try_emplace(on, v.where());
            if (first) {
                context_.builder.extras(entry.node).depends_on.push_back(on);
            } else {
                context_
                    .report(plan::code::bad_value, v.where(),
                            "`dependsOn` names `" + std::string{v.text()} + "` twice")
                    .notes.push_back({"the other one", earlier->second});
            }
        }
        return sound;
    }

private:
    node_index named(node_index by, yaml::value v) {
        const std::string id{read_text(context_, "an entry of `dependsOn`", v)};
        if (!v.is_scalar() || is_open_input(id)) {
            context_.incomplete = true;
            return no_node;
        }
        const auto found = by_id_.find(id);
        if (found != by_id_.end() && found->second != by) {
            return found->second;
        }
        std::string help;
        std::string message = "no stage `" + id + "` stands in this list";
        if (found != by_id_.end()) {
            message = "`" + id + "` depends on itself";
        } else {
            help = context_.suggestion(id, ids_);
        }
        context_.report(
            found != by_id_.end() ? plan::code::dependency_cycle : plan::code::unknown_dependency,
            v.where(), std::move(message), std::move(help));
        return no_node;
    }

    context& context_;
    const plan::plan& plan_;
    std::unordered_map<std::string_view, node_index> by_id_;
    std::vector<std::string_view> ids_;
};

void tell_cycle(context& c, const std::vector<node_index>& cycle) {
    const plan::plan& p = c.builder.unfinished();
    plan::diagnostic& told = c.report(plan::code::dependency_cycle, p.nodes[cycle.front()].where,
                                      "these stages can never start: " + plan::chain_of(p, cycle),
                                      "take one of them out of the other's `dependsOn`");
    for (std::size_t i = 1; i < cycle.size() && i < 10; ++i) {
        told.notes.push_back(
            {"`" + std::string{p.nodes[cycle[i]].id} + "` stands here", p.nodes[cycle[i]].where});
    }
}

}  // namespace

bool is_graph(yaml::value stages) {
    const auto part = [](yaml::value of, std::string_view key) {
        const yaml::value v = of.is(yaml::kind::mapping) ? of[key] : yaml::value{};
        return v.is(yaml::kind::null) ? yaml::value{} : v;
    };
    const auto holds = [](yaml::value list) {
        return list.is(yaml::kind::sequence) && is_graph(list);
    };
    for (yaml::value entry = stages.first(); entry; entry = entry.next()) {
        if (part(part(entry, "stage"), "dependsOn") || holds(part(entry, "parallel")) ||
            holds(part(part(entry, "insert"), "stages"))) {
            return true;
        }
    }
    return false;
}

void read_dependencies(context& c, const std::vector<graph_entry>& entries, node_index graph) {
    reader of{c, graph};
    bool sound = true;
    std::size_t implied = 0;
    for (const graph_entry& entry : entries) {
        if (!entry.depends_on) {
            implied += entry.before ? entry.before->size() : 0;
            if (implied > most_implied) {
                c.report(plan::code::too_large, c.builder.at(entry.node).where,
                         "too many stages wait for too many others", "say what each depends on");
                return;
            }
            if (entry.before) {
                c.builder.extras(entry.node).depends_on = *entry.before;
            }
        } else if (entry.depends_on.is(yaml::kind::sequence)) {
            sound = of.read(entry) && sound;
        } else if (is_open_input(entry.depends_on)) {
            c.incomplete = true;
        } else {
            c.wrong_kind(entry.depends_on, "`dependsOn`", "a list of stages");
            sound = false;
        }
    }
    if (!sound) {
        return;
    }
    const std::vector<node_index> cycle = plan::dependency_cycle(c.builder.unfinished(), graph);
    if (!cycle.empty()) {
        tell_cycle(c, cycle);
    }
}

}  // namespace weir::harness
