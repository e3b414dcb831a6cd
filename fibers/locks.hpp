// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fibers/inbox.hpp"

namespace weir::fibers {

class lane;
class worker;

enum class acquired : std::uint8_t {
    yes,
    not_now,    // of `try_acquire`: others go first
    cancelled,  // while it waited
    too_many,   // no permits, or more than the key has: nobody could ever grant that
    no_memory,
};

// Locks by name, for all workers of a runtime: each key has so many permits, granted first come
// first served. Nobody overtakes, not even one who asks for less: whoever asks for much is not
// starved. A key exists while somebody holds it or waits for it, and has the capacity that its
// first request named. It may go when nothing is held and nobody waits. Shown by
// tests/fibers/locks_test.cpp.
class locks {
    struct queue;

public:
    // One hold, or the wait for one. It stays where it is, from `acquire` until that has failed or
    // `release` has returned.
    class request : private message {
    public:
        request() noexcept { deliver = &wake; }
        request(const request&) = delete;
        request& operator=(const request&) = delete;

        // [its worker]
        [[nodiscard]] bool held() const noexcept { return who_ == nullptr && queue_ != nullptr; }
        [[nodiscard]] bool waiting() const noexcept { return who_ != nullptr; }

    private:
        friend class locks;
        static void wake(message& m) noexcept;  // granted: the lane goes on

        queue* queue_ = nullptr;  // whose key it is
        request* next_ = nullptr;
        request* prev_ = nullptr;
        worker* home_ = nullptr;
        lane* who_ = nullptr;  // in `acquire`, parked
        std::uint32_t permits_ = 0;
        bool granted_ = false;  // guarded by mutex_
    };

    locks() = default;
    ~locks();
    locks(const locks&) = delete;
    locks& operator=(const locks&) = delete;

    // Takes `permits` of the key's `capacity`, waiting for them if need be. `home` is the calling
    // lane's worker. [lane]
    [[nodiscard]] acquired acquire(request& r, worker& home, std::string_view key,
                                   std::uint32_t permits = 1, std::uint32_t capacity = 1) noexcept;

    // The same without waiting: `not_now` where it would have to. [worker]
    [[nodiscard]] acquired try_acquire(request& r, std::string_view key, std::uint32_t permits = 1,
                                       std::uint32_t capacity = 1) noexcept;

    // Gives back what `acquire` took. [any worker, never blocks for long]
    void release(request& r) noexcept;

    // Its `acquire` answers `cancelled`. False when it does not wait, or has been granted and only
    // not woken yet. [its worker]
    bool cancel(request& r) noexcept;

    // Keys that are held or waited for. [any]
    [[nodiscard]] std::size_t size() const noexcept;

private:
    struct queue {
        const std::string* key = nullptr;
        request* first = nullptr;
        request* last = nullptr;
        std::uint32_t capacity = 0;
        std::uint32_t taken = 0;
    };

    // What is called while `mutex_` is held says so by taking it as a proof.
    using held = const std::lock_guard<std::mutex>&;

    // The key's queue, made if need be. Anything but `yes`: `r` is not in it.
    acquired find(request& r, std::string_view key, std::uint32_t permits, std::uint32_t capacity,
                  held) noexcept;
    [[nodiscard]] static bool take(queue& q, request& r, held) noexcept;
    static void enqueue(queue& q, request& r, held) noexcept;
    static void dequeue(queue& q, request& r, held) noexcept;
    // Takes out all who can have their permits now, linked by `next_`; forgets a key that nobody
    // wants any more.
    request* grant(queue& q, held) noexcept;
    static void tell(request* granted) noexcept;

    mutable std::mutex mutex_;  // for a few instructions; never across a park
    std::unordered_map<std::string, queue> queues_;
};

}  // namespace weir::fibers
