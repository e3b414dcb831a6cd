// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/host_gate.hpp"

#include <utility>

#include "plugin/scopes/records.hpp"
#include "plugin/scopes/scope_tree.hpp"

namespace weir::plugin {

void slot_list::append(slot_wait& w) noexcept {
    w.prev = last;
    w.following = nullptr;
    (last != nullptr ? last->following : first) = &w;
    last = &w;
}

void slot_list::remove(slot_wait& w) noexcept {
    (w.prev != nullptr ? w.prev->following : first) = w.following;
    (w.following != nullptr ? w.following->prev : last) = w.prev;
}

weir_status gate_record::take(slot_wait& w, std::uint64_t tag_given) noexcept {
    if (w.holds || w.waits || w.told.load(std::memory_order_acquire) != slot_wait::idle)
        return WEIR_E_BUSY;
    w.tag = tag_given;
    w.waits = true;
    waiters.append(w);
    hand_out();
    return WEIR_OK;
}

bool gate_record::give(slot_wait& w) noexcept {
    if (std::exchange(w.holds, false)) {
        --in_use;
        found = found == &w ? w.prev : found;
        holders.remove(w);
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
    while (waiters.first != nullptr && in_use < slots) {
        slot_wait& w = *waiters.first;
        leave(w);
        ++in_use;
        holders.append(w);
        w.holds = true;
        send(w, WEIR_SUCCEEDED);
    }
}

void gate_record::refuse(slot_wait& w) noexcept {
    leave(w);
    send(w, WEIR_FAILED, WEIR_REASON_DEADLOCK);
}

void gate_record::leave(slot_wait& w) noexcept {
    w.waits = false;
    waiters.remove(w);
}

void gate_record::send(slot_wait& w, weir_outcome outcome, weir_reason reason) noexcept {
    scope_tree& to = *tree.load(std::memory_order_relaxed);
    w.outcome = outcome;
    w.reason = reason;
    w.t_ns = to.now();
    w.told.store(slot_wait::queued, std::memory_order_relaxed);
    to.send(posted{w});
}

}  // namespace weir::plugin
