// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

namespace weir::runs {

// The next activation of the tree below `top`, parents first; null after the last.
[[nodiscard]] inline activation* next_below(activation* at, const activation& top) noexcept {
    if (at->first_child)
        return at->first_child;
    while (at != &top) {
        if (at->next_sibling)
            return at->next_sibling;
        at = at->up();
    }
    return nullptr;
}

[[nodiscard]] inline bool is_below(const activation* a, const activation& top) noexcept {
    while (a && a != &top)
        a = a->up();
    return a != nullptr;
}

// The run of a pipeline in which it is: the first one, or a child.
[[nodiscard]] inline activation& pipeline_around(activation& a) noexcept {
    auto* p = &a;
    while (p->what->kind != plan::node_kind::pipeline)
        p = p->up();
    return *p;
}

}  // namespace weir::runs
