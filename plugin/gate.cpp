// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "plugin/guard.hpp"
#include "plugin/scopes/scopes.hpp"
#include "plugin/scopes/waiting.hpp"

#include <string>

namespace weir::plugin {

namespace {

// Null: there is no memory, or no place, for one more.
gate_record* make_gate(scope_record& scope, std::string_view name, std::uint32_t slots) {
    std::string kept{name};
    scope.gates.reserve(scope.gates.size() + 1);
    gate_record* const made = all().gates.take();
    if (made == nullptr)
        return nullptr;
    made->scope = &scope;
    made->slots = slots;
    made->seen = 0;
    made->name = std::move(kept);
    made->tree.store(scope.tree.load(std::memory_order_relaxed), std::memory_order_release);
    scope.gates.push_back(made);
    return made;
}

weir_status take(host_lane& who, gate_record& at, slot_wait& w, std::uint64_t tag) noexcept {
    scope_tree& tree = *who.tree.load(std::memory_order_relaxed);
    if (tree.is_sequential() && waits(who))
        return WEIR_E_BUSY;
    w.since = tree.next_number();
    const auto status = at.take(w, tag);
    if (status == WEIR_OK && tree.is_sequential()) {
        who.waits_at = posted{w};
        tree.stalled().look(at);
    }
    return status;
}

// Does `what` with a lane and a gate of one tree.
template <class F>
weir_status with_lane_and_gate(weir_lane lane, weir_gate gate, F&& what) noexcept {
    return guarded([&] {
        const held<host_lane> who{all().lanes, lane};
        if (!who)
            return who.status();
        gate_record* at = nullptr;
        const auto status = find_gate(who.tree(), gate, at);
        return status == WEIR_OK ? what(*who, *at) : status;
    });
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;
using plugin::gate_record;
using plugin::host_lane;
using plugin::with_lane_and_gate;

weir_status weir_gate_open(weir_scope scope, const char* name, uint32_t name_length, uint32_t slots,
                           weir_gate* gate, weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        const auto text = plugin::text_of(name, name_length);
        if (!gate || !text || slots == 0)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT,
                                  slots == 0 ? "slots: 1 or more"
                                  : !gate    ? "gate is null"
                                             : plugin::no_text);
        if (!plugin::is_text(*text))
            return plugin::refuse(error, WEIR_E_NOT_UTF8, "name is not UTF-8");
        const plugin::held<plugin::scope_record> in{all().scopes, scope};
        if (!in)
            return plugin::refuse(error, in.status(), "scope is stale, or the parent process's");
        const auto* const made = plugin::make_gate(*in, *text, slots);
        if (made == nullptr)
            return plugin::refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
        *gate = all().gates.handle(*made);
        return WEIR_OK;
    });
}

weir_status weir_gate_set_slots(weir_gate gate, uint32_t slots) noexcept {
    return plugin::guarded([&] {
        if (slots == 0)
            return WEIR_E_INVALID_ARGUMENT;
        const plugin::held<gate_record> of{all().gates, gate};
        if (!of)
            return of.status();
        of->set_slots(slots);
        return WEIR_OK;
    });
}

weir_status weir_lane_take_slot(weir_lane lane, weir_gate gate, uint64_t tag) noexcept {
    return with_lane_and_gate(lane, gate, [&](host_lane& who, gate_record& at) {
        plugin::slot_wait* w = nullptr;
        const auto status = plugin::wait_at(who, at, w);
        return status == WEIR_OK ? plugin::take(who, at, *w, tag) : status;
    });
}

weir_status weir_lane_give_slot(weir_lane lane, weir_gate gate) noexcept {
    return with_lane_and_gate(lane, gate, [&](host_lane& who, gate_record& at) {
        for (plugin::slot_wait* const w : who.slots) {
            if (w->at == &at && at.give(*w))
                return WEIR_OK;
        }
        return WEIR_E_BAD_STATE;
    });
}
