// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

namespace weir::harness {

// Is a step of this type one that takes a lock?
[[nodiscard]] bool is_lock_step(std::string_view type) noexcept;

// The spec of a Queue or ResourceConstraint step, into the lock of its node.
void read_lock_step(context&, std::string_view type, yaml::value step, yaml::value spec,
                    plan::node_index);

}  // namespace weir::harness
