// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/host_gate.hpp"

#include <utility>

#include "plugin/scopes/records.hpp"
#include "plugin/scopes/scope_tree.hpp"

namespace weir::plugin {

weir_status gate_record::take(slot_wait& w, std::uint64_t tag_given) noexcept {
    if (w.holds || w.waits || w.told.load(std::memory_order_acquire) != slot_wait::idle)
        return WEIR_E_BUSY;
    w.tag = tag_given;
    w.waits = true;
    w.prev = last;
    w.following = nullptr;
    (last != nullptr ? last->following : first) = &w;
    last = &w;
    hand_out();
    return WEIR_OK;
}

bool gate_record::give(slot_wait& w) noexcept {
    if (std::exchange(w.holds, false)) {
        --in_use;
        hand_out();
        return true;
    }
    if (!w.waits)
        return false;
    leave(w);
    send(w, WEIR_CANCELLED);
    return true;
}

void gate_record::set_slots(std::uint32_t limit) noexcept {
    slots = limit;
    hand_out();
}

void gate_record::hand_out() noexcept {
    while (first != nullptr && in_use < slots) {
        slot_wait& w = *first;
        leave(w);
        ++in_use;
        w.holds = true;
        send(w, WEIR_SUCCEEDED);
    }
}

void gate_record::leave(slot_wait& w) noexcept {
    w.waits = false;
    (w.prev != nullptr ? w.prev->following : first) = w.following;
    (w.following != nullptr ? w.following->prev : last) = w.prev;
}

void gate_record::send(slot_wait& w, weir_outcome outcome) noexcept {
    scope_tree& to = *tree.load(std::memory_order_relaxed);
    w.outcome = outcome;
    w.t_ns = to.now();
    w.told.store(slot_wait::queued, std::memory_order_relaxed);
    to.send(posted{w});
}

}  // namespace weir::plugin
