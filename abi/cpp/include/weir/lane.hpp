// SPDX-License-Identifier: BSL-1.0
// Who meets.
#pragma once

#include <weir/weir.h>
#include <weir/barrier.hpp>
#include <weir/detail/owner.hpp>
#include <weir/gate.hpp>
#include <weir/names.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace weir {

namespace detail {

/// How a lane ends that nobody finished. One that has ended with its scope is none of its concern.
inline weir_status abandon_lane(weir_lane lane) noexcept {
    return weir_lane_finish(lane, WEIR_CANCELLED);
}

}  // namespace detail

/// What a lane brings to a barrier.
struct arrive_options {
    std::string_view value;                 ///< JSON, handed to all with the release; empty: none
    std::chrono::nanoseconds patience{-1};  ///< this lane's own; negative: no limit
};

/// A line of work that meets others: a stage, a step group, an instance of a loop, a child
/// pipeline.
///
/// Finish it: what is dropped before has failed whom it was to meet, and ends as cancelled. All
/// calls may be status::stale, once it has ended or its scope has closed, and forked.
class lane : public detail::owner<detail::abandon_lane> {
public:
    using owner::owner;

    /// Makes it a party: the barrier waits for it. Once more is once. status::invalid_argument: the
    /// barrier is not in its scope or a parent; decided; busy: its last event there has not been
    /// drained; no_memory. [any thread, never blocks]
    result<void> expect(barrier at) const noexcept {
        return result<void>(weir_lane_expect(handle(), at.handle()));
    }

    /// Has reached the barrier. When accepted, exactly one event_kind::barrier_done with `tag`
    /// follows. status::not_expected: expect it before, or declare a number of parties; busy: it
    /// waits there already, or its last event has not been drained; not_json, not_utf8: the value
    /// is not; invalid_argument, no_memory. [any thread, never blocks]
    result<void> arrive(barrier at, std::uint64_t tag,
                        const arrive_options& how = {}) const noexcept {
        return result<void>(weir_lane_arrive(handle(), at.handle(), how.value.data(),
                                             detail::length(how.value), how.patience.count(), tag));
    }

    /// Takes an arrival back that waits: it ends as cancelled, and the lane is expected again.
    /// status::decided: too late; not_expected: it has not arrived. [any thread, never blocks]
    result<void> retract(barrier at) const noexcept {
        return result<void>(weir_lane_retract(handle(), at.handle()));
    }

    /// Is no party any more; an arrival that waits ends as cancelled. status::decided,
    /// not_expected. [any thread, never blocks]
    result<void> withdraw(barrier at) const noexcept {
        return result<void>(weir_lane_withdraw(handle(), at.handle()));
    }

    /// Waits for a slot, behind all who wait already. When accepted, exactly one
    /// event_kind::slot_done with `tag` follows. status::busy: it holds one, waits for one, or its
    /// last event has not been drained; invalid_argument: the gate is not in its scope or a parent;
    /// no_memory. [any thread, never blocks]
    result<void> take_slot(gate at, std::uint64_t tag) const noexcept {
        return result<void>(weir_lane_take_slot(handle(), at.handle(), tag));
    }

    /// Gives its slot to the first who waits; or ends its own wait. status::bad_state: it neither
    /// holds nor waits. [any thread, never blocks]
    result<void> give_slot(gate at) const noexcept {
        return result<void>(weir_lane_give_slot(handle(), at.handle()));
    }

    /// Ends it and those under it. After succeeded, skipped or ignored_failure it withdraws from
    /// the barriers that it has not reached; after failed, timed_out or cancelled it breaks them.
    /// status::invalid_argument: no outcome. [owner, never blocks]
    result<void> finish(outcome how) noexcept {
        const result<void> said(weir_lane_finish(handle(), static_cast<weir_outcome>(how)));
        if (said || said.code() == status::stale)
            static_cast<void>(release());
        return said;
    }
};

}  // namespace weir
