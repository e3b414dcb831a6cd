// SPDX-License-Identifier: BSL-1.0
#pragma once

// Where this floor meets Boost.Fiber. For the .cpp files of this folder only.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>

#include <boost/fiber/algo/algorithm.hpp>
#include <boost/fiber/context.hpp>
#include <boost/fiber/seat.hpp>

#include "fibers/ready.hpp"
#include "fibers/stacks.hpp"
#include "fibers/worker.hpp"

namespace weir::fibers {

// Who runs next. A lane that parks asks here and switches straight to the answer; when the budget
// of the turn is used up or nobody is ready, that is the worker's main context, whose loop serves
// inbox and timers. Boost's dispatcher stays out of it, but for a turn when lanes have ended: it
// frees them.
class scheduling final : public boost::fibers::algo::algorithm {
public:
    using context = boost::fibers::context;

    [[nodiscard]] context* next() noexcept {
        if (budget != 0 && !ring.empty()) {
            --budget;
            return ring.pop();
        }
        if (reap_) {
            reap_ = false;
            return dispatcher_;
        }
        return main;
    }

    // Frees lanes that have ended. [main context, budget 0]
    void reap() noexcept {
        reap_ = true;
        next()->resume();
    }

    // Lanes are made ready by `ring.push`; Boost has only its dispatcher to announce.
    void awakened(context* c) noexcept override {
        if (c->is_context(boost::fibers::type::dispatcher_context)) {
            dispatcher_ = c;
        }
    }
    // Boost asks for the dispatcher when the seat is closed: then the main context itself suspends.
    context* pick_next() noexcept override { return closing ? dispatcher_ : next(); }
    bool has_ready_fibers() const noexcept override { return !ring.empty(); }
    void suspend_until(std::chrono::steady_clock::time_point const&) noexcept override {}
    void notify() noexcept override {}

    ready_ring ring;
    std::size_t budget = 0;
    context* main = nullptr;
    bool closing = false;

private:
    context* dispatcher_ = nullptr;
    bool reap_ = false;
};

// Hands Boost the stack that was prepared for it, so that having none is no exception.
class stack_door final : public boost::fibers::seat::stack_source {
public:
    explicit stack_door(stacks& from) noexcept : from_{from} {}

    // The next stack asked for is this one, without its `reserved` topmost bytes.
    void prepare(void* stack, std::size_t reserved) noexcept {
        prepared_ = stack;
        reserved_ = reserved;
    }
    boost::context::stack_context allocate() override;
    void deallocate(boost::context::stack_context& s) noexcept override;

private:
    stacks& from_;
    void* prepared_ = nullptr;
    std::size_t reserved_ = 0;
};

// The part of a worker that other headers need not see.
struct worker::floor {
    floor(std::size_t stack_size, std::size_t guarded, bool shuffled, std::uint64_t from) noexcept;
    ~floor();

    [[nodiscard]] std::size_t random(std::size_t below) noexcept;

    stacks memory;
    stack_door door{memory};
    boost::fibers::algo::algorithm::ptr_t owner;
    scheduling* order = nullptr;
    const bool shuffles;
    std::uint64_t seed;

    void (*work)(void*) noexcept = nullptr;  // a lane's errand on the own stack
    void* argument = nullptr;
    lane* errand_of = nullptr;

    int descriptor = -1;
    std::thread thread;
    std::atomic<bool> asleep{false};
    std::atomic<std::size_t> lanes{0};
    std::atomic<std::uint64_t> started{0};
    std::atomic<std::uint64_t> timers{0};
    std::atomic<std::uint64_t> stack_bytes{0};

    bool quiet = false;  // guarded by runtime::quiet_
    std::int64_t quiet_until = -1;
    std::uint64_t quiet_held = 0;
};

inline void lane::sleep() noexcept {
    frame_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
#ifndef NDEBUG
    check();
#endif
    home_->floor_->order->next()->resume();
    home_->current_ = this;
}

}  // namespace weir::fibers
