// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/pipeline.hpp"

#include "adapters/harness/barriers.hpp"
#include "adapters/harness/duration.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/harness/stages.hpp"
#include "adapters/harness/steps.hpp"
#include "adapters/harness/templates.hpp"
#include "adapters/harness/variables.hpp"
#include "adapters/plan/json.hpp"

#include <string>

namespace weir::harness {

namespace {

struct draft {
    yaml::value identifier, name, stages, variables, flow_control, timeout, templated;
};

constexpr key_of<draft> keys[] = {
    {"name", need::optional, &draft::name},
    {"identifier", need::optional, &draft::identifier},
    {"stages", need::optional, &draft::stages},
    {"variables", need::optional, &draft::variables},
    {"flowControl", need::optional, &draft::flow_control},
    {"timeout", need::optional, &draft::timeout},
    {"template", need::optional, &draft::templated},
    {"pipeline", need::ignored},  // null, where the keys stand at the root
    {"description", need::ignored},
    {"tags", need::ignored},
    {"projectIdentifier", need::ignored},
    {"orgIdentifier", need::ignored},
    {"properties", need::ignored},
    {"notificationRules", need::ignored},
    {"delegateSelectors", need::ignored},
    {"allowStageExecutions", need::ignored},
    {"fixedInputsOnRerun", need::ignored},
};

}  // namespace

void read_pipeline(context& c, yaml::value v, plan::node_index at) {
    draft d;
    if (!read_keys(c, "a pipeline", v, keys, d)) {
        return;
    }
    if (d.templated) {
        unresolved_template(c, "pipeline", d.templated);
        return;
    }
    const std::string_view id = read_identifier(c, "the identifier", d.identifier);
    const std::string_view name = read_text(c, "the name", d.name);
    json variables = read_variables(c, "the pipeline", d.variables);
    if (!variables.empty()) {
        (at == 0 ? c.builder.unfinished().variables : c.builder.extras(at).variables) =
            variables.dump();
    }
    c.known->set_pipeline_variables(std::move(variables));
    if (!id.empty()) {
        c.known->pipeline["identifier"] = std::string{id};
    }
    if (d.name) {
        c.known->pipeline["name"] = std::string{name};
    }
    read_node_timeout(c, d.timeout, at);
    plan::node& n = c.builder.at(at);
    n.id = id.empty() ? "pipeline" : c.builder.keep(id);
    n.name = name.empty() ? n.id : c.builder.keep(name);
    n.type = "Pipeline";
    n.where = d.identifier ? d.identifier.where() : v.where();
    read_flow_control(c, d.flow_control);
    const home own = home_of(v);
    const home around = c.at_home;
    c.at_home.org = own.org.empty() ? around.org : own.org;
    c.at_home.project = own.project.empty() ? around.project : own.project;
    if (!d.stages) {
        missing_key(c, "a pipeline", v.where(), "stages");
    } else {
        read_stages(c, d.stages, at);
    }
    c.at_home = around;
}

}  // namespace weir::harness
