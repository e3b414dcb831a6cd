// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/waiting.hpp"

#include <algorithm>

#include "plugin/scopes/scopes.hpp"

namespace weir::plugin {

host_lane* remembered(wait_point& at) noexcept {
    if (const host_barrier* const b = as_barrier(at)) {
        fibers::party* const p = b->found();
        return p != nullptr ? &static_cast<host_party*>(p)->lane() : nullptr;
    }
    const slot_wait* const w = as_gate(at).found;
    return w != nullptr ? w->lane : nullptr;
}

void remember(wait_point& at, host_lane& needed) noexcept {
    if (host_barrier* const b = as_barrier(at)) {
        b->find(*party_of(needed, *b));
        return;
    }
    as_gate(at).found = *std::ranges::find(needed.slots, &as_gate(at), &slot_wait::at);
}

}  // namespace weir::plugin
