// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/barriers.hpp"
#include "adapters/harness/nearest.hpp"
#include "adapters/harness/pipeline.hpp"
#include "adapters/harness/templates.hpp"

#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

using plan::no_node;
using plan::node_index;

constexpr std::string_view parent_prefix = "parent.";

class resolution {
public:
    resolution(context& c, library& from, yaml::value pipeline)
        : context_(c), library_(from), pipeline_(pipeline), plan_(c.builder.unfinished()) {
        for (std::uint32_t i = 0; i < plan_.barriers.size(); ++i) {
            by_name_.emplace(
                std::pair{plan_.barriers[i].scope, std::string_view{plan_.barriers[i].id}}, i);
        }
        declared_ = plan_.barriers.size();
    }

    void run() {
        for (barrier_use& use : context_.barriers) {
            resolve(use);
        }
        tell_shadows();
        for (plan::barrier_definition& above : of_parents_) {
            plan_.barriers.push_back(std::move(above));
        }
    }

private:
    // The pipeline around one; none: it is the first.
    node_index around(node_index scope) const {
        for (node_index i = plan_.nodes[scope].parent; i != no_node; i = plan_.nodes[i].parent) {
            if (plan_.nodes[i].kind == plan::node_kind::pipeline) {
                return i;
            }
        }
        return no_node;
    }

    void resolve(barrier_use& use) {
        std::string_view name = use.reference;
        node_index scope = use.scope;
        bool above = false;  // looked for beyond the document
        while (name.starts_with(parent_prefix)) {
            name.remove_prefix(parent_prefix.size());
            above = scope == no_node || around(scope) == no_node;
            scope = scope == no_node ? no_node : around(scope);
        }
        for (node_index in = scope; in != no_node; in = around(in)) {
            if (const auto found = by_name_.find({in, name}); found != by_name_.end()) {
                settle(use, found->second);
                return;
            }
        }
        if (!resolve_above(use, name, above)) {
            context_.incomplete = true;
            tell_undefined(use, name, scope);
        }
    }

    void settle(barrier_use& use, std::uint32_t barrier) {
        use.resolved = true;
        context_.builder.at(use.node).barrier = barrier;
    }

    // A document that others run may use what they declare. That is no plan to run: one more
    // barrier stands for theirs.
    bool resolve_above(barrier_use& use, std::string_view name, bool above) {
        if (!context_.options.inputs_may_be_missing) {
            return false;
        }
        const std::unordered_set<std::string>& names = names_of_parents();
        const bool known = names.contains(std::string{name});
        const bool alone = names.empty() && (above || declared_ == 0);
        if (!known && !(alone && !has_parent_)) {
            return false;
        }
        context_.incomplete = true;
        const auto [at, first] = above_.try_emplace(
            std::string{name}, static_cast<std::uint32_t>(declared_ + of_parents_.size()));
        if (first) {
            of_parents_.push_back({std::string{name}, std::string{name}, use.where, 0});
        }
        settle(use, at->second);
        if (!known && first) {
            context_.report(plan::code::barrier_of_parent, use.where,
                            "no barrier `" + std::string{name} +
                                "` is declared here: only a pipeline that runs this one can",
                            "check it together with that pipeline");
        }
        return true;
    }

    // The barriers that pipelines declare which run this one, or run those.
    const std::unordered_set<std::string>& names_of_parents() {
        if (!asked_) {
            asked_ = true;
            std::string why;
            plan::reference wanted;
            wanted.kind = plan::reference_kind::parent;
            const home at = home_of(pipeline_);
            wanted.org = at.org;
            wanted.project = at.project;
            wanted.identifier = pipeline_["identifier"].text();
            std::unordered_set<std::string> seen;
            while (!wanted.identifier.empty() && seen.insert(wanted.identifier).second &&
                   seen.size() <= context_.options.most_levels) {
                const yaml::value root = library_.look_for(wanted, why);
                const yaml::value parent = root["pipeline"];
                if (!parent) {
                    break;
                }
                has_parent_ = true;
                const yaml::value list = parent["flowControl"]["barriers"];
                for (yaml::value entry = list.first(); entry; entry = entry.next()) {
                    names_.insert(std::string{entry["identifier"].text()});
                }
                wanted.identifier = parent["identifier"].text();
            }
        }
        return names_;
    }

    void tell_undefined(const barrier_use& use, std::string_view name, node_index scope) {
        std::vector<std::string_view> names;
        std::vector<std::uint32_t> places;
        for (node_index in = scope; in != no_node; in = around(in)) {
            for (std::uint32_t i = 0; i < declared_; ++i) {
                if (plan_.barriers[i].scope == in) {
                    names.push_back(plan_.barriers[i].id);
                    places.push_back(i);
                }
            }
        }
        for (const std::string& one : names_) {
            names.push_back(one);
        }
        const std::string help = context_.suggestion(name, names);
        const std::string_view meant = help.empty() ? std::string_view{} : nearest(name, names);
        const bool of_parent = use.reference.starts_with(parent_prefix);
        plan::diagnostic& told =
            context_.report(plan::code::undefined_barrier, use.where,
                            "no barrier `" + std::string{name} + "` is declared" +
                                (of_parent ? " by a parent" : ""),
                            help);
        if (meant.empty()) {
            told.help = of_parent && scope == no_node
                            ? "this pipeline has no parent here: it must be run by another"
                            : "declare it in `flowControl.barriers` of the pipeline";
            return;
        }
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (names[i] == meant) {
                told.notes.push_back({"`" + std::string{meant} + "` is declared here",
                                      plan_.barriers[places[i]].where});
                return;
            }
        }
    }

    void tell_shadows() {
        for (std::uint32_t i = 0; i < declared_; ++i) {
            const plan::barrier_definition& inner = plan_.barriers[i];
            for (node_index in = around(inner.scope); in != no_node; in = around(in)) {
                const auto outer = by_name_.find({in, std::string_view{inner.id}});
                if (outer == by_name_.end()) {
                    continue;
                }
                context_
                    .report(
                        plan::code::shadowed_barrier, inner.where,
                        "the barrier `" + inner.id +
                            "` is this pipeline's own: its lanes do not meet the parent's there",
                        "to meet the parent's, write `parent." + inner.id + "`")
                    .notes.push_back(
                        {"the parent declares it here", plan_.barriers[outer->second].where});
                break;
            }
        }
    }

    context& context_;
    library& library_;
    yaml::value pipeline_;
    plan::plan& plan_;
    std::map<std::pair<node_index, std::string_view>, std::uint32_t> by_name_;
    std::size_t declared_ = 0;
    std::map<std::string, std::uint32_t> above_;
    std::vector<plan::barrier_definition> of_parents_;  // behind the plan's own, at the end
    std::unordered_set<std::string> names_;
    bool asked_ = false;
    bool has_parent_ = false;
};

}  // namespace

void resolve_barriers(context& c, library& from, yaml::value pipeline) {
    resolution{c, from, pipeline}.run();
}

}  // namespace weir::harness
