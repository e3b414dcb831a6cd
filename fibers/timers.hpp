// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::fibers {

struct timer_link {
    timer_link* prev = nullptr;
    timer_link* next = nullptr;
};

// A point in time at which `fire` is called, once, on the own stack of the worker that armed it.
// Intrusive: it is embedded in what it concerns and must be disarmed before that goes.
class timer : private timer_link {
public:
    explicit timer(void (*what)(timer&) noexcept = nullptr) noexcept : fire{what} {}
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;

    [[nodiscard]] bool armed() const noexcept { return next != nullptr; }
    [[nodiscard]] std::int64_t deadline() const noexcept { return deadline_; }

    // Called unarmed: it may arm itself again, or free what it is embedded in.
    void (*fire)(timer&) noexcept;

private:
    friend class wheel;
    std::int64_t deadline_ = 0;
    std::uint64_t sequence_ = 0;
};

// The pending timers of one worker. Arming and disarming are O(1); timers come out in the order of
// (deadline, arming), to the nanosecond: a slot is a millisecond wide (2^20 ns) and is sorted when
// its time has come. Three levels of 512 slots reach 39 hours; what is later waits in a list that
// is looked at once in 39 hours. Shown by tests/fibers/timers_test.cpp. [worker]
class wheel {
public:
    wheel() noexcept;
    wheel(const wheel&) = delete;
    wheel& operator=(const wheel&) = delete;

    void arm(timer& t, std::int64_t deadline) noexcept;  // armed already: moved
    void disarm(timer& t) noexcept;                      // nothing when not armed

    // Takes out the first timer that is due at `now`; null when none is.
    [[nodiscard]] timer* take(std::int64_t now) noexcept;

    // No timer is due before this; exact once a deadline is less than a slot away. -1: nothing is
    // armed.
    [[nodiscard]] std::int64_t bound() noexcept;

    // The first deadline exactly, -1 for none. Sorts ahead of time: for clocks that will jump
    // there.
    [[nodiscard]] std::int64_t first() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return armed_; }

private:
    static constexpr unsigned tick_bits = 20;
    static constexpr unsigned slot_bits = 9;
    static constexpr unsigned levels = 3;
    static constexpr std::size_t slots = std::size_t{1} << slot_bits;

    struct level {
        std::array<timer_link, slots> rings;  // sentinels
        std::array<std::uint64_t, slots / 64>
            occupied{};  // may say so of a slot that has emptied since
    };
    struct slot {
        unsigned level = 0;  // `levels`: the far list; beyond: none
        std::uint64_t tick = 0;
    };

    static timer& whole(timer_link& link) noexcept { return static_cast<timer&>(link); }
    static bool earlier(const timer& a, const timer& b) noexcept;
    static timer_link* sorted(timer_link* chain) noexcept;

    void place(timer& t) noexcept;
    void place_due(timer& t) noexcept;
    void enter(const slot& next) noexcept;
    [[nodiscard]] slot next_slot() noexcept;

    std::array<level, levels> levels_;
    timer_link far_;
    timer_link due_;              // sorted: all whose tick is not after position_
    std::uint64_t position_ = 0;  // in ticks
    std::uint64_t sequence_ = 0;
    std::size_t armed_ = 0;
};

}  // namespace weir::fibers
