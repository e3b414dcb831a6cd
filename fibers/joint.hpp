// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "fibers/barrier_core.hpp"
#include "fibers/inbox.hpp"

namespace weir::fibers {

class worker;

// Makes one barrier of several, each on a worker of its own: their parties pass together, or fail
// together. A lane has to do with its own worker's barrier only, which behaves as if it were the
// whole; an arrival touches nothing that is shared.
//
// A barrier at which nobody is missing closes; whoever closes the last one releases all. Whatever
// else decides claims the generation by one compare-and-swap, so there is one decision, made once;
// then every worker says how many had arrived with it, and only then is anybody told, each worker
// by one message. Between claim and telling a barrier is `decided`, and pending: who arrives then
// is late, and waits for the word.
//
// Made before its barriers, which are all made before one of them is opened; they may be on workers
// of several runtimes. It may go after them, and they when none is in use and what was decided has
// been told on every worker. Shown by tests/fibers/joint_*_test.cpp.
class joint {
public:
    // For so many barriers, all cyclic or none. Throws std::bad_alloc.
    explicit joint(std::uint32_t barriers);
    joint(const joint&) = delete;
    joint& operator=(const joint&) = delete;

private:
    friend class barrier;
    friend class barrier_core;

    struct shard {
        struct errand : message {
            shard* of = nullptr;
        };
        joint* whole = nullptr;
        barrier_core* core = nullptr;
        worker* home = nullptr;
        errand freeze;
        errand tell;
        bool freeze_early = false;  // asked to, but not told yet how the generation before ended
    };

    // What is shared, in one word: the generation, where it stands, how many are not closed.
    struct standing {
        std::uint32_t generation;
        phase where;
        std::uint32_t open;
    };
    static std::uint64_t pack(standing s) noexcept;
    static standing unpack(std::uint64_t word) noexcept;

    void add(barrier_core& core, worker& home) noexcept;

    // [the barrier's worker]
    [[nodiscard]] phase where(const barrier_core& at) const noexcept;
    void close(barrier_core& at) noexcept;
    [[nodiscard]] bool reopen(const barrier_core& at) noexcept;
    bool claim(barrier_core& at, verdict kind, reason why, const party* culprit) noexcept;

    void full(barrier_core& at) noexcept;
    void gather(barrier_core& at) noexcept;
    void freeze(shard& s) noexcept;
    void announce(const barrier_core& here) noexcept;
    void told(shard& s) noexcept;

    std::atomic<std::uint64_t> word_;
    std::atomic<std::uint32_t> arrived_{0};   // with those who are closed
    std::atomic<std::uint32_t> gathered_{0};  // with those who are frozen
    std::atomic<std::uint32_t> melted_{0};    // who are not frozen yet
    std::atomic<std::uint32_t> added_{0};
    // Of this generation and the one before: a worker may not have heard of a release yet when the
    // next generation breaks.
    decision decisions_[2];
    const std::uint32_t count_;
    std::unique_ptr<shard[]> shards_;
};

}  // namespace weir::fibers
