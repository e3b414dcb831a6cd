// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/plan/strategy.hpp"

namespace weir::harness {

// The bodies of the loops that have one. What is wrong is told; what is right is kept.
void read_matrix(context&, yaml::value, plan::strategy&);
void read_repeat(context&, yaml::value, plan::strategy&);
void read_while(context&, yaml::value, plan::strategy&);

// A `while` has one turn at a time: any other `maxConcurrency` is an error.
void check_while_cap(context&, yaml::value cap);

// A strategy, or a matrix, that is a runtime input nobody gave: a loop of which nothing is known.
void open_matrix(yaml::value input, plan::strategy&);

}  // namespace weir::harness
