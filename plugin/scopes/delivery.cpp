// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/delivery.hpp"

#include <cstring>
#include <new>

#include "plugin/scopes/scopes.hpp"

namespace weir::plugin {

namespace {

using fibers::verdict;

weir_outcome outcome_of(const host_party& p) noexcept {
    switch (static_cast<verdict>(p.ended.verdict)) {
    case verdict::released:
        return p.ended.late && p.at->fails_late() ? WEIR_FAILED : WEIR_SUCCEEDED;
    case verdict::voided:
        return WEIR_SUCCEEDED;
    case verdict::broken:
        return WEIR_FAILED;
    case verdict::pending:
        break;
    }
    return p.ended.reason == WEIR_REASON_TIMED_OUT ? WEIR_TIMED_OUT : WEIR_CANCELLED;
}

std::uint32_t generation_of(const host_party& p) noexcept {
    if (p.ended.of_the_last)
        return p.at->generation();
    const bool taken_back = static_cast<verdict>(p.ended.verdict) == verdict::pending;
    return p.generation() + (taken_back ? 1 : 0);
}

// Every member is named: to clear them all before takes longer than to write them.
weir_event event_of(const host_party& p) noexcept {
    const host_barrier& at = *p.at;
    return {.seq = at.tree().next_seq(),
            .t_ns = at.decided_ns(),
            .run = 0,
            .tag = p.tag,
            .step = 0,
            .kind = WEIR_EVENT_BARRIER_DONE,
            .outcome = outcome_of(p),
            .attempt = 0,
            .flags = p.ended.late ? WEIR_EVENT_LATE : 0,
            .path = nullptr,
            .input = nullptr,
            .json = nullptr,
            .path_length = 0,
            .input_length = 0,
            .json_length = 0,
            .reason = p.ended.reason,
            .scope = at.scope_handle(),
            .barrier = at.handle(),
            .generation = generation_of(p),
            .arrived = 0};
}

// Nobody looks at this scope any more, nor at anything in it.
void retire(scope_record& scope) noexcept {
    scope_tree& tree = *scope.tree.load();
    {
        const scope_tree::visit here{tree};
        for (barrier_record* const b : scope.barriers) {
            b->barrier.reset();
            b->tree = nullptr;
            all().barriers.give(*b);
        }
        scope.barriers.clear();
        for (gate_record* const g : scope.gates) {
            g->in_use = 0;
            g->waiters = g->holders = {};
            g->found = nullptr;
            g->tree = nullptr;
            all().gates.give(*g);
        }
        scope.gates.clear();
        if (scope.parent != nullptr) {
            scope_record** at = &scope.parent->first_child;
            while (*at != &scope)
                at = &(*at)->next;
            *at = scope.next;
        } else {
            tree.forget();
        }
    }
    const bool root = scope.parent == nullptr;
    scope.tree = nullptr;
    all().scopes.give(scope);
    if (root)
        all().trees.give(tree);
}

}  // namespace

bool delivery::take(posted what, weir_event& out) noexcept {
    if (notice* const n = what.as_notice()) {
        take(*n, out);
    } else if (slot_wait* const w = what.as_slot_wait()) {
        take(*w, out);
    } else {
        host_lane& over = *what.as_lane();
        const scope_tree::visit here{*over.tree.load()};
        bury(over);
        return false;
    }
    return true;
}

std::uint32_t delivery::take(posted& from, unsigned char* to, std::size_t stride,
                             std::uint32_t most) noexcept {
    std::uint32_t count = 0;
    posted one = from;
    while (count < most && one) {
        if (stride > sizeof(weir_event)) [[unlikely]]
            std::memset(to + sizeof(weir_event), 0, stride - sizeof(weir_event));
        const posted next = one.next();
        if (host_party* const p = one.as_party()) [[likely]] {
            new (to) weir_event{event_of(*p)};
            p->now.store(host_party::idle, std::memory_order_release);
        } else if (!take(one, *new (to) weir_event{})) {
            one = next;
            continue;
        }
        one = next;
        ++count;
        to += stride;
    }
    from = one;
    return count;
}

void delivery::take(slot_wait& w, weir_event& out) noexcept {
    const gate_record& at = *w.at;
    out.seq = w.lane->tree.load(std::memory_order_relaxed)->next_seq();
    out.t_ns = w.t_ns;
    out.tag = w.tag;
    out.kind = WEIR_EVENT_SLOT_DONE;
    out.outcome = w.outcome;
    out.reason = w.reason;
    out.scope = all().scopes.handle(*at.scope);
    out.barrier = all().gates.handle(at);
    out.path = at.name.data();
    out.path_length = static_cast<std::uint32_t>(at.name.size());
    w.told.store(slot_wait::idle, std::memory_order_release);
}

void delivery::take(notice& n, weir_event& out) noexcept {
    out.seq = n.scope->tree.load(std::memory_order_relaxed)->next_seq();
    out.t_ns = n.t_ns;
    out.tag = n.barrier != nullptr ? n.barrier->tag() : n.scope->tag;
    out.kind = n.kind;
    out.reason = n.reason;
    out.scope = all().scopes.handle(*n.scope);
    out.barrier = n.barrier != nullptr ? n.barrier->handle() : 0;
    out.generation = n.generation;
    out.arrived = n.arrived;
    const std::string_view name = n.barrier != nullptr ? n.barrier->name() : n.scope->name;
    out.path = name.data();
    out.path_length = static_cast<std::uint32_t>(name.size());
    if (!n.detail.empty()) {
        out.input = n.detail.c_str();
        out.input_length = static_cast<std::uint32_t>(n.detail.size());
    }
    n.next_seen = seen_;
    seen_ = &n;
}

void delivery::drop(posted& from) noexcept {
    alignas(weir_event) unsigned char nobody[sizeof(weir_event)];
    while (from) {
        (void)take(from, nobody, sizeof nobody, 1);
        forget();
    }
}

void delivery::forget() noexcept {
    // The last word of a scope comes after all others of it: in the order in which they came.
    notice* in_order = nullptr;
    while (seen_ != nullptr) {
        notice* const n = seen_;
        seen_ = n->next_seen;
        n->next_seen = in_order;
        in_order = n;
    }
    while (in_order != nullptr) {
        notice* const n = in_order;
        in_order = n->next_seen;
        if (n->kind == WEIR_EVENT_SCOPE_CLOSED)
            retire(*n->scope);
        else if (n->on_heap)
            delete n;
        else
            n->busy.store(false, std::memory_order_release);
    }
}

}  // namespace weir::plugin
