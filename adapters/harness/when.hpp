// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <string_view>

namespace weir::harness {

// Which word a construct's `when` has for the status before it.
enum class when_place { stage, step };

// Reads a `when` into a node: its status and its condition, which stays text.
void read_when(context&, when_place, yaml::value, plan::node_index);

}  // namespace weir::harness
