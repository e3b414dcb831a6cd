// SPDX-License-Identifier: BSL-1.0
// For hosts without a loop of their own: a thread of the library's that calls.
#pragma once

#include <weir/weir.h>
#include <weir/event.hpp>
#include <weir/queue.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace weir {

/// A batch as a dispatcher hands it over. Valid until the callable returns.
class event_view {
public:
    /// Goes from event to event; a later library's may be longer than ours.
    class iterator {
    public:
        explicit iterator(const char* at, std::uint32_t stride) noexcept
            : at_(at), stride_(stride) {}
        const event& operator*() const noexcept { return *reinterpret_cast<const event*>(at_); }
        const event* operator->() const noexcept { return &**this; }
        iterator& operator++() noexcept {
            at_ += stride_;
            return *this;
        }
        bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }
        bool operator!=(const iterator& other) const noexcept { return at_ != other.at_; }

    private:
        const char* at_;
        std::uint32_t stride_;
    };

    /// What weir_dispatch_function gets.
    event_view(const weir_event* events, std::uint32_t stride, std::uint32_t count) noexcept
        : events_(reinterpret_cast<const char*>(events)), stride_(stride), count_(count) {}

    /// The events, oldest first, and how many they are.
    iterator begin() const noexcept { return iterator(events_, stride_); }
    iterator end() const noexcept {
        return iterator(events_ + std::size_t{stride_} * count_, stride_);
    }
    std::uint32_t size() const noexcept { return count_; }

private:
    const char* events_;
    std::uint32_t stride_;
    std::uint32_t count_;
};

/// A thread that drains a queue and calls, from its start to its end. The queue outlives it, and
/// nobody else drains that meanwhile.
///
/// Its end waits until the callable has returned: it must not be ended in that, nor under a lock
/// that it takes.
class dispatcher {
public:
    /// Starts the thread, which calls `take(weir::event_view)` for each batch. `take` is kept here,
    /// may call any function tagged [any thread], should not wait, and does not throw.
    /// status::bad_state: there is a dispatcher already; limit: no more threads; busy: a thread
    /// drains; stale, forked, no_memory. [any thread, never blocks]
    template <typename Take>
    static result<dispatcher> start(const queue& of, Take take) {
        auto kept = std::make_unique<kept_take<Take>>(std::move(take));
        const auto call = [](void* it, const weir_event* events, std::uint32_t stride,
                             std::uint32_t count) noexcept {
            static_cast<kept_take<Take>*>(it)->take(event_view(events, stride, count));
        };
        const weir_status said = weir_queue_dispatch(of.handle(), call, kept.get());
        if (said != WEIR_OK)
            return error(static_cast<status>(said));
        return dispatcher(of.handle(), std::move(kept));
    }

    dispatcher(dispatcher&& from) noexcept
        : queue_(std::exchange(from.queue_, 0)), take_(std::move(from.take_)) {}
    dispatcher& operator=(dispatcher&& from) noexcept {
        if (this != &from) {
            static_cast<void>(end_wait());
            queue_ = std::exchange(from.queue_, 0);
            take_ = std::move(from.take_);
        }
        return *this;
    }
    ~dispatcher() { static_cast<void>(end_wait()); }

    /// Ends it: from here on nothing is called, and what was not handed over stays in the queue.
    /// status::bad_state: this is its thread, or it was ended before; stale: its queue has ended.
    /// [any thread but its own, blocks until the callable has returned]
    result<void> end_wait() noexcept {
        if (queue_ == 0)
            return result<void>(WEIR_E_BAD_STATE);
        const result<void> said(weir_queue_dispatch_end_wait(queue_));
        if (said) {
            queue_ = 0;
            take_.reset();
        }
        return said;
    }

private:
    struct kept {
        virtual ~kept() = default;
    };
    template <typename Take>
    struct kept_take : kept {
        explicit kept_take(Take&& given) : take(std::move(given)) {}
        Take take;
    };

    dispatcher(weir_queue of, std::unique_ptr<kept> take) noexcept
        : queue_(of), take_(std::move(take)) {}

    weir_queue queue_;
    std::unique_ptr<kept> take_;
};

}  // namespace weir
