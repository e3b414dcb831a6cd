// SPDX-License-Identifier: BSL-1.0
// Where lanes, barriers and gates are.
#pragma once

#include <weir/weir.h>
#include <weir/barrier.hpp>
#include <weir/detail/owner.hpp>
#include <weir/gate.hpp>
#include <weir/lane.hpp>
#include <weir/queue.hpp>
#include <weir/runtime.hpp>
#include <weir/text.hpp>

#include <cstdint>
#include <string_view>

namespace weir {

/// Has lanes, barriers, gates, and scopes below it, whose lanes see its barriers. A root scope and
/// all below it send to one queue.
///
/// Closed with this: lanes that are open end as cancelled, barriers that have not decided break,
/// and event_kind::scope_closed is the last of its events. All calls may be status::stale once it
/// has closed, and forked.
class scope : public detail::owner<weir_scope_close> {
public:
    using owner::owner;

    /// Opens a root scope. The runtime keeps the time: a polled one must be polled for timeouts to
    /// come. With `sequential`, a lane that waits does nothing else until it is told: to wait twice
    /// is status::busy, and lanes that wait for each other in a circle are told so, with
    /// reason::deadlock, at the moment it is certain. status::closed: the runtime ends; not_utf8,
    /// limit, no_memory. [any thread, never blocks]
    static result<scope> open(const runtime& on, const queue& to, std::string_view name = {},
                              std::uint64_t tag = 0, bool sequential = false) noexcept {
        return open(on.handle(), to.handle(), 0, name, tag, sequential ? WEIR_SCOPE_SEQUENTIAL : 0);
    }

    /// Opens a scope below this one. Statuses as above; closed: this one is. [any thread, never
    /// blocks]
    result<scope> open_below(std::string_view name = {}, std::uint64_t tag = 0) const noexcept {
        return open(0, 0, handle(), name, tag, 0);
    }

    /// Opens a lane. Barriers name it when it is missing. status::not_utf8, limit, no_memory.
    /// [any thread, never blocks]
    result<lane> open_lane(std::string_view name = {}, std::uint64_t tag = 0) const noexcept {
        return open_lane(0, name, tag);
    }

    /// Opens a lane under another one of this scope or a parent's, with which it ends.
    /// status::invalid_argument: that is of another tree; else as above. [any thread, never blocks]
    result<lane> open_lane_under(const lane& parent, std::string_view name = {},
                                 std::uint64_t tag = 0) const noexcept {
        return open_lane(parent.handle(), name, tag);
    }

    /// Declares a barrier. Unless `parties` are given, it decides nothing before barrier::open.
    /// status::exists: the name is taken; invalid_argument: no name, a negative timeout; not_utf8,
    /// limit, no_memory. [any thread, never blocks]
    result<barrier> declare(std::string_view name, const barrier_options& how = {}) const noexcept {
        weir_barrier_options o{};
        o.struct_size = sizeof o;
        o.flags = (how.cyclic ? WEIR_BARRIER_CYCLIC : 0) |
                  (how.stragglers_fail ? WEIR_BARRIER_STRAGGLERS_FAIL : 0) |
                  (how.completes ? WEIR_BARRIER_COMPLETES : 0);
        o.parties = how.parties;
        o.quorum = how.quorum;
        o.timeout_ns = how.timeout.count();
        o.tag = how.tag;
        return detail::made<barrier>([&](weir_barrier* made, weir_error* told) noexcept {
            return weir_barrier_declare(handle(), name.data(), detail::length(name), &o, made,
                                        told);
        });
    }

    /// Finds a barrier by name: here, then in the parents. status::not_found. [any thread, never
    /// blocks]
    result<barrier> find(std::string_view name) const noexcept {
        return detail::made<barrier>([&](weir_barrier* found, weir_error*) noexcept {
            return weir_barrier_find(handle(), name.data(), detail::length(name), found);
        });
    }

    /// Opens a gate of so many slots. status::invalid_argument: none; not_utf8, limit, no_memory.
    /// [any thread, never blocks]
    result<gate> open_gate(std::string_view name, std::uint32_t slots) const noexcept {
        return detail::made<gate>([&](weir_gate* made, weir_error* told) noexcept {
            return weir_gate_open(handle(), name.data(), detail::length(name), slots, made, told);
        });
    }

    /// Tells it and all below it as JSON: lanes, barriers, who waits where and for whom.
    /// status::limit, no_memory. [any thread, never blocks]
    result<text> describe() const noexcept {
        return detail::made<text>([&](weir_text* written, weir_error*) noexcept {
            return weir_scope_describe(handle(), written);
        });
    }

    /// Closes it and those below it, now. [owner, never blocks]
    result<void> close() noexcept { return end_now(); }

private:
    static result<scope> open(weir_runtime on, weir_queue to, weir_scope parent,
                              std::string_view name, std::uint64_t tag,
                              std::uint32_t flags) noexcept {
        weir_scope_options o{};
        o.struct_size = sizeof o;
        o.name = detail::or_null(name);
        o.name_length = detail::length(name);
        o.parent = parent;
        o.tag = tag;
        o.flags = flags;
        return detail::made<scope>([&](weir_scope* made, weir_error* told) noexcept {
            return weir_scope_open(on, to, &o, made, told);
        });
    }

    result<lane> open_lane(weir_lane parent, std::string_view name,
                           std::uint64_t tag) const noexcept {
        return detail::made<lane>([&](weir_lane* made, weir_error*) noexcept {
            return weir_lane_open(handle(), parent, name.data(), detail::length(name), tag, made);
        });
    }
};

}  // namespace weir
