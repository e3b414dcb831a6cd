// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <cstdint>
#include <string_view>

namespace weir::harness {

// A timeout: 0 for none given, "" included. What cannot be read is told.
[[nodiscard]] std::int64_t read_timeout(context&, yaml::value);

// The timeout of a node; one that is known only in the run is evaluated at the node's start.
void read_node_timeout(context&, yaml::value, plan::node_index at);

// A duration that must stand there, as in retryIntervals; 0s is allowed.
[[nodiscard]] std::int64_t read_duration(context&, std::string_view what, yaml::value);

}  // namespace weir::harness
