// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::fibers {

class lane;
class worker;

// A gate that lets a limited number in at a time; a slot that is given back goes straight to the
// first who waits, so nobody overtakes. It lives on one worker. It may go when nobody waits; slots
// in use are no obstacle.
class slots {
public:
    // One who waits, on the stack or in the record of its lane.
    struct waiter {
        // Lower ranks go first; equal ones in order of arrival.
        std::uint64_t rank = 0;
        // Of one who asks: called once it has been given a slot. Must not touch these slots.
        void (*granted)(waiter&) noexcept = nullptr;

        [[nodiscard]] bool waiting() const noexcept { return waits; }

    private:
        friend class slots;
        waiter* prev = nullptr;
        waiter* next = nullptr;
        lane* who = nullptr;  // in `take`
        bool waits = false;
    };

    explicit slots(worker& home, std::uint32_t limit /* 0: none */) noexcept;
    ~slots();
    slots(const slots&) = delete;
    slots& operator=(const slots&) = delete;

    // Takes a slot, waiting for one if need be. False when it was cancelled while waiting: no slot
    // is held. [lane]
    [[nodiscard]] bool take(waiter& w) noexcept;

    // The same for one who does not park: true, a slot is taken; false, `w` waits, and `granted` is
    // called when its turn has come. [worker]
    [[nodiscard]] bool ask(waiter& w) noexcept;

    // Takes one if that needs no waiting. [worker]
    [[nodiscard]] bool try_take() noexcept;

    // Gives a slot back, on behalf of any who took one. [worker]
    void give() noexcept;

    // Its `take` returns false; one who asked is not called. Nothing when `w` does not wait. [worker]
    void cancel(waiter& w) noexcept;

    // More slots are handed out at once; fewer take effect as slots are given back. [worker]
    void set_limit(std::uint32_t limit) noexcept;

    [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }
    [[nodiscard]] std::uint32_t in_use() const noexcept { return in_use_; }
    [[nodiscard]] std::uint32_t waiting() const noexcept { return waiting_; }

private:
    [[nodiscard]] bool room() const noexcept { return limit_ == 0 || in_use_ < limit_; }
    void hand_out() noexcept;
    void enqueue(waiter& w) noexcept;
    lane* remove(waiter& w) noexcept;

    worker& home_;
    waiter* first_ = nullptr;
    waiter* last_ = nullptr;
    std::uint32_t limit_;
    std::uint32_t in_use_ = 0;
    std::uint32_t waiting_ = 0;
};

}  // namespace weir::fibers
