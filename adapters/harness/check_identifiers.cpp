// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/checks.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::harness {

namespace {

using plan::node_index;

constexpr std::size_t small_level = 16;  // beyond, identifiers are hashed
constexpr std::uint64_t most_instances_named =
    20'000;  // of one loop, for collisions with a sibling

class level_check {
public:
    level_check(context& c, const loop_table& loops)
        : context_(c), plan_(c.builder.unfinished()), loops_(loops) {}

    void run(node_index owner) {
        members_.clear();
        collect(owner);
        if (members_.size() < 2) {
            return;
        }
        bool looped = false;
        std::unordered_map<std::string_view, node_index>{}.swap(
            by_id_);  // cleared, a large one costs every level
        for (std::size_t k = 0; k < members_.size(); ++k) {
            const plan::node& n = plan_.nodes[members_[k]];
            looped = looped || n.loop() != nullptr;
            node_index earlier = plan::no_node;
            if (members_.size() > small_level) {
                const auto [found, added] = by_id_.try_emplace(n.id, members_[k]);
                earlier = added ? earlier : found->second;
            } else {
                earlier = among_first(k, n.id);
            }
            if (earlier != plan::no_node) {
                tell(members_[k], earlier,
                     "the identifier `" + std::string{n.id} + "` is used twice on this level");
            }
        }
        ids_.clear();
        for (std::size_t k = 0; looped && k < members_.size(); ++k) {
            ids_.push_back(plan_.nodes[members_[k]].id);
        }
        std::sort(ids_.begin(), ids_.end());
        for (const node_index i : members_) {
            if (looped && plan_.nodes[i].loop()) {
                check_instances(i);
            }
        }
    }

private:
    node_index among_first(std::size_t count, std::string_view id) const {
        for (std::size_t k = 0; k < count; ++k) {
            if (plan_.nodes[members_[k]].id == id) {
                return members_[k];
            }
        }
        return plan::no_node;
    }

    node_index member_named(std::string_view id) const {
        if (members_.size() <= small_level) {
            return among_first(members_.size(), id);
        }
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? plan::no_node : found->second;
    }

    // Entries of a `parallel` count to the level around.
    void collect(node_index owner) {
        for (node_index i = plan_.nodes[owner].first_child; i != plan::no_node;
             i = plan_.nodes[i].next) {
            if (plan_.nodes[i].kind == plan::node_kind::parallel) {
                collect(i);
            } else if (!plan_.nodes[i].id.empty()) {
                members_.push_back(i);
            }
        }
    }

    void tell(node_index second, node_index first, std::string message) {
        plan::diagnostic& told = context_.report(plan::code::duplicate_identifier,
                                                 plan_.nodes[second].where, std::move(message));
        told.notes.push_back({"the other one", plan_.nodes[first].where});
        told.path = plan::path_of(plan_, second);
    }

    // Instances are called like their node with a suffix: does a sibling have that name?
    void check_instances(node_index looped) {
        const std::string base = std::string{plan_.nodes[looped].id} + "_";
        const auto after = std::lower_bound(ids_.begin(), ids_.end(), std::string_view{base});
        const bool possible = after != ids_.end() && after->starts_with(base);
        const auto found = loops_.find(looped);
        if (!possible || found == loops_.end() || !found->second.instances) {
            return;
        }
        const plan::expansion& x = *found->second.instances;
        if (!plan_.nodes[looped].loop()->node_name.empty() || x.count() == 0) {
            return;
        }
        plan::instance at = x.first();
        do {
            const std::string name = std::string{plan_.nodes[looped].id} + x.suffix(at, {});
            const node_index sibling = member_named(name);
            if (sibling != plan::no_node && !plan_.nodes[sibling].loop()) {
                tell(sibling, looped,
                     "`" + name + "` is also what an instance of the loop `" +
                         std::string{plan_.nodes[looped].id} + "` is called");
            }
        } while (x.advance(at) && ++named_ < most_instances_named);
    }

    context& context_;
    const plan::plan& plan_;
    const loop_table& loops_;
    std::uint64_t named_ = 0;
    std::vector<node_index> members_;
    std::vector<std::string_view> ids_;                       // of a level with loops, sorted
    std::unordered_map<std::string_view, node_index> by_id_;  // of a large level
};

}  // namespace

namespace {

// What a barrier runs on its release goes by the barrier's name, beside the stages.
void check_releases(context& c) {
    const plan::plan& p = c.builder.unfinished();
    for (const plan::barrier_definition& b : p.barriers) {
        if (b.on_release == plan::no_node) {
            continue;
        }
        for (node_index k = p.nodes[b.scope].first_child; k != plan::no_node; k = p.nodes[k].next) {
            const bool inside = p.nodes[k].kind == plan::node_kind::parallel;
            for (node_index i = inside ? p.nodes[k].first_child : k; i != plan::no_node;
                 i = inside ? p.nodes[i].next : plan::no_node) {
                if (p.nodes[i].id == b.id) {
                    c.report(
                         plan::code::duplicate_identifier, p.nodes[i].where,
                         "`" + b.id + "` is what the onRelease steps of that barrier are called")
                        .notes.push_back({"the barrier", b.where});
                }
            }
        }
    }
}

}  // namespace

void check_identifiers(context& c, const loop_table& loops) {
    const plan::plan& p = c.builder.unfinished();
    check_releases(c);
    level_check level{c, loops};
    for (node_index i = 0; i < p.nodes.size(); ++i) {
        const plan::node& n = p.nodes[i];
        if (n.kind == plan::node_kind::parallel || n.first_child == plan::no_node) {
            continue;
        }
        level.run(i);
        if (n.rollback == plan::no_node) {
            continue;
        }
        for (node_index k = n.first_child; k != plan::no_node; k = p.nodes[k].next) {
            if (p.nodes[k].id == "rollback") {
                c.report(plan::code::duplicate_identifier, p.nodes[k].where,
                         "`rollback` is what the rollback steps beside this are called")
                    .notes.push_back({"the rollback steps", p.nodes[n.rollback].where});
            }
        }
    }
}

}  // namespace weir::harness
