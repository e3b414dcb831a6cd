// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/stages.hpp"

#include "adapters/harness/children.hpp"
#include "adapters/harness/deployment.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/harness/steps.hpp"
#include "adapters/harness/variables.hpp"
#include "adapters/harness/when.hpp"
#include "adapters/plan/json.hpp"

#include <string>

namespace weir::harness {

namespace {

struct entry_draft {
    yaml::value stage, parallel, insert, insert_key;
};

constexpr key_of<entry_draft> entry_keys[] = {
    {"stage", need::optional, &entry_draft::stage},
    {"parallel", need::optional, &entry_draft::parallel},
    {"insert", need::optional, &entry_draft::insert, &entry_draft::insert_key},
};

struct stage_draft : common_draft {
    yaml::value type, spec, variables, templated, depends_on_key, depends_on, skip, skip_key,
        enforce, enforce_key;
};

constexpr key_of<stage_draft> stage_keys[] = {
    {"name", need::optional, &stage_draft::name},
    {"identifier", need::required, &stage_draft::identifier},
    {"type", need::optional, &stage_draft::type},
    {"spec", need::optional, &stage_draft::spec},
    {"timeout", need::optional, &stage_draft::timeout},
    {"when", need::optional, &stage_draft::when},
    {"failureStrategies", need::optional, &stage_draft::failure_strategies},
    {"strategy", need::optional, &stage_draft::strategy, &stage_draft::strategy_key},
    {"variables", need::optional, &stage_draft::variables},
    {"template", need::optional, &stage_draft::templated},
    {"dependsOn", need::optional, &stage_draft::depends_on, &stage_draft::depends_on_key},
    {"description", need::ignored},
    {"tags", need::ignored},
    {"delegateSelectors", need::ignored},
    {"skipInstances", need::ignored},
    {"skipCondition", need::optional, &stage_draft::skip, &stage_draft::skip_key},
    {"enforce", need::optional, &stage_draft::enforce, &stage_draft::enforce_key},
};

struct execution_draft {
    yaml::value steps, rollback_steps;
};
constexpr key_of<execution_draft> execution_keys[] = {
    {"steps", need::required, &execution_draft::steps},
    {"rollbackSteps", need::optional, &execution_draft::rollback_steps},
};

void tell_misplaced(context& c, yaml::value spec) {
    for (yaml::value key = spec.first(); key; key = key.next().next()) {
        const std::string_view name = key.text();
        if (name == "strategy" || name == "failureStrategies" || name == "when") {
            c.report(plan::code::misplaced_key, key.where(),
                     "`" + std::string{name} + "` has no effect inside `spec`",
                     "it belongs beside `spec`");
        }
    }
}

void read_spec(context& c, yaml::value stage, yaml::value spec, plan::node_index at) {
    if (!spec) {
        missing_key(c, "a stage", stage.where(), "spec");
        return;
    }
    if (!spec.is(yaml::kind::mapping)) {
        c.wrong_kind(spec, "the spec of a stage", "a mapping");
        return;
    }
    tell_misplaced(c, spec);
    refuse_fan_out(c, spec);
    keep_spec(c, spec, "execution", at);
    const yaml::value execution = spec["execution"];
    execution_draft d;
    if (!execution || execution.is(yaml::kind::null)) {
        missing_key(c, "the spec of a stage", spec.where(), "execution");
    } else if (read_keys(c, "`execution`", execution, execution_keys, d)) {
        if (d.steps) {
            read_steps(c, "the steps of a stage", d.steps, at);
        }
        read_rollback_steps(c, d.rollback_steps, at);
    }
}

void read_stage(context& c, yaml::value v, plan::node_index parent) {
    stage_draft d;
    if (!read_keys(c, "a stage", v, stage_keys, d)) {
        return;
    }
    if (d.templated) {
        unresolved_template(c, "stage", d.templated);
        return;
    }
    const plan::node_index at = c.builder.add(parent, plan::node_kind::stage);
    json variables = read_variables(c, "this stage", d.variables);
    if (!variables.empty()) {
        c.builder.extras(at).variables = variables.dump();
    }
    c.known->set_stage_variables(std::move(variables));
    if (!d.type) {
        missing_key(c, "a stage", v.where(), "type");
    }
    const std::string_view type = read_text(c, "the type of a stage", d.type);
    c.builder.at(at).type = c.builder.keep(type);
    read_common(c, v, d, at);
    read_when(c, when_place::stage, d.when, at);
    if (d.depends_on_key) {
        c.unsupported("`dependsOn`", d.depends_on_key.where(),
                      "order the stages by `parallel` and by sequence");
    }
    if (d.skip) {
        c.unsupported("`skipCondition`", d.skip_key.where(), "write it as a `when`");
    }
    if (d.enforce) {
        c.unsupported("`enforce`", d.enforce_key.where());
    }
    if (type == "Pipeline") {
        read_child(c, v, at);
        c.known->set_stage_variables(json::object());
        return;
    }
    read_spec(c, v, d.spec, at);
    c.known->set_stage_variables(json::object());
}

void read_entry(context& c, yaml::value v, plan::node_index parent, bool in_parallel) {
    entry_draft d;
    if (!read_keys(c, "an entry of a list of stages", v, entry_keys, d)) {
        return;
    }
    const bool known = d.stage || d.parallel || d.insert_key;
    if (v.size() != 2 && (known || v.size() == 0)) {
        c.report(plan::code::bad_value, v.where(),
                 "an entry of a list of stages holds one `stage` or `parallel`");
        return;
    }
    if (d.stage) {
        read_stage(c, d.stage, parent);
    } else if (d.insert_key) {
        c.unsupported("`insert`", d.insert_key.where());
    } else if (d.parallel && in_parallel) {
        c.report(plan::code::bad_value, d.parallel.where(),
                 "a `parallel` directly inside a `parallel`", "list its entries in the outer one");
    } else if (d.parallel && !d.parallel.is(yaml::kind::sequence)) {
        c.wrong_kind(d.parallel, "`parallel`", "a list");
    } else if (d.parallel) {
        const plan::node_index at = c.builder.add(parent, plan::node_kind::parallel);
        c.builder.at(at).where = d.parallel.where();
        for (yaml::value entry = d.parallel.first(); entry; entry = entry.next()) {
            read_entry(c, entry, at, true);
        }
    } else if (is_one_of(v.first().text(), entry_keys)) {
        c.wrong_kind(v.first().next(), "`" + std::string{v.first().text()} + "`", "something");
    }
}

}  // namespace

void read_stages(context& c, yaml::value v, plan::node_index pipeline) {
    if (is_open_input(v)) {
        c.report(plan::code::missing_input, v.where(),
                 "the stages must be known to load the document");
        return;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, "`stages`", "a list");
        return;
    }
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        read_entry(c, entry, pipeline, false);
    }
}

}  // namespace weir::harness
