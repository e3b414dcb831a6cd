// SPDX-License-Identifier: BSL-1.0
// For C++20: coroutines wait for a barrier or a slot. The umbrella does not include this.
//
// Whoever drains the queue hands every event_kind::barrier_done and slot_done of it to
// weir::resume: their tags are of this header then, and all arrivals on that queue are made by it.
// A coroutine goes on where that is called. One that waits is not destroyed before: retract, give
// the slot, or close the scope, and it is told.
#pragma once

#include <weir/barrier.hpp>
#include <weir/event.hpp>
#include <weir/gate.hpp>
#include <weir/lane.hpp>

#if !defined(__cpp_impl_coroutine)
#error "weir/await.hpp needs coroutines: -std=c++20 or later"
#endif

#include <coroutine>
#include <cstdint>

namespace weir {

/// How one arrival ended, or one wait for a slot.
struct ending {
    weir::outcome outcome = weir::outcome::none;  ///< succeeded: go on
    weir::reason reason = weir::reason::none;     ///< why the barrier broke
    std::uint32_t generation = 0;                 ///< of the barrier
    bool late = false;                            ///< it came after the decision
};

namespace detail {

/// Waits for one event, whose tag is its address. It lies in the coroutine's frame.
class awaiter {
public:
    bool await_ready() const noexcept { return false; }

    result<ending> await_resume() const noexcept {
        if (refused_ != WEIR_OK)
            return error(static_cast<status>(refused_));
        return ended_;
    }

    void resume(const event& by) {
        ended_ = {by.outcome(), by.reason(), by.generation(), by.late()};
        waiting_.resume();
    }

protected:
    /// After an accepted call this may be gone: the event, on another thread, lets the coroutine go
    /// on.
    template <typename Call>
    bool suspend(std::coroutine_handle<> waiting, Call call) noexcept {
        waiting_ = waiting;
        const result<void> said = call(reinterpret_cast<std::uintptr_t>(this));
        if (said)
            return true;
        refused_ = static_cast<weir_status>(said.code());
        return false;
    }

private:
    std::coroutine_handle<> waiting_;
    ending ended_;
    weir_status refused_ = WEIR_OK;
};

class arrival : public awaiter {
public:
    arrival(const lane& who, barrier at, const arrive_options& how) noexcept
        : who_(who), at_(at), how_(how) {}

    bool await_suspend(std::coroutine_handle<> waiting) noexcept {
        return suspend(waiting,
                       [&](std::uint64_t tag) noexcept { return who_.arrive(at_, tag, how_); });
    }

private:
    const lane& who_;
    barrier at_;
    arrive_options how_;
};

class slot : public awaiter {
public:
    slot(const lane& who, gate at) noexcept : who_(who), at_(at) {}

    bool await_suspend(std::coroutine_handle<> waiting) noexcept {
        return suspend(waiting,
                       [&](std::uint64_t tag) noexcept { return who_.take_slot(at_, tag); });
    }

private:
    const lane& who_;
    gate at_;
};

}  // namespace detail

/// `co_await weir::arrive(lane, barrier)` gives a result<ending>; an error is what lane::arrive
/// said. [any thread, never blocks; suspends the coroutine until the arrival has ended]
inline detail::arrival arrive(const lane& who, barrier at,
                              const arrive_options& how = {}) noexcept {
    return {who, at, how};
}

/// `co_await weir::take_slot(lane, gate)` gives a result<ending>; an error is what lane::take_slot
/// said. [any thread, never blocks; suspends the coroutine until the wait has ended]
inline detail::slot take_slot(const lane& who, gate at) noexcept {
    return {who, at};
}

/// Lets the coroutine go on that waits for this event; false when none does. [consumer]
inline bool resume(const event& by) {
    if (by.kind() != event_kind::barrier_done && by.kind() != event_kind::slot_done)
        return false;
    reinterpret_cast<detail::awaiter*>(static_cast<std::uintptr_t>(by.tag()))->resume(by);
    return true;
}

}  // namespace weir
