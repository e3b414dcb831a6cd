// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/plan/json.hpp"
#include "plugin/guard.hpp"
#include "plugin/scopes/scopes.hpp"
#include "plugin/scopes/waiting.hpp"

#include <algorithm>
#include <string>

namespace weir::plugin {

namespace {

host_lane* make_lane(scope_record& scope, host_lane* parent, std::string_view name,
                     std::uint64_t tag) {
    std::string kept{name};
    host_lane* const made = all().lanes.take();
    if (made == nullptr)
        return nullptr;
    made->scope = &scope;
    made->parent = parent;
    made->first_child = nullptr;
    made->ended = false;
    made->seen = 0;
    made->waits_at = {};
    made->tag = tag;
    made->name = std::move(kept);
    host_lane*& first = parent != nullptr ? parent->first_child : scope.first_lane;
    made->prev = nullptr;
    made->next = first;
    if (first != nullptr)
        first->prev = made;
    first = made;
    made->tree.store(scope.tree.load(std::memory_order_relaxed), std::memory_order_release);
    return made;
}

bool is_outcome(weir_outcome outcome) noexcept {
    return outcome >= WEIR_SUCCEEDED && outcome <= WEIR_IGNORED_FAILURE;
}

// A lane and a barrier of one tree, whose lock is held.
struct meeting_point {
    meeting_point(weir_lane lane_handle, weir_barrier barrier_handle) noexcept
        : lane{all().lanes, lane_handle}, status{lane.status()} {
        if (lane)
            status = find_barrier(lane.tree(), barrier_handle, barrier);
    }

    held<host_lane> lane;
    weir_status status;
    host_barrier* barrier = nullptr;
};

// The first one's patience is the barrier's, too.
void watch_first(host_barrier& at, scope_tree& tree) {
    if (at.timeout_ns() > 0 && at.where() == fibers::phase::standing && at.arrived() == 0)
        (void)tree.watch(at, at.timeout_ns());
}

weir_status arrive_with(host_lane& lane, host_barrier& at, std::string_view value,
                        std::int64_t timeout_ns, std::uint64_t tag) {
    scope_tree& tree = *lane.tree.load(std::memory_order_relaxed);
    if (tree.is_sequential() && waits(lane))
        return WEIR_E_BUSY;
    host_party* p = nullptr;
    if (const auto status = arriving_party(lane, at, p); status != WEIR_OK)
        return status;
    if (p->now.load(std::memory_order_acquire) != host_party::idle)
        return WEIR_E_BUSY;
    if (!value.empty())
        at.keep_value(*p, std::string{value});
    watch_first(at, tree);
    const bool watched = timeout_ns >= 0 && tree.watch(*p, timeout_ns);
    const auto status = at.arrive(*p, tag);
    if (status != WEIR_OK && watched)
        tree.unwatch(p);
    if (status == WEIR_OK && tree.is_sequential()) {
        lane.waits_at = posted{*p};
        tree.stalled().look(at);
    }
    return status;
}

// The first time, and where there is more to do than to arrive.
[[gnu::noinline]] weir_status arrive_anew(host_lane& lane, scope_tree& tree, weir_barrier barrier,
                                          std::uint64_t tag) {
    host_barrier* at = nullptr;
    const auto status = find_barrier(tree, barrier, at);
    return status == WEIR_OK ? arrive_with(lane, *at, {}, -1, tag) : status;
}

weir_status arrive(host_lane& lane, scope_tree& tree, weir_barrier barrier, std::uint64_t tag) {
    host_party* const p = party_of(lane, barrier);
    return p != nullptr && p->at->is_simple() ? p->at->arrive(*p, tag)
                                              : arrive_anew(lane, tree, barrier, tag);
}

// So many find the lock taken once, and others not waiting long for it.
constexpr std::uint32_t a_batch = 64;

// `done` counts those that were accepted.
weir_status arrive(const weir_lane* lanes, const std::uint64_t* tags, std::uint32_t count,
                   weir_barrier barrier, std::uint32_t& done) {
    const held<host_lane> first{all().lanes, *lanes};
    if (!first)
        return first.status();
    scope_tree& tree = first.tree();
    for (std::uint32_t at = 0; at < count; ++at, ++done) {
        host_lane* lane = nullptr;
        auto status = find_lane(tree, lanes[at], lane);
        if (status == WEIR_OK)
            status = arrive(*lane, tree, barrier, tags[at]);
        if (status != WEIR_OK)
            return status;
    }
    return WEIR_OK;
}

[[gnu::noinline]] weir_status arrive_with(weir_lane lane, weir_barrier barrier, const char* value,
                                          std::uint32_t value_length, std::int64_t timeout_ns,
                                          std::uint64_t tag) noexcept {
    return guarded([&] {
        const auto text = text_of(value, value_length);
        if (!text)
            return WEIR_E_INVALID_ARGUMENT;
        if (!is_text(*text))
            return WEIR_E_NOT_UTF8;
        if (!text->empty() && !json::accept(*text))
            return WEIR_E_NOT_JSON;
        const meeting_point here{lane, barrier};
        return here.status == WEIR_OK
                   ? arrive_with(*here.lane, *here.barrier, *text, timeout_ns, tag)
                   : here.status;
    });
}

// Does `what` for the lane's party at the barrier; when that is false, says why.
template <class F>
weir_status with_party(weir_lane lane, weir_barrier barrier, F&& what) noexcept {
    return guarded([&] {
        const meeting_point here{lane, barrier};
        if (here.status != WEIR_OK)
            return here.status;
        host_barrier& at = *here.barrier;
        host_party* const p = party_of(*here.lane, at);
        if (p == nullptr)
            return WEIR_E_NOT_EXPECTED;
        if (what(at, *p))
            return WEIR_OK;
        return at.where() == fibers::phase::standing ? WEIR_E_NOT_EXPECTED : WEIR_E_DECIDED;
    });
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_lane_open(weir_scope scope, weir_lane parent, const char* name,
                           uint32_t name_length, uint64_t tag, weir_lane* lane) noexcept {
    return plugin::guarded([&] {
        const auto text = plugin::text_of(name, name_length);
        if (!lane || !text)
            return WEIR_E_INVALID_ARGUMENT;
        if (!plugin::is_text(*text))
            return WEIR_E_NOT_UTF8;
        const plugin::held<plugin::scope_record> in{all().scopes, scope};
        if (!in)
            return in.status();
        plugin::host_lane* above = nullptr;
        if (parent != 0) {
            if (const auto status = plugin::find_lane(in.tree(), parent, above); status != WEIR_OK)
                return status;
        }
        plugin::host_lane* const made = plugin::make_lane(*in, above, *text, tag);
        if (made == nullptr)
            return WEIR_E_NO_MEMORY;
        *lane = all().lanes.handle(*made);
        return WEIR_OK;
    });
}

weir_status weir_lane_finish(weir_lane lane, weir_outcome outcome) noexcept {
    return plugin::guarded([&] {
        if (!plugin::is_outcome(outcome))
            return WEIR_E_INVALID_ARGUMENT;
        const plugin::held<plugin::host_lane> of{all().lanes, lane};
        if (!of)
            return of.status();
        plugin::scope_tree& tree = of.tree();
        plugin::end_lane(*of, outcome);
        tree.stalled().look_at_suspects();
        return WEIR_OK;
    });
}

weir_status weir_lane_expect(weir_lane lane, weir_barrier barrier) noexcept {
    return plugin::guarded([&] {
        const plugin::meeting_point here{lane, barrier};
        return here.status == WEIR_OK ? plugin::expect(*here.lane, *here.barrier) : here.status;
    });
}

weir_status weir_lane_arrive(weir_lane lane, weir_barrier barrier, const char* value,
                             uint32_t value_length, int64_t timeout_ns, uint64_t tag) noexcept {
    if (value_length != 0 || timeout_ns >= 0)
        return plugin::arrive_with(lane, barrier, value, value_length, timeout_ns, tag);
    return plugin::guarded([&] {
        const plugin::held<plugin::host_lane> here{all().lanes, lane};
        return here ? plugin::arrive(*here, here.tree(), barrier, tag) : here.status();
    });
}

weir_status weir_lanes_arrive(const weir_lane* lanes, const uint64_t* tags, uint32_t count,
                              weir_barrier barrier, uint32_t* accepted) noexcept {
    return plugin::guarded([&] {
        if (!accepted)
            return WEIR_E_INVALID_ARGUMENT;
        *accepted = 0;
        if (count != 0 && (!lanes || !tags))
            return WEIR_E_INVALID_ARGUMENT;
        while (*accepted < count) {
            const auto from = *accepted;
            const auto status =
                plugin::arrive(lanes + from, tags + from, std::min(count - from, plugin::a_batch),
                               barrier, *accepted);
            if (status != WEIR_OK)
                return status;
        }
        return WEIR_OK;
    });
}

weir_status weir_lane_retract(weir_lane lane, weir_barrier barrier) noexcept {
    return plugin::with_party(lane, barrier, [](plugin::host_barrier& at, plugin::host_party& p) {
        return at.retract(p);
    });
}

weir_status weir_lane_withdraw(weir_lane lane, weir_barrier barrier) noexcept {
    return plugin::with_party(lane, barrier, [](plugin::host_barrier& at, plugin::host_party& p) {
        const bool left = at.withdraw(p);
        plugin::look_for_stall(at);
        return left;
    });
}
