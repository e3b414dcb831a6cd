// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "fibers/clock.hpp"
#include "fibers/status.hpp"
#include "fibers/worker.hpp"

namespace weir::fibers {

struct runtime_options {
    unsigned workers = 1;            // threads, at most 1,024; 0: none, the host polls
    std::size_t stack_size = 0;      // of a lane, virtual, 8 KiB to 1 GiB; 0: 28 KiB
    std::size_t guarded_stacks = 0;  // so many of each worker's stacks end at an inaccessible page
    clock_kind clock = clock_kind::real;
    // 0: lanes run in the order in which they became ready. Else that order is drawn anew at every
    // turn: with one worker (or polled) and a virtual clock, the same seed and inputs give the same
    // order.
    std::uint64_t seed = 0;
};

// Worker threads, a clock, stacks. Several live side by side in a process and share nothing.
// Signals are blocked in its threads, which are called weir-0, weir-1 ...
class runtime {
public:
    // Null, and why in `why`, when there is no memory, no descriptor or no thread, or an option is
    // out of range. [any, never blocks for long]
    [[nodiscard]] static std::unique_ptr<runtime> create(const runtime_options& options,
                                                         status& why) noexcept;

    // Waits until every lane has ended, then for the threads; cancels nothing itself. Lanes that
    // nothing can end any more are a defect of the owner's: after ten seconds without any work it
    // says so and aborts. No one may poll or post any more. [any but a worker, blocks]
    ~runtime();

    runtime(const runtime&) = delete;
    runtime& operator=(const runtime&) = delete;

    // The worker with the fewest lanes; in turn, where several have. A run stays there for life.
    // [any, never blocks]
    [[nodiscard]] worker& place() noexcept;

    [[nodiscard]] std::size_t workers() const noexcept { return workers_.size(); }
    [[nodiscard]] worker& at(std::size_t index) noexcept { return *workers_[index]; }
    [[nodiscard]] bool polled() const noexcept { return threads_ == 0; }

    // Runs what is ready, up to `budget` lane switches (0: until nothing is). True when there is
    // more to do at once; false when the host may wait for `descriptor` or `next_deadline`. Any
    // thread may call, one at a time: a call beside another's returns false at once. Nothing of it
    // stays behind in the thread. [polled runtimes, never blocks]
    bool poll(unsigned budget = 0) noexcept;

    // Becomes readable when a post came after a poll that returned false; the next poll resets it.
    // Owned by the runtime. -1 when not polled. [any]
    [[nodiscard]] int descriptor() const noexcept;

    // When to poll at the latest, as of the last poll; may be a millisecond early. -1: no timer.
    // [any]
    [[nodiscard]] std::int64_t next_deadline() const noexcept;

    [[nodiscard]] std::int64_t now() const noexcept { return clock_.now(); }  // [any]

    // Moves a manual clock ahead and wakes whoever waits for it; timers then fire in the order of
    // their deadlines, all of them at the new time. [any, never blocks]
    void advance(std::int64_t ns) noexcept;

private:
    friend class worker;

    explicit runtime(const runtime_options& options) noexcept;
    status open(const runtime_options& options) noexcept;
    bool leap(worker& idle) noexcept;

    clock clock_;
    unsigned threads_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> polling_{false};
    std::atomic<unsigned> awake_{0};
    std::atomic<unsigned> placed_{0};
    std::atomic<std::int64_t> next_deadline_{-1};
    std::mutex quiet_;  // virtual clock: who is idle, until when
    std::vector<std::unique_ptr<worker>> workers_;
};

}  // namespace weir::fibers
