// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/lane.hpp"
#include "fibers/timers.hpp"

namespace weir::fibers {

// One lane waits for one thing, which may have happened already: a step's end. It lives on one
// worker; the lane may destroy it as soon as `wait` has returned.
class event {
public:
    explicit event(worker& home) noexcept : home_{home} {}
    ~event();
    event(const event&) = delete;
    event& operator=(const event&) = delete;

    // Happens, with a code for the waiter. False when it has happened already: the first one
    // counts. [worker]
    bool set(wake_code code = 0) noexcept;

    // What it was set to; returns at once when it was. It stays set until `reset`. [lane, one at a
    // time]
    wake_code wait() noexcept;

    // As if it had never happened. Nobody waits. [worker]
    void reset() noexcept;

    [[nodiscard]] bool is_set() const noexcept { return set_; }
    [[nodiscard]] bool waiting() const noexcept { return waiter_ != nullptr; }

private:
    worker& home_;
    lane* waiter_ = nullptr;
    wake_code code_ = 0;
    bool set_ = false;
};

// A lane's sleep until a point in time, that can be cut short. [lives as event does]
class sleep : private timer {
public:
    explicit sleep(worker& home) noexcept;

    // True when the time has come; false when it was cancelled, now or before. [lane]
    bool until(std::int64_t deadline_ns) noexcept;
    bool for_ns(std::int64_t ns) noexcept;

    // Ends the sleep; or the next one at once, when nobody sleeps yet. [worker]
    void cancel() noexcept;

    [[nodiscard]] bool asleep() const noexcept { return over_.waiting(); }

private:
    static void elapsed(timer& t) noexcept;

    worker& home_;
    event over_;
};

}  // namespace weir::fibers
