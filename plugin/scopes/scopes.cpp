// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/scopes.hpp"

#include <algorithm>

#include "adapters/plan/json.hpp"
#include "plugin/scopes/paths.hpp"
#include "plugin/scopes/waiting.hpp"

namespace weir::plugin {

namespace {

using fibers::reason;

bool is_well(weir_outcome outcome) noexcept {
    return outcome == WEIR_SUCCEEDED || outcome == WEIR_SKIPPED || outcome == WEIR_IGNORED_FAILURE;
}

reason reason_of(weir_outcome outcome) noexcept {
    return outcome == WEIR_TIMED_OUT   ? reason::timed_out
           : outcome == WEIR_CANCELLED ? reason::cancelled
                                       : reason::failed;
}

bool sees(const scope_record& from, const scope_record& what) noexcept {
    const scope_record* at = &from;
    while (at != nullptr && at != &what)
        at = at->parent;
    return at != nullptr;
}

void unlink(host_lane& lane) noexcept {
    host_lane*& first = lane.parent != nullptr ? lane.parent->first_child : lane.scope->first_lane;
    (lane.prev == nullptr ? first : lane.prev->next) = lane.next;
    if (lane.next != nullptr)
        lane.next->prev = lane.prev;
}

// Leaves the barrier, one way or the other; what stays is an event on its way, or nothing.
void leave(host_party& p, weir_outcome outcome) noexcept {
    if (!is_well(outcome))
        p.at->lose(p, reason_of(outcome));
    else if (!p.at->withdraw(p) && p.now == host_party::waiting)
        p.at->lose(p, reason::cancelled);  // it is being released, and will not come to see it
}

// Who waited for a lane that has ended, may wait for nobody who can move from here on.
void suspect(const host_lane& gone) noexcept {
    scope_tree& tree = *gone.tree.load();
    for (host_party* const p : gone.parties)
        tree.stalled().suspect(*p->at);
    if (gone.parent != nullptr && waits(*gone.parent))
        tree.stalled().suspect(goal_of(*gone.parent));
}

}  // namespace

weir_status find_barrier(const scope_tree& in, weir_barrier handle, host_barrier*& found) noexcept {
    barrier_record* const record = all().barriers.find(handle);
    if (record == nullptr || !all().barriers.names(handle, *record))
        return WEIR_E_STALE;
    if (record->tree.load(std::memory_order_relaxed) != &in)
        return WEIR_E_INVALID_ARGUMENT;
    if (!record->barrier || record->barrier->scope().closed)
        return WEIR_E_STALE;
    found = &*record->barrier;
    return WEIR_OK;
}

weir_status find_gate(const scope_tree& in, weir_gate handle, gate_record*& found) noexcept {
    gate_record* const record = all().gates.find(handle);
    if (record == nullptr || !all().gates.names(handle, *record))
        return WEIR_E_STALE;
    if (record->tree.load(std::memory_order_relaxed) != &in)
        return WEIR_E_INVALID_ARGUMENT;
    if (record->scope->closed)
        return WEIR_E_STALE;
    found = record;
    return WEIR_OK;
}

host_party* party_of(const host_lane& lane, const host_barrier& at) noexcept {
    for (host_party* const p : lane.parties) {
        if (p->at == &at)
            return p;
    }
    return nullptr;
}

namespace {

host_party* make_party(host_lane& lane, host_barrier& at) {
    lane.parties.reserve_one();
    host_party* const made = lane.scope->tree.load()->make_party(lane, at);
    lane.parties.push_back(made);
    return made;
}

}  // namespace

weir_status arriving_party(host_lane& lane, host_barrier& at, host_party*& p) {
    p = party_of(lane, at);
    if (p != nullptr)
        return WEIR_OK;
    if (!sees(*lane.scope, at.scope()))
        return WEIR_E_INVALID_ARGUMENT;
    if (at.unnamed() == 0)
        return WEIR_E_NOT_EXPECTED;
    p = make_party(lane, at);
    (void)at.identify(*p);  // too late: it is told so when it arrives
    return WEIR_OK;
}

weir_status expect(host_lane& lane, host_barrier& at) {
    if (!sees(*lane.scope, at.scope()))
        return WEIR_E_INVALID_ARGUMENT;
    host_party* p = party_of(lane, at);
    if (p == nullptr) {
        p = make_party(lane, at);
    } else if (p->now.load(std::memory_order_acquire) == host_party::queued) {
        return WEIR_E_BUSY;
    }
    if (at.expect(*p))
        return WEIR_OK;
    return at.where() == fibers::phase::standing ? WEIR_E_NOT_EXPECTED : WEIR_E_DECIDED;
}

weir_status wait_at(host_lane& lane, gate_record& at, slot_wait*& w) {
    if (!sees(*lane.scope, *at.scope))
        return WEIR_E_INVALID_ARGUMENT;
    const auto found = std::ranges::find(lane.slots, &at, &slot_wait::at);
    if (found != lane.slots.end()) {
        w = *found;
        return WEIR_OK;
    }
    lane.slots.reserve(lane.slots.size() + 1);
    w = new slot_wait{lane, at};
    lane.slots.push_back(w);
    return WEIR_OK;
}

namespace {

// Events of it may be on their way.
bool is_told_of(const host_lane& lane) noexcept {
    return std::ranges::any_of(lane.parties,
                               [](const host_party* p) {
                                   return p->now.load(std::memory_order_acquire) ==
                                          host_party::queued;
                               }) ||
           std::ranges::any_of(lane.slots, [](const slot_wait* w) {
               return w->told.load(std::memory_order_acquire) == slot_wait::queued;
           });
}

}  // namespace

void bury(host_lane& lane) noexcept {
    for (host_party* const p : lane.parties)
        lane.tree.load()->give(*p);
    lane.parties.clear();
    for (slot_wait* const w : lane.slots)
        delete w;
    lane.slots.clear();
    all().lanes.give(lane);
}

void look_for_stall(host_barrier& at) noexcept {
    if (at.tree().is_sequential())
        at.tree().stalled().look(at);
}

void end_lane(host_lane& lane, weir_outcome outcome) noexcept {
    while (lane.first_child != nullptr)
        end_lane(*lane.first_child, outcome);
    for (host_party* const p : lane.parties)
        leave(*p, outcome);
    for (slot_wait* const w : lane.slots)
        (void)w->at->give(*w);
    lane.ended = true;
    unlink(lane);
    if (lane.tree.load()->is_sequential())
        suspect(lane);
    if (is_told_of(lane))
        lane.tree.load()->send(posted{lane});
    else
        bury(lane);
}

void close_scope(scope_record& scope) noexcept {
    scope_tree& tree = *scope.tree.load();
    for (scope_record* child = scope.first_child; child != nullptr; child = child->next) {
        if (!child->closed)
            close_scope(*child);
    }
    while (scope.first_lane != nullptr)
        end_lane(*scope.first_lane, WEIR_CANCELLED);
    for (barrier_record* const b : scope.barriers) {
        if (b->barrier->expected() + b->barrier->reserved() != 0)
            b->barrier->break_now(reason::cancelled);
        tree.unwatch(&*b->barrier);
    }
    scope.closed = true;
    scope.last_word.kind = WEIR_EVENT_SCOPE_CLOSED;
    scope.last_word.scope = &scope;
    scope.last_word.t_ns = tree.now();
    scope.last_word.busy = true;
    tree.send(posted{scope.last_word});
    if (scope.parent == nullptr)
        tree.close();
}

json describe(const scope_record& scope) {
    json all = json_object("scope", path_of(scope));
    json barriers = json::array();
    for (const barrier_record* const b : scope.barriers)
        barriers.push_back(b->barrier->describe());
    all["barriers"] = std::move(barriers);
    json children = json::array();
    for (const scope_record* child = scope.first_child; child != nullptr; child = child->next) {
        if (!child->closed)
            children.push_back(describe(*child));
    }
    if (!children.empty())
        all["scopes"] = std::move(children);
    return all;
}

}  // namespace weir::plugin
