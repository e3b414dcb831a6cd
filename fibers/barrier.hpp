// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/barrier_core.hpp"
#include "fibers/timers.hpp"
#include "fibers/wait_list.hpp"

namespace weir::fibers {

class barrier;
class lane;
class worker;

// A party that is a lane. It may go when its lane is not waiting. [worker]
class lane_party : public party, private timer {
public:
    explicit lane_party(void* whose = nullptr) noexcept;
    ~lane_party();

    // Parked in `arrive`, undecided. [worker]
    [[nodiscard]] bool waiting() const noexcept { return lane_ != nullptr && !woken(); }

private:
    friend class barrier;
    friend class wait_list;

    [[nodiscard]] bool woken() const noexcept;
    [[nodiscard]] std::uintptr_t frame() const noexcept;  // [waiting]

    lane* lane_ = nullptr;     // who is in `arrive`
    std::uint32_t index_ = 0;  // in the wait list
};

static_assert(sizeof(lane_party) <= 96);

// A place where lanes meet: all who are expected pass together, or fail together. See
// barrier_core.hpp for what it decides; all its parties are `lane_party`s.
//
// It lives on one worker: all calls come from there, and the lanes that arrive are that worker's.
// Waiters wake in the order of their arrival. It may go when `in_use()` is false; parties that are
// left are let go. Shown by tests/fibers/barrier_test.cpp and barrier_model_test.cpp.
class barrier final : public barrier_core, private timer {
public:
    barrier(worker& home, void* whose, const barrier_options& options = {}) noexcept;
    ~barrier() override;

    // The party has come. Parks the calling lane until it is decided, unless that is so, or becomes
    // so by this. `deadline_ns` (runtime clock; < 0: none): if the lane still waits then, and the
    // barrier is not being released, its party fails with `timed_out`. Answers the decision; `late`
    // when it had been made before. Again for one that had arrived: the same answer. `pending` in
    // return: its arrival was taken back (retract, withdraw, a failure that a quorum outlives), or
    // it is no party here. [lane]
    decision arrive(lane_party& p, std::int64_t deadline_ns = -1) noexcept;

    // Changes a waiting party's deadline (< 0: none). False when it does not wait.
    bool set_deadline(lane_party& p, std::int64_t deadline_ns) noexcept;

    // The barrier's own patience: so long after the first arrival of a generation (< 0: for ever)
    // it breaks with `timed_out`, and no party is the culprit. It starts anew when all arrivals
    // were taken back. Where it had none before, and some have arrived, it counts from now.
    void set_timeout(std::int64_t timeout_ns) noexcept;

    // A lane waits here, or has been woken and has not left `arrive` yet.
    [[nodiscard]] bool in_use() const noexcept { return inside_ != 0; }

private:
    friend class lane_party;

    void wake_all() noexcept override;
    void wake(party& p) noexcept override;
    void make_room(std::uint32_t members) noexcept override;
    decision wait(lane_party& p, std::int64_t deadline_ns) noexcept;
    decision tell_late(lane_party& p, std::int64_t deadline_ns) noexcept;
    void watch() noexcept;
    static void expired(timer& t) noexcept;
    static void ran_out(timer& t) noexcept;

    // One who came after a decision that has been made on another worker and not been told here.
    struct latecomer {
        lane* who;
        latecomer* next;
    };

    worker& home_;
    wait_list waiters_;
    latecomer* late_ = nullptr;
    std::int64_t timeout_ns_ = -1;
    std::int64_t first_arrival_ = -1;
    std::uint32_t inside_ = 0;
    std::uint32_t unlisted_ = 0;  // waiters for whom the list had no memory
};

}  // namespace weir::fibers
