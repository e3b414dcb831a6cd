// SPDX-License-Identifier: BSL-1.0
// What a queue carries.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/names.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace weir {

/// One thing that happened, or that the host is asked to do. Its texts are valid until the next
/// drain of the same queue, or until the dispatcher's callable returns. Readers need no lock:
/// nobody writes it. docs/events.md has the fields of each kind.
class event {
public:
    /// What it tells: skip what you do not know.
    event_kind kind() const noexcept { return static_cast<event_kind>(raw_.kind); }

    /// Of what finished or is done, else outcome::none.
    weir::outcome outcome() const noexcept { return static_cast<weir::outcome>(raw_.outcome); }

    /// Of a host's barrier.
    weir::reason reason() const noexcept { return static_cast<weir::reason>(raw_.reason); }

    /// Of its run, or root scope: 1, 2, 3 ... without a gap.
    std::uint64_t seq() const noexcept { return raw_.seq; }

    /// Since the start of its run; of a scope: the runtime's clock.
    std::chrono::nanoseconds time() const noexcept { return std::chrono::nanoseconds(raw_.t_ns); }

    /// As given for the run, the scope or the barrier; of answers (snapshot, *_done) as given in
    /// the call.
    std::uint64_t tag() const noexcept { return raw_.tag; }

    /// The run, step, scope, barrier or gate that it is of; 0 where it is of none.
    weir_run run() const noexcept { return raw_.run; }
    weir_step step() const noexcept { return raw_.step; }
    weir_scope scope() const noexcept { return raw_.scope; }
    std::uint64_t barrier() const noexcept { return raw_.barrier; }

    /// Of a step: 1 for the first try.
    std::uint32_t attempt() const noexcept { return raw_.attempt; }

    /// Of a host's barrier.
    std::uint32_t generation() const noexcept { return raw_.generation; }

    /// Of a host's barrier that has decided: how many had arrived.
    std::uint32_t arrived() const noexcept { return raw_.arrived; }

    /// Of step_cancel: the time for a graceful end is over.
    bool hard() const noexcept { return (raw_.flags & WEIR_EVENT_HARD) != 0; }

    /// It came after the barrier's decision.
    bool late() const noexcept { return (raw_.flags & WEIR_EVENT_LATE) != 0; }

    /// The node's path; the barrier's, gate's or scope's name.
    std::string_view path() const noexcept { return detail::view(raw_.path, raw_.path_length); }

    /// JSON, or nothing: of step_started what to do (docs/steps.md), of a decision who is to blame.
    std::string_view input() const noexcept { return detail::view(raw_.input, raw_.input_length); }

    /// A run's event as one JSON object, when the queue was asked for it.
    std::string_view json() const noexcept { return detail::view(raw_.json, raw_.json_length); }

    /// The record of weir.h.
    const weir_event& raw() const noexcept { return raw_; }

private:
    friend class batch;
    weir_event raw_;
};

static_assert(sizeof(event) == sizeof(weir_event) && std::is_standard_layout_v<event> &&
              std::is_trivially_copyable_v<event>);

}  // namespace weir
