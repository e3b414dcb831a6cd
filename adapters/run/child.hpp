// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// A pipeline below another's stage.
[[nodiscard]] inline bool is_child(const activation& a) noexcept {
    return a.what->kind == plan::node_kind::pipeline && a.parent != nullptr;
}

// A stage that runs a child evaluates the child's inputs, with its own names. `none`: it goes on.
// [lane]
[[nodiscard]] outcome take_inputs(activation& stage);

// How a child ends whose last stage has ended as `how`: its outputs are kept, its failure is the
// stage's to handle. [lane]
[[nodiscard]] outcome end_child(activation& child, outcome how);

// Would the stage's failure strategies have it go on after this failure in the child?
[[nodiscard]] bool is_forgiven(const activation& child, const failure&) noexcept;

}  // namespace weir::runs
