// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/provisioners.hpp"

#include "adapters/harness/keys.hpp"
#include "adapters/harness/steps.hpp"

#include <utility>

namespace weir::harness {

namespace {

struct draft {
    yaml::value steps, rollback_steps;
};

constexpr key_of<draft> keys[] = {
    {"steps", need::optional, &draft::steps},
    {"rollbackSteps", need::optional, &draft::rollback_steps},
};

yaml::value member(yaml::value of, std::string_view name) {
    return of.is(yaml::kind::mapping) ? of[name] : yaml::value{};
}

yaml::value unless_empty(yaml::value list) {
    const bool none = list.is(yaml::kind::sequence) && list.size() == 0;
    return none ? yaml::value{} : list;
}

void read_one(context& c, yaml::value environment, std::string name,
              std::vector<provisioner>& all) {
    const yaml::value v = member(environment, "provisioner");
    draft d;
    if (!v || v.is(yaml::kind::null) || is_open_input(v) ||
        !read_keys(c, "a `provisioner`", v, keys, d)) {
        return;
    }
    const yaml::value steps = unless_empty(d.steps);
    const yaml::value rollback_steps = unless_empty(d.rollback_steps);
    if (steps || rollback_steps) {
        all.push_back({steps, rollback_steps, std::move(name)});
    }
}

// The environments of `environments` or of a group.
void read_list(context& c, yaml::value list, std::vector<provisioner>& all) {
    if (!list.is(yaml::kind::sequence)) {
        return;
    }
    for (yaml::value one = list.first(); one; one = one.next()) {
        const yaml::value reference = member(one, "environmentRef");
        const bool several = list.size() > 1 && reference.is_scalar();
        read_one(c, one, several ? std::string{reference.text()} : std::string{}, all);
    }
}

// A group `provisioner`, or `provisioner_1` and so on, with the steps; only in turns of its
// environment, if there are several.
void add_group(context& c, const provisioner& of, std::size_t index, yaml::value steps,
               plan::node_index parent) {
    const plan::node_index at = c.builder.add(parent, plan::node_kind::step_group);
    const std::string id = index == 0 ? "provisioner" : "provisioner_" + std::to_string(index);
    plan::node& n = c.builder.at(at);
    n.id = c.builder.keep(id);
    n.name = n.id;
    n.type = "Provisioner";
    n.where = steps.where();
    if (!of.environment.empty()) {
        n.condition = c.builder.keep("<+env.identifier> == \"" + of.environment + "\"");
    }
    read_steps(c, "the steps of a provisioner", steps, at);
}

}  // namespace

std::vector<provisioner> read_provisioners(context& c, yaml::value spec) {
    std::vector<provisioner> all;
    read_one(c, member(spec, "environment"), {}, all);
    read_list(c, member(member(spec, "environments"), "values"), all);
    read_list(c, member(member(spec, "environmentGroup"), "environments"), all);
    const yaml::value infrastructure = member(spec, "infrastructure");
    read_one(c, member(infrastructure, "infrastructureDefinition"), {}, all);
    return all;
}

void add_provisioners(context& c, const std::vector<provisioner>& all, plan::node_index stage) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].steps) {
            add_group(c, all[i], i, all[i].steps, stage);
        }
    }
}

void add_rollback(context& c, const std::vector<provisioner>& all, yaml::value rollback_steps,
                  plan::node_index stage) {
    const yaml::value own = rollback_steps ? unless_empty(rollback_steps) : rollback_steps;
    yaml::value first = own;
    for (const provisioner& one : all) {
        first = one.rollback_steps ? one.rollback_steps : first;
    }
    if (!first) {
        return;
    }
    const plan::node_index section = c.builder.add_rollback(stage);
    c.builder.at(section).id = "rollback";
    c.builder.at(section).where = first.where();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].rollback_steps) {
            add_group(c, all[i], i, all[i].rollback_steps, section);
        }
    }
    if (own) {
        read_steps(c, "rollbackSteps", own, section);
    }
}

}  // namespace weir::harness
