// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/stages.hpp"

#include "adapters/harness/children.hpp"
#include "adapters/harness/dependencies.hpp"
#include "adapters/harness/deployment.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/harness/provisioners.hpp"
#include "adapters/harness/steps.hpp"
#include "adapters/harness/variables.hpp"
#include "adapters/harness/when.hpp"
#include "adapters/plan/json.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

struct entry_draft {
    yaml::value stage, parallel, insert;
};

constexpr key_of<entry_draft> entry_keys[] = {
    {"stage", need::optional, &entry_draft::stage},
    {"parallel", need::optional, &entry_draft::parallel},
    {"insert", need::optional, &entry_draft::insert},
};

struct stage_draft : common_draft {
    yaml::value type, spec, variables, templated, depends_on, skip, enforce;
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
    {"dependsOn", need::optional, &stage_draft::depends_on},
    {"description", need::ignored},
    {"tags", need::ignored},
    {"delegateSelectors", need::ignored},
    {"skipInstances", need::ignored},
    {"skipCondition", need::optional, &stage_draft::skip},
    {"enforce", need::optional, &stage_draft::enforce},
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

void read_spec(context& c, yaml::value stage, const stage_draft& of, plan::node_index at) {
    const yaml::value spec = of.spec;
    if (!spec) {
        missing_key(c, "a stage", stage.where(), "spec");
        return;
    }
    if (!spec.is(yaml::kind::mapping)) {
        c.wrong_kind(spec, "the spec of a stage", "a mapping");
        return;
    }
    tell_misplaced(c, spec);
    if (c.builder.at(at).type == "Deployment") {
        read_deployment(c, spec, of.strategy_key, at);
    }
    keep_spec(c, spec, "execution", at);
    keep_enforce(c, of.enforce, at);
    const yaml::value execution = spec["execution"];
    execution_draft d;
    if (!execution || execution.is(yaml::kind::null)) {
        missing_key(c, "the spec of a stage", spec.where(), "execution");
    } else if (read_keys(c, "`execution`", execution, execution_keys, d)) {
        const std::vector<provisioner> provisioners = read_provisioners(c, spec);
        add_provisioners(c, provisioners, at);
        if (d.steps) {
            read_steps(c, "the steps of a stage", d.steps, at);
        }
        add_rollback(c, provisioners, d.rollback_steps, at);
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
    read_skip_condition(c, d.skip, at);
    if (type == "Pipeline") {
        read_child(c, v, at);
        c.known->set_stage_variables(json::object());
        return;
    }
    read_spec(c, v, d, at);
    c.known->set_stage_variables(json::object());
}

void read_entry(context& c, yaml::value v, plan::node_index parent, bool in_parallel) {
    entry_draft d;
    if (!read_keys(c, "an entry of a list of stages", v, entry_keys, d)) {
        return;
    }
    const bool known = d.stage || d.parallel || d.insert;
    if (v.size() != 2 && (known || v.size() == 0)) {
        c.report(plan::code::bad_value, v.where(),
                 "an entry of a list of stages holds one `stage` or `parallel`");
        return;
    }
    if (d.stage) {
        read_stage(c, d.stage, parent);
    } else if (d.insert) {
        const yaml::value stages = read_insert(c, d.insert, "stages");
        for (yaml::value one = stages ? stages.first() : stages; one; one = one.next()) {
            read_entry(c, one, parent, in_parallel);
        }
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

// The stages of a graph, those of parallels and inserts too.
class graph_reader {
public:
    graph_reader(context& c, plan::node_index graph) : context_{c}, graph_{graph} {}

    void read(yaml::value list, bool in_parallel) {
        for (yaml::value entry = list.first(); entry; entry = entry.next()) {
            const yaml::value insert = part(entry, "insert");
            const yaml::value parallel = part(entry, "parallel");
            if (insert) {
                if (const yaml::value stages = read_insert(context_, insert, "stages")) {
                    read(stages, in_parallel);
                }
            } else if (parallel.is(yaml::kind::sequence) && entry.size() == 2 && !in_parallel) {
                read(parallel, true);
                next();
            } else {
                read_one(entry, in_parallel);
            }
        }
    }

    [[nodiscard]] const std::vector<graph_entry>& entries() const noexcept { return entries_; }

private:
    static yaml::value part(yaml::value entry, std::string_view key) {
        const yaml::value v = entry.is(yaml::kind::mapping) ? entry[key] : yaml::value{};
        return v.is(yaml::kind::null) ? yaml::value{} : v;
    }

    void read_one(yaml::value entry, bool in_parallel) {
        const auto node = static_cast<plan::node_index>(context_.builder.unfinished().nodes.size());
        read_entry(context_, entry, graph_, in_parallel);
        if (context_.builder.unfinished().nodes.size() == node) {
            return;  // it could not be read
        }
        const yaml::value stage = part(entry, "stage");
        entries_.push_back({node, stage ? part(stage, "dependsOn") : yaml::value{}, before_});
        current_.push_back(node);
        if (!in_parallel) {
            next();
        }
    }

    void next() {
        if (!current_.empty()) {
            before_ = std::make_shared<std::vector<plan::node_index>>(std::move(current_));
            current_ = {};
        }
    }

    context& context_;
    const plan::node_index graph_;
    std::vector<graph_entry> entries_;
    std::vector<plan::node_index> current_;
    std::shared_ptr<const std::vector<plan::node_index>> before_;
};

// A list whose stages say what they wait for.
void read_graph(context& c, yaml::value v, plan::node_index pipeline) {
    const plan::node_index graph = c.builder.add(pipeline, plan::node_kind::graph);
    c.builder.at(graph).where = v.where();
    graph_reader reader{c, graph};
    reader.read(v, false);
    read_dependencies(c, reader.entries(), graph);
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
    if (is_graph(v)) {
        read_graph(c, v, pipeline);
        return;
    }
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        read_entry(c, entry, pipeline, false);
    }
}

}  // namespace weir::harness
