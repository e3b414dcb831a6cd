// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "plugin/scopes/posted.hpp"
#include "plugin/scopes/wait_point.hpp"

namespace weir::plugin {

class scope_tree;
struct gate_record;
struct host_lane;
struct scope_record;

// A host's lane at one gate, which is also the event that tells how its wait ended.
struct alignas(8) slot_wait {
    enum stage : std::uint8_t {
        idle,
        queued,  // its event is on its way: the consumer's from here on, back to idle
    };

    slot_wait(host_lane& whose, gate_record& where) noexcept : lane{&whose}, at{&where} {}

    host_lane* lane;
    gate_record* at;
    slot_wait* prev = nullptr;  // who waits, first come first; or who holds a slot
    slot_wait* following = nullptr;
    posted next;
    std::uint64_t tag = 0;
    std::int64_t t_ns = 0;
    std::uint64_t since = 0;  // the later, the greater
    weir_outcome outcome = 0;
    weir_reason reason = 0;
    bool holds = false;
    bool waits = false;
    std::atomic<stage> told{idle};
};

// In the order in which they came.
struct slot_list {
    void append(slot_wait& w) noexcept;
    void remove(slot_wait& w) noexcept;

    slot_wait* first = nullptr;
    slot_wait* last = nullptr;
};

// So many slots; who comes first gets one first. [under the tree's lock]
struct gate_record : wait_point {
    gate_record() noexcept : wait_point{gate} {}

    std::atomic<std::uint32_t> generation{0};
    std::atomic<scope_tree*> tree{nullptr};

    // WEIR_OK: one event will follow.
    [[nodiscard]] weir_status take(slot_wait& w, std::uint64_t tag_given) noexcept;
    // False: it neither holds a slot nor waits for one.
    bool give(slot_wait& w) noexcept;
    void set_slots(std::uint32_t limit) noexcept;
    // Nobody will ever give it a slot.
    void refuse(slot_wait& w) noexcept;

    // A holder for whom `f` is true, or null; as barrier_core::find_missing.
    template <class F>
    slot_wait* find_holder(F&& f) noexcept {
        slot_wait* const start = found != nullptr ? found : holders.last;
        for (slot_wait* w = start; w != nullptr; w = w->prev) {
            if (f(*w))
                return found = w;
        }
        for (slot_wait* w = holders.last; w != start; w = w->prev) {
            if (f(*w))
                return found = w;
        }
        return nullptr;
    }

    scope_record* scope = nullptr;
    slot_list waiters;
    slot_list holders;
    slot_wait* found = nullptr;
    std::uint32_t slots = 0;
    std::uint32_t in_use = 0;
    std::string name;

private:
    void hand_out() noexcept;
    void leave(slot_wait& w) noexcept;
    void send(slot_wait& w, weir_outcome outcome, weir_reason reason = WEIR_REASON_NONE) noexcept;
};

}  // namespace weir::plugin
