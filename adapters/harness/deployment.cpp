// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/deployment.hpp"

#include <string>

namespace weir::harness {

namespace {

// One entry stands for itself; more of them, or what only an expression knows, multiply the stage.
bool at_most_one(yaml::value list) {
    return list.is(yaml::kind::sequence) && list.size() <= 1;
}

bool has_content(yaml::value v) {
    return v && !v.is(yaml::kind::null) && !(v.is(yaml::kind::sequence) && v.size() == 0);
}

void refuse_provisioner(context& c, yaml::value environment) {
    const yaml::value provisioner = environment ? environment["provisioner"] : yaml::value{};
    for (const std::string_view list : {"steps", "rollbackSteps"}) {
        const yaml::value steps = provisioner ? provisioner[list] : yaml::value{};
        if (has_content(steps)) {
            c.unsupported("an environment's `provisioner`", provisioner.where(),
                          "write its steps into the steps of the stage");
            return;
        }
    }
}

}  // namespace

void refuse_fan_out(context& c, yaml::value spec) {
    for (yaml::value key = spec.first(); key; key = key.next().next()) {
        const yaml::value v = key.next();
        if (key.text() == "services" && v.is(yaml::kind::mapping) && !at_most_one(v["values"])) {
            c.unsupported("a stage with several services", key.where());
        } else if (key.text() == "environments" && v.is(yaml::kind::mapping)) {
            const yaml::value values = v["values"];
            if (!at_most_one(values)) {
                c.unsupported("a stage with several environments", key.where());
            } else if (const yaml::value one = values.first()) {
                const yaml::value units = one["infrastructureDefinitions"];
                if (!at_most_one(units)) {
                    c.unsupported("a stage with several infrastructures",
                                  units ? units.where() : one.where());
                }
                refuse_provisioner(c, one);
            }
        } else if (key.text() == "environmentGroup" && has_content(v)) {
            c.unsupported("a stage with an environment group", key.where());
        } else if (key.text() == "environment") {
            const yaml::value units = v["infrastructureDefinitions"];
            if (units.is(yaml::kind::sequence) && units.size() > 1) {
                c.unsupported("a stage with several infrastructures", units.where());
            }
            refuse_provisioner(c, v);
        } else if (key.text() == "infrastructure" && v.is(yaml::kind::mapping)) {
            const yaml::value definition = v["infrastructureDefinition"];
            refuse_provisioner(c, definition.is(yaml::kind::mapping) ? definition : v);
        }
    }
}

}  // namespace weir::harness
