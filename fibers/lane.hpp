// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/ready.hpp"

namespace weir::fibers {

class worker;

// What `unpark` tells the one that parked. 0 has no meaning of its own.
using wake_code = std::uint32_t;

// A strand of control: a fiber that stays on one worker for life. It comes from `worker::spawn`,
// ends when its body returns, and is used again for another body: hold no pointer to a lane beyond
// its body's end.
//
// It lives at the top of its own stack, so a parked lane costs one page. Rules for code on a lane:
// no exception is in flight across a park, no lock is held across one, no address of a thread-local
// is kept across one, nothing large stands on the stack (see worker::on_own_stack).
class alignas(64) lane {
public:
    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;

    // Sleeps until `unpark`; returns what that was given. Nothing wakes a lane on its own account.
    // [that lane]
    wake_code park() noexcept;

    // Makes it ready, behind all who are ready already. It must be parked by `park`, and not
    // unparked yet. [worker]
    void unpark(wake_code code = 0) noexcept;

    // Lets all who are ready go first. [that lane]
    void yield() noexcept;

    [[nodiscard]] worker& home() const noexcept { return *home_; }

    // Counted from 1 over all bodies that its worker was given. [worker]
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

private:
    friend class worker;
    friend class barrier;
    friend class lane_party;

    static constexpr std::uint64_t whole = 0x57656972'63616e79;

    explicit lane(worker& home) noexcept : home_{&home} {}

    void live() noexcept;
    void check() const noexcept;
    // Gives way to the next; whoever makes this lane ready pushes `entry()`. [that lane]
    void sleep() noexcept;
    [[nodiscard]] ready_entry entry() const noexcept { return {context_, frame_}; }

    worker* home_;
    boost::fibers::context* context_ = nullptr;
    std::uintptr_t frame_ = 0;
    void (*body_)(void*) noexcept = nullptr;
    union {
        void* argument_ = nullptr;
        lane* next_warm_;
    };
    std::uint64_t number_ = 0;
    wake_code code_ = 0;
    bool parked_ = false;
    // The last word of this stack's memory, next to the lowest of the stack above: an overflow
    // there hits it first.
    std::uint64_t canary_ = whole;
};

static_assert(sizeof(lane) == 64);

}  // namespace weir::fibers
