// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstdint>
#include <memory>
#include <string>

#include "plugin/scopes/records.hpp"
#include "plugin/scopes/scope_tree.hpp"
#include "plugin/tables.hpp"

namespace weir::plugin {

// What a handle names, with its tree's lock held as long as this lives.
template <class Record>
class held {
public:
    held(const slab<Record>& of, std::uint64_t handle) noexcept {
        Record* const record = of.find(handle);
        scope_tree* const tree =
            record != nullptr ? record->tree.load(std::memory_order_acquire) : nullptr;
        if (tree == nullptr)
            return;
        if (tree->is_foreign()) {
            status_ = of.names(handle, *record) ? WEIR_E_FORKED : WEIR_E_STALE;
            return;
        }
        visit_.enter(*tree);
        const bool there = of.names(handle, *record) && record->tree == tree && !has_ended(*record);
        if (there) {
            record_ = record;
            status_ = WEIR_OK;
        } else {
            visit_.leave();
        }
    }

    explicit operator bool() const noexcept { return record_ != nullptr; }
    [[nodiscard]] weir_status status() const noexcept { return status_; }
    [[nodiscard]] Record& operator*() const noexcept { return *record_; }
    [[nodiscard]] Record* operator->() const noexcept { return record_; }
    [[nodiscard]] scope_tree& tree() const noexcept { return *record_->tree.load(); }

private:
    static bool has_ended(const scope_record& r) noexcept { return r.closed; }
    static bool has_ended(const host_lane& r) noexcept { return r.ended; }
    static bool has_ended(const barrier_record& r) noexcept {
        return !r.barrier || r.barrier->scope().closed;
    }
    static bool has_ended(const gate_record& r) noexcept { return r.scope->closed; }

    Record* record_ = nullptr;
    weir_status status_ = WEIR_E_STALE;
    scope_tree::visit visit_;
};

// What a handle names, in a tree whose lock is held already. [under the tree's lock]
[[nodiscard]] inline weir_status find_lane(const scope_tree& in, weir_lane handle,
                                           host_lane*& found) noexcept {
    host_lane* const record = all().lanes.find(handle);
    if (record == nullptr || !all().lanes.names(handle, *record))
        return WEIR_E_STALE;
    if (record->tree.load(std::memory_order_relaxed) != &in)
        return WEIR_E_INVALID_ARGUMENT;
    found = record;
    return record->ended ? WEIR_E_STALE : WEIR_OK;
}
[[nodiscard]] weir_status find_barrier(const scope_tree& in, weir_barrier handle,
                                       host_barrier*& found) noexcept;
[[nodiscard]] weir_status find_gate(const scope_tree& in, weir_gate handle,
                                    gate_record*& found) noexcept;

// The party of a lane that goes on. Its barrier is there as long as it is: that of its own scope or
// of one above, which close after it. [under the tree's lock]
[[nodiscard]] inline host_party* party_of(const host_lane& lane, weir_barrier at) noexcept {
    for (host_party* const p : lane.parties) {
        if (p->at->handle() == at)
            return p;
    }
    return nullptr;
}
[[nodiscard]] host_party* party_of(const host_lane& lane, const host_barrier& at) noexcept;
[[nodiscard]] weir_status expect(host_lane& lane, host_barrier& at);
// Its party there, also when it has none and the barrier waits for some whoever they are.
[[nodiscard]] weir_status arriving_party(host_lane& lane, host_barrier& at, host_party*& p);
// Its place at a gate.
[[nodiscard]] weir_status wait_at(host_lane& lane, gate_record& at, slot_wait*& w);
// Somebody for whom it waited is gone, or something that held it.
void look_for_stall(host_barrier& at) noexcept;
void end_lane(host_lane& lane, weir_outcome outcome) noexcept;
// Nothing on its way looks at it any more.
void bury(host_lane& over) noexcept;
void close_scope(scope_record& scope) noexcept;
[[nodiscard]] json describe(const scope_record& scope);

}  // namespace weir::plugin
