// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/steps.hpp"

#include "adapters/harness/barriers.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/locks.hpp"
#include "adapters/harness/variables.hpp"
#include "adapters/harness/when.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "adapters/plan/json.hpp"

#include <string>

namespace weir::harness {

namespace {

struct entry_draft {
    yaml::value step, group, parallel, insert;
};

constexpr key_of<entry_draft> entry_keys[] = {
    {"step", need::optional, &entry_draft::step},
    {"stepGroup", need::optional, &entry_draft::group},
    {"parallel", need::optional, &entry_draft::parallel},
    {"insert", need::optional, &entry_draft::insert},
};

struct step_draft : common_draft {
    yaml::value type, spec, templated, skip, enforce;
};

constexpr key_of<step_draft> step_keys[] = {
    {"type", need::optional, &step_draft::type},
    {"name", need::optional, &step_draft::name},
    {"identifier", need::required, &step_draft::identifier},
    {"spec", need::optional, &step_draft::spec},
    {"timeout", need::optional, &step_draft::timeout},
    {"when", need::optional, &step_draft::when},
    {"failureStrategies", need::optional, &step_draft::failure_strategies},
    {"strategy", need::optional, &step_draft::strategy, &step_draft::strategy_key},
    {"template", need::optional, &step_draft::templated},
    {"description", need::ignored},
    {"tags", need::ignored},
    {"delegateSelectors", need::ignored},
    {"skipCondition", need::optional, &step_draft::skip},
    {"enforce", need::optional, &step_draft::enforce},
};

struct group_draft : common_draft {
    yaml::value steps, rollback_steps, variables, templated, selectors, infrastructure,
        shared_paths, skip;
};

constexpr key_of<group_draft> group_keys[] = {
    {"name", need::optional, &group_draft::name},
    {"identifier", need::required, &group_draft::identifier},
    {"steps", need::optional, &group_draft::steps},
    {"rollbackSteps", need::optional, &group_draft::rollback_steps},
    {"timeout", need::optional, &group_draft::timeout},
    {"when", need::optional, &group_draft::when},
    {"failureStrategies", need::optional, &group_draft::failure_strategies},
    {"strategy", need::optional, &group_draft::strategy, &group_draft::strategy_key},
    {"variables", need::optional, &group_draft::variables},
    {"template", need::optional, &group_draft::templated},
    {"description", need::ignored},
    {"tags", need::ignored},
    {"delegateSelectors", need::optional, &group_draft::selectors},
    {"stepGroupInfra", need::optional, &group_draft::infrastructure},
    {"sharedPaths", need::optional, &group_draft::shared_paths},
    {"skipCondition", need::optional, &group_draft::skip},
};

void read_step_spec(context& c, const step_draft& d, std::string_view type, plan::node_index at) {
    if (d.spec && !d.spec.is(yaml::kind::mapping) && !is_open_input(d.spec)) {
        c.wrong_kind(d.spec, "the spec of a step", "a mapping");
        return;
    }
    if (type == "ShellScript" || type == "Run") {
        for (const std::string_view key : {"strategy", "failureStrategies", "when"}) {
            if (const yaml::value misplaced = d.spec ? d.spec[key] : yaml::value{}) {
                c.report(plan::code::misplaced_key, misplaced.where(),
                         "`" + std::string{key} + "` has no effect inside `spec`",
                         "it belongs beside `spec`");
            }
        }
    }
    keep_spec(c, d.spec, {}, at);
}

void read_step(context& c, yaml::value v, plan::node_index parent) {
    step_draft d;
    if (!read_keys(c, "a step", v, step_keys, d)) {
        return;
    }
    if (d.templated) {
        unresolved_template(c, "step", d.templated);
        return;
    }
    if (!d.type) {
        missing_key(c, "a step", v.where(), "type");
        return;
    }
    const std::string_view type = read_text(c, "the type of a step", d.type);
    const bool barrier = type == "Barrier";
    const bool lock = is_lock_step(type);
    const plan::node_index at = c.builder.add(parent, barrier ? plan::node_kind::barrier
                                                      : lock  ? plan::node_kind::lock
                                                              : plan::node_kind::step);
    c.builder.at(at).type = c.builder.keep(type);
    read_common(c, v, d, at);
    read_when(c, when_place::step, d.when, at);
    read_skip_condition(c, d.skip, at);
    if (lock) {
        read_lock_step(c, type, v, d.spec, at);
        return;
    }
    if (!barrier) {
        read_step_spec(c, d, type, at);
        keep_enforce(c, d.enforce, at);
        return;
    }
    if (d.strategy) {
        c.report(plan::code::loop_on_barrier, d.strategy_key.where(),
                 "a Barrier step cannot have a `strategy`",
                 "loop its step group or its stage: each instance is then a party");
    }
    read_barrier_step(c, v, d.spec, at);
}

// A group has no `spec`; what it says of where its steps run is the host's all the same.
void keep_group_spec(context& c, const group_draft& d, plan::node_index at) {
    const std::pair<std::string_view, yaml::value> parts[] = {
        {"delegateSelectors", d.selectors},
        {"stepGroupInfra", d.infrastructure},
        {"sharedPaths", d.shared_paths},
    };
    c.scratch.clear();
    bool expressions = false;
    for (const auto& [name, content] : parts) {
        if (content) {
            ((c.scratch += c.scratch.empty() ? "{\"" : ",\"") += name) += "\":";
            const yaml::json_facts facts = yaml::append_json(c.scratch, content);
            expressions = expressions || facts.has_expressions;
            refuse_deep(c, content, facts);
        }
    }
    if (!c.scratch.empty()) {
        c.scratch += '}';
        c.builder.at(at).spec = c.builder.keep(c.scratch);
        c.builder.at(at).spec_has_expressions = expressions;
    }
}

void read_group(context& c, yaml::value v, plan::node_index parent) {
    group_draft d;
    if (!read_keys(c, "a step group", v, group_keys, d)) {
        return;
    }
    if (d.templated) {
        unresolved_template(c, "step group", d.templated);
        return;
    }
    const plan::node_index at = c.builder.add(parent, plan::node_kind::step_group);
    c.builder.at(at).type = "StepGroup";
    read_common(c, v, d, at);
    read_when(c, when_place::step, d.when, at);
    keep_group_spec(c, d, at);
    read_skip_condition(c, d.skip, at);
    if (d.variables) {
        const json variables = read_variables(c, "this step group", d.variables);
        if (!variables.empty()) {
            c.builder.extras(at).variables = variables.dump();
        }
    }
    if (!d.steps) {
        missing_key(c, "a step group", v.where(), "steps");
    } else {
        read_steps(c, "the steps of a step group", d.steps, at);
    }
    read_rollback_steps(c, d.rollback_steps, at);
}

void read_entry(context&, yaml::value, plan::node_index parent, bool in_parallel);

void read_parallel(context& c, yaml::value v, plan::node_index parent) {
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, "`parallel`", "a list");
        return;
    }
    const plan::node_index at = c.builder.add(parent, plan::node_kind::parallel);
    c.builder.at(at).where = v.where();
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        read_entry(c, entry, at, true);
    }
}

void read_entry(context& c, yaml::value v, plan::node_index parent, bool in_parallel) {
    entry_draft d;
    if (!read_keys(c, "an entry of a list of steps", v, entry_keys, d)) {
        return;
    }
    const bool known = d.step || d.group || d.parallel || d.insert;
    if (v.size() != 2 && (known || v.size() == 0)) {
        c.report(plan::code::bad_value, v.where(),
                 "an entry of a list of steps holds one `step`, `stepGroup` or `parallel`");
        return;
    }
    if (d.step) {
        read_step(c, d.step, parent);
    } else if (d.group) {
        read_group(c, d.group, parent);
    } else if (d.insert) {
        const yaml::value steps = read_insert(c, d.insert, "steps");
        for (yaml::value one = steps ? steps.first() : steps; one; one = one.next()) {
            read_entry(c, one, parent, in_parallel);
        }
    } else if (d.parallel && in_parallel) {
        c.report(plan::code::bad_value, d.parallel.where(),
                 "a `parallel` directly inside a `parallel`",
                 "list its entries in the outer one, or put it into a step group");
    } else if (d.parallel) {
        read_parallel(c, d.parallel, parent);
    } else if (is_one_of(v.first().text(), entry_keys)) {
        c.wrong_kind(v.first().next(), "`" + std::string{v.first().text()} + "`", "something");
    }
}

}  // namespace

void read_steps(context& c, std::string_view what, yaml::value v, plan::node_index parent) {
    if (is_open_input(v)) {
        c.report(plan::code::missing_input, v.where(),
                 std::string{what} + " must be known to load the document");
        return;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, what, "a list");
        return;
    }
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        read_entry(c, entry, parent, false);
    }
}

void read_rollback_steps(context& c, yaml::value v, plan::node_index owner) {
    if (!v || (v.is(yaml::kind::sequence) && v.size() == 0)) {
        return;
    }
    const plan::node_index section = c.builder.add_rollback(owner);
    c.builder.at(section).id = "rollback";
    c.builder.at(section).where = v.where();
    read_steps(c, "rollbackSteps", v, section);
}

}  // namespace weir::harness
