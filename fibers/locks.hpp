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
    deadlock,  // while it waited, since nobody in the ring that it is part of would ever go on
};

// Locks by name, for all workers of a runtime: each key has so many permits, granted first come
// first served. Nobody overtakes, not even one who asks for less: whoever asks for much is not
// starved. A key exists while somebody holds it or waits for it, and has the capacity that its
// first request named. It may go when nothing is held and nobody waits. Shown by
// tests/fibers/locks_test.cpp.
//
// Who waits while it holds may be part of a ring in which nobody goes on. An owner says of its
// holds which of them it keeps while its waits last; then `find_stalls` decides (lock_stalls.cpp).
class locks {
    struct queue;

public:
    // Whose requests they are, such as a run. It outlives them.
    class owner {
    public:
        owner() = default;
        owner(const owner&) = delete;
        owner& operator=(const owner&) = delete;

        // It may be in a ring: somebody waits for what it holds while it waits itself, or what it
        // waits for in one is no lock, so that it is the one to decide. Must not call back. [any
        // thread]
        virtual void is_stalled() noexcept = 0;

    protected:
        virtual ~owner() = default;

    private:
        friend class locks;
        // Guarded by mutex_:
        bool moves_ = false;       // a wait of its is none for ever
        std::uint64_t ended_ = 0;  // so many of its waits have,
        std::uint64_t waits_ = 0;  // and so many have not
    };

    // How long a hold is kept at least: while one of its owner's waits lasts, or all of them do.
    enum class kept : std::uint8_t { no, for_one, for_all };

    // One hold, or the wait for one. It stays where it is, from `acquire` until that has failed or
    // `release` has returned.
    class request : private message {
    public:
        explicit request(owner* whose = nullptr, std::string_view called = {}) noexcept
            : owner_{whose}, name_{called} {
            deliver = &wake;
        }
        request(const request&) = delete;
        request& operator=(const request&) = delete;

        // [its worker]
        [[nodiscard]] bool held() const noexcept { return who_ == nullptr && queue_ != nullptr; }
        [[nodiscard]] bool waiting() const noexcept { return who_ != nullptr; }

        // Of one that was answered `deadlock`: the ring, for people; empty when there was no
        // memory.
        [[nodiscard]] const std::string& ring() const noexcept { return ring_; }

    private:
        friend class locks;
        static void wake(message& m) noexcept;  // granted: the lane goes on

        owner* const owner_;
        const std::string_view name_;  // for people; good as long as it holds or waits
        queue* queue_ = nullptr;       // whose key it is
        request* next_ = nullptr;
        request* prev_ = nullptr;
        request* next_hold_ = nullptr;
        request* prev_hold_ = nullptr;
        worker* home_ = nullptr;
        lane* who_ = nullptr;  // in `acquire`, parked
        std::uint32_t permits_ = 0;
        // Guarded by mutex_:
        bool granted_ = false;
        bool refused_ = false;               // it is part of a ring, and is the one that ends it
        bool stuck_ = false;                 // a wait: for ever, as of the last search
        kept kept_ = kept::no;               // a hold: how long,
        const request* kept_for_ = nullptr;  // `for_one`: which
        std::uint64_t kept_at_ = 0;          // while no more of its owner's waits have ended
        std::uint64_t ticket_ = 0;           // a wait: the younger, the higher
        std::string ring_;
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

    // Whether somebody waits for what it holds. [its worker]
    [[nodiscard]] bool is_wanted(const request& hold) const noexcept;

    // Its owner says how long it keeps the hold, and for which wait; until a wait of its ends.
    // [its worker]
    void keep(request& hold, kept how, const request* wait = nullptr) noexcept;

    // Decides the rings that there are: who waited last in one is refused, or its owner is told.
    // [any worker]
    void find_stalls() noexcept;

    // The hold of the same owner to which a stuck wait comes back; null: it only waits for others
    // who are in a ring. [its worker]
    [[nodiscard]] const request* way_back(const request& wait) const noexcept;

    // It waits for ever, as far as `find_stalls` saw last. [its worker]
    [[nodiscard]] bool is_stuck(const request& wait) const noexcept;

    // Keys that are held or waited for. [any]
    [[nodiscard]] std::size_t size() const noexcept;

private:
    struct queue {
        const std::string* key = nullptr;
        request* first = nullptr;
        request* last = nullptr;
        request* holds = nullptr;
        std::uint32_t capacity = 0;
        std::uint32_t taken = 0;
    };

    // What is called while `mutex_` is held says so by taking it as a proof.
    using held = const std::lock_guard<std::mutex>&;

    // The key's queue, made if need be. Anything but `yes`: `r` is not in it.
    acquired find(request& r, std::string_view key, std::uint32_t permits, std::uint32_t capacity,
                  held) noexcept;
    [[nodiscard]] static bool take(queue& q, request& r, held) noexcept;
    void enqueue(queue& q, request& r, held) noexcept;
    static void dequeue(queue& q, request& r, held) noexcept;
    [[nodiscard]] static bool is_kept(const request& hold) noexcept;
    static void link_hold(queue& q, request& r, held) noexcept;
    static void unlink_hold(queue& q, request& r, held) noexcept;

    [[nodiscard]] std::size_t waits(held) const noexcept;
    void mark_stuck(held) noexcept;
    [[nodiscard]] request* oldest_stuck(const owner* of, held) const noexcept;
    [[nodiscard]] static request* stuck_hold(const queue& q, const request& waits) noexcept;
    [[nodiscard]] request* after(const request& wait, request*& through, held) const noexcept;
    [[nodiscard]] bool end_ring(request& from, held) noexcept;
    [[nodiscard]] std::string story_of(const request& first, held) const;
    // Takes out all who can have their permits now, linked by `next_`; forgets a key that nobody
    // wants any more.
    request* grant(queue& q, held) noexcept;
    static void tell(request* granted) noexcept;

    mutable std::mutex mutex_;  // for a few instructions; never across a park
    std::unordered_map<std::string, queue> queues_;
    std::uint64_t tickets_ = 0;
};

}  // namespace weir::fibers
