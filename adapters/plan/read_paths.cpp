// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/loops.hpp"
#include "adapters/plan/read_check.hpp"

#include <string>
#include <unordered_map>

namespace weir::plan {

namespace {

constexpr std::uint64_t most_instances_named = 20'000;  // in all, for collisions with siblings

// A level is what shares a path: the entries of a parallel or graph count to the level around.
class levels {
public:
    explicit levels(read_context& c) : c_(c), plan_(c.made()) {}

    void check(node_index owner) {
        decltype(by_id_){}.swap(by_id_);  // cleared, a large one would cost every level
        looped_.clear();
        collect(owner);
        if (const node_index section = plan_[owner].rollback; section != no_node) {
            if (const auto found = by_id_.find("rollback"); found != by_id_.end())
                tell(found->second, section,
                     "`rollback` is what the rollback section beside this is called");
        }
        for (const node_index i : looped_)
            check_instances(i);
    }

private:
    void collect(node_index owner) {
        for (node_index i = plan_[owner].first_child; i != no_node; i = plan_[i].next) {
            if (segment_of(plan_[i]).empty()) {
                collect(i);
                continue;
            }
            const auto [earlier, added] = by_id_.try_emplace(plan_[i].id, i);
            if (!added)
                tell(i, earlier->second,
                     "the id `" + std::string(plan_[i].id) + "` is used twice on this level");
            if (plan_[i].loop())
                looped_.push_back(i);
        }
    }

    // Instances are called like their node with a suffix: does a sibling have that name?
    void check_instances(node_index looped) {
        if (by_id_.size() < 2 || !plan_[looped].loop()->node_name.empty())
            return;
        const auto made = plan_loop(plan_[looped]).instances;
        if (!made || made->count() == 0)
            return;
        instance at = made->first();
        do {
            const std::string name = std::string(plan_[looped].id) + made->suffix(at, {});
            const auto found = by_id_.find(name);
            if (found != by_id_.end() && !plan_[found->second].loop())
                tell(found->second, looped,
                     "`" + name + "` is also what an instance of the loop `" +
                         std::string(plan_[looped].id) + "` is called");
        } while (made->advance(at) && ++named_ < most_instances_named);
    }

    void tell(node_index second, node_index first, std::string message) {
        c_.report(code::duplicate_identifier, second, std::move(message))
            .notes.push_back({"the other one", c_.where(first)});
    }

    read_context& c_;
    const plan& plan_;
    std::unordered_map<std::string_view, node_index> by_id_;
    std::vector<node_index> looped_;
    std::uint64_t named_ = 0;
};

}  // namespace

void check_paths(read_context& c) {
    levels all(c);
    const plan& p = c.made();
    for (node_index i = 0; i < p.nodes.size(); ++i) {
        const bool transparent = i != 0 && segment_of(p[i]).empty();
        if (!transparent && p[i].first_child != no_node)
            all.check(i);
    }
}

}  // namespace weir::plan
