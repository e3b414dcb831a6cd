// SPDX-License-Identifier: BSL-1.0
// Where runs and scopes tell what happens.
#pragma once

#include <weir/weir.h>
#include <weir/batch.hpp>
#include <weir/detail/owner.hpp>
#include <weir/detail/readable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weir {

/// What a queue's events have.
struct queue_options {
    bool json = false;  ///< fill event::json of every event of a run
};

/// Carries events of runs and scopes of any runtimes to one consumer: whoever drains, one thread at
/// a time. It has no thread: weir::dispatcher gives it one.
///
/// Its end drops what was not drained. While runs or scopes still send to it, it is not ended:
/// declare it before them, or look at what end says.
class queue : public detail::owner<weir_queue_destroy> {
public:
    using owner::owner;
    queue(queue&& from) noexcept : owner(std::move(from)), woken_(from.woken_.exchange(false)) {}
    queue& operator=(queue&& from) noexcept {
        if (this != &from) {
            owner::operator=(std::move(from));
            woken_ = from.woken_.exchange(false);
        }
        return *this;
    }

    /// Makes a queue. status::limit: the process has no descriptor left; no_memory.
    /// [any thread, never blocks]
    static result<queue> create(const queue_options& how = {}) noexcept {
        weir_queue_options o{};
        o.struct_size = sizeof o;
        o.flags = how.json ? WEIR_QUEUE_JSON : 0;
        return detail::made<queue>([&](weir_queue* made, weir_error* told) noexcept {
            return weir_queue_create(&o, made, told);
        });
    }

    /// The descriptor to wait on, with poll, epoll and their like: readable when there are events
    /// after a drain that found none. It is the library's, which closes it. status::stale.
    /// [any thread, never blocks]
    result<int> descriptor() const noexcept {
        std::int32_t descriptor = -1;
        const weir_status said = weir_queue_descriptor(handle(), &descriptor);
        if (said != WEIR_OK)
            return error(static_cast<status>(said));
        return int{descriptor};
    }

    /// Takes what is there into `events`, as much as it has room for, and forgets what was in it.
    /// None at all is when to wait. status::busy: another thread drains; bad_state: a dispatcher
    /// does; stale. [consumer, never blocks]
    result<void> drain(batch& events) noexcept { return result<void>(events.drain(handle())); }

    /// Drains; waits first where there is nothing. There are no events when `most` is over, or
    /// `wake` was called before. Statuses as of drain. [consumer, blocks until there are events]
    result<void> drain_wait(batch& events,
                            std::chrono::nanoseconds most = std::chrono::nanoseconds(-1)) noexcept {
        const result<void> said = drain(events);
        // An empty drain lowers the descriptor, also where `wake` had raised it.
        if (!said || !events.empty() || woken_.exchange(false))
            return said;
        result<int> on = descriptor();
        if (!on)
            return result<void>(static_cast<weir_status>(on.code()));
        detail::wait_readable(*on, most);
        woken_ = false;
        return drain(events);
    }

    /// Makes the thread in drain_wait go on, or the next one that would wait: look after it at what
    /// it was to be told. The descriptor becomes readable. status::stale. [any thread, never
    /// blocks]
    result<void> wake() noexcept {
        woken_ = true;
        return result<void>(weir_queue_wake(handle()));
    }

    /// Calls `signal()` wherever the descriptor would be raised, for hosts whose loop has a wake-up
    /// of its own; on any thread, where it may do no more than that. `signal` lives until the
    /// queue's end and does not throw. Set it before anything sends to the queue: afterwards it is
    /// status::bad_state. [owner, never blocks]
    template <typename Signal>
    result<void> on_wake(Signal& signal) noexcept {
        const auto call = [](void* it) noexcept { (*static_cast<Signal*>(it))(); };
        return result<void>(weir_queue_on_wake(handle(), call, &signal));
    }

    /// Calls nothing any more. Statuses as of on_wake. [owner, never blocks]
    result<void> on_wake(std::nullptr_t) noexcept {
        return result<void>(weir_queue_on_wake(handle(), nullptr, nullptr));
    }

    /// Ends it. status::busy: runs or scopes still send to it, or a thread drains, and nothing has
    /// ended; stale. [owner, never blocks]
    result<void> end() noexcept { return end_now(); }

private:
    std::atomic<bool> woken_{false};
};

}  // namespace weir
