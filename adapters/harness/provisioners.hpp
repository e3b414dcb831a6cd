// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <string>
#include <vector>

namespace weir::harness {

// Steps that an environment wants to have run before a stage deploys to it.
struct provisioner {
    yaml::value steps, rollback_steps;
    std::string environment;  // its reference; empty: the stage's only one
};

// The provisioners of the environments that a stage names, those without steps left out.
[[nodiscard]] std::vector<provisioner> read_provisioners(context&, yaml::value spec);

// Their steps, each provisioner's in a group of its own, before those of the stage. Where the stage
// has several environments, a turn runs that of its own.
void add_provisioners(context&, const std::vector<provisioner>&, plan::node_index stage);

// The stage's rollback section: first what the provisioners have for it.
void add_rollback(context&, const std::vector<provisioner>&, yaml::value rollback_steps,
                  plan::node_index stage);

}  // namespace weir::harness
