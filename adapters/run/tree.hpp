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

// The innermost step group in which it is, within its stage or section; null: none.
[[nodiscard]] inline activation* group_around(activation& a) noexcept {
    for (auto* p = &a; p; p = p->up()) {
        if (p->what->kind == plan::node_kind::step_group && !p->is_loop())
            return p;
        if (p->what->kind == plan::node_kind::stage || p->what->kind == plan::node_kind::rollback ||
            p->what->kind == plan::node_kind::on_release)
            return nullptr;
    }
    return nullptr;
}

}  // namespace weir::runs
