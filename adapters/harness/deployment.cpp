// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/deployment.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/deployment_targets.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"
#include "adapters/harness/strategy.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace weir::harness {

namespace {

struct config_draft {
    yaml::value cap, on_failure, when, slots;
};

constexpr key_of<config_draft> config_keys[] = {
    {"maxConcurrency", need::optional, &config_draft::cap},
    {"onFailure", need::optional, &config_draft::on_failure},
    {"when", need::optional, &config_draft::when},
    {"slotWhileWaiting", need::optional, &config_draft::slots},
};

plan::amount number_of(const target_list& list) {
    plan::amount out;
    out.given = true;
    if (list.expression.empty()) {
        out.value = static_cast<std::int64_t>(list.values.size());
    } else {
        out.expression = list.expression + ".size()";
    }
    return out;
}

// How many turns at once, as the table has it; not given: all.
void set_window(const target_list& services, const target_list& environments, plan::strategy& out) {
    const bool serial_services = services.is_many() && !services.parallel;
    const bool serial_environments = environments.is_many() && !environments.parallel;
    if (serial_services && environments.is_many() && environments.parallel) {
        out.max_concurrency = number_of(environments);
    } else if (serial_environments && services.is_many() && services.parallel) {
        out.max_concurrency = number_of(services);
    } else if (serial_services || serial_environments) {
        out.max_concurrency = {1, {}, true, {}};
    }
}

void add_axis(std::string name, target_list& from, plan::strategy& to) {
    if (!from.is_many()) {
        return;
    }
    plan::axis made;
    made.name = std::move(name);
    made.where = from.where;
    made.values.given = true;
    made.values.where = from.where;
    made.values.values = std::move(from.values);
    made.values.expression = std::move(from.expression);
    to.axes.push_back(std::move(made));
}

void read_config(context& c, yaml::value v, plan::strategy& out) {
    config_draft d;
    if (!v || is_open_input(v) || !read_keys(c, "`multiDeploymentConfig`", v, config_keys, d)) {
        return;
    }
    if (d.cap) {
        const plan::amount given = read_amount(c, "maxConcurrency", d.cap, 0);
        const std::int64_t window = out.max_concurrency.value;
        const bool open = !given.expression.empty() || !out.max_concurrency.expression.empty();
        const bool narrower =
            open ? window != 1 : given.value != 0 && (window == 0 || given.value < window);
        if (narrower) {
            out.max_concurrency = given;
        }
    }
    read_loop_policies(c, d.when, d.on_failure, d.slots, out);
}

void tell_strategy(context& c, yaml::value strategy_key, const plan::strategy& deployment) {
    c.report(plan::code::bad_strategy, strategy_key.where(),
             "a `strategy` on a stage that has several services, environments or infrastructures",
             "loop a step group in the stage, or give each a stage of its own")
        .notes.push_back({"they are listed here", deployment.axes.front().where});
}

std::string service_of(yaml::value spec, const target_list& services) {
    if (services.is_many()) {
        return "<+matrix.service>";
    }
    if (services.values.size() == 1) {
        return plan::text_of(services.values.front());
    }
    const yaml::value one = spec["service"];
    const yaml::value reference = one.is(yaml::kind::mapping) ? one["serviceRef"] : one;
    return reference && reference.is_scalar() ? std::string{reference.text()} : std::string{};
}

// "environment/infrastructure" of the turn, or of the only one.
std::string unit_of(const target_list& environments) {
    const json& first = environments.values.front();
    if (environments.of_one) {
        return environments.environment + "/" +
               (environments.is_many() ? "<+matrix.infrastructure>" : plan::text_of(first));
    }
    return environments.is_many()
               ? "<+matrix.environment.identifier>/<+matrix.environment.infrastructure>"
               : environments.constrained.front();
}

struct constraint {
    std::string key, condition;
};

// Stages that deploy a service to one infrastructure do so one after another, unless its definition
// allows more.
std::optional<constraint> constraint_of(yaml::value spec, const target_list& services,
                                        const target_list& environments) {
    const bool named =
        environments.of_one || std::all_of(environments.values.begin(), environments.values.end(),
                                           [](const json& unit) { return unit.is_object(); });
    if (environments.constrained.empty() || !named) {
        return std::nullopt;
    }
    const std::string unit = unit_of(environments);
    constraint made{service_of(spec, services) + "/" + unit, {}};
    if (environments.constrained.size() != environments.values.size()) {
        made.condition = '"' + unit + "\" =~ " + json(environments.constrained).dump();
    }
    return made;
}

// The stage takes it as a lock, before its first step.
void add_constraint(context& c, const constraint& what, plan::span where, plan::node_index stage) {
    const plan::node_index at = c.builder.add(stage, plan::node_kind::lock);
    plan::node& n = c.builder.at(at);
    n.id = c.builder.keep("$infrastructure");
    n.name = c.builder.keep("Infrastructure constraint");
    n.type = c.builder.keep("ResourceConstraint");
    n.condition = c.builder.keep(what.condition);
    n.where = where;
    auto lock = std::make_unique<plan::lock_request>();
    lock->key = what.key;
    lock->scope = plan::lock_scope::stage;
    lock->automatic = true;
    c.builder.extras(at).lock = std::move(lock);
}

}  // namespace

void read_deployment(context& c, yaml::value spec, yaml::value strategy_key,
                     plan::node_index stage) {
    const std::size_t told_before = c.told();
    target_list services = read_services(c, spec);
    target_list environments = read_environments(c, spec);
    auto out = std::make_unique<plan::strategy>();
    out->kind = plan::strategy_kind::matrix;
    out->deployment = true;
    set_window(services, environments, *out);
    const auto one_at_a_time = constraint_of(spec, services, environments);
    // Services go round within an environment, unless they alone are one after another.
    const bool services_first = !services.parallel && environments.parallel;
    const std::string unit = environments.of_one ? "infrastructure" : "environment";
    if (services_first) {
        add_axis("service", services, *out);
    }
    add_axis(unit, environments, *out);
    if (!services_first) {
        add_axis("service", services, *out);
    }
    read_config(c, spec["multiDeploymentConfig"], *out);
    if (c.told() != told_before) {
        c.incomplete = true;
        return;
    }
    if (one_at_a_time) {
        add_constraint(c, *one_at_a_time, environments.where, stage);
    }
    if (out->axes.empty()) {
        return;
    }
    out->where = out->axes.front().where;
    if (strategy_key) {
        tell_strategy(c, strategy_key, *out);
        return;
    }
    c.builder.extras(stage).strategy = std::move(out);
}

}  // namespace weir::harness
