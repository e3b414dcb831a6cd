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

}  // namespace weir::runs
