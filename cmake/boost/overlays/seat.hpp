// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/context/preallocated.hpp>
#include <boost/context/stack_context.hpp>
#include <boost/fiber/algo/algorithm.hpp>

// A seat is a fiber scheduler that belongs to no thread. Stock Boost.Fiber plants a scheduler in
// every thread that asks for `context::active()`, for the thread's life; with this overlay
// `active()` is a plain read of one thread-local pointer, null in a thread that sits in no seat,
// and nothing is ever created or destroyed behind the caller's back.
//
//     context* main = seat::open(algo, stacks);
//     context* before = seat::enter(main);   // this thread is now `main`: it may run fibers
//     ...                                    // main suspends, fibers run, something resumes main
//     seat::leave(before);                   // any thread may enter next
//     seat::close(main);
//
// A seat is entered by one thread at a time; the caller orders two threads' turns (a mutex or a
// hand-over with acquire and release). Seats nest on one thread like brackets. Shown by
// tests/overlays.
namespace boost::fibers {

class context;

namespace seat {

// Where a dispatcher's stack comes from. Must outlive every seat opened with it.
struct stack_source {
    virtual boost::context::stack_context allocate() = 0;
    virtual void deallocate(boost::context::stack_context&) noexcept = 0;

protected:
    ~stack_source() = default;
};

// The stack allocator handed to Boost: one pointer, copied into the record at the top of the stack.
class stack_allocator {
public:
    explicit stack_allocator(stack_source& source) noexcept : source_{&source} {}
    boost::context::stack_context allocate() { return source_->allocate(); }
    void deallocate(boost::context::stack_context& stack) noexcept { source_->deallocate(stack); }

private:
    stack_source* source_;
};

// Makes main context, dispatcher (on a stack of `stacks`) and scheduler, and gives the dispatcher
// to `algo->awakened()`, here and now. Touches no thread-local. Throws what `stacks` or operator
// new throws, and then leaves nothing behind. The algorithm lives until `close` at least.
// [any, never blocks]
[[nodiscard]] context* open(algo::algorithm::ptr_t algo, stack_source& stacks);

// Makes `main` (of a seat nobody sits in) what this thread runs. Returns what it ran before: null,
// or the active context of an outer seat, which `leave` wants back. [any, never blocks]
[[nodiscard]] context* enter(context* main) noexcept;

// Ends the innermost `enter` of this thread; the main context must be the one that runs.
// [the thread that entered]
void leave(context* before) noexcept;

// Destroys scheduler, dispatcher and main context. Enters the seat itself, so no one may sit in it.
// Runs the dispatcher until every fiber of the seat has ended: see to it that they can, or this
// never returns. [any; runs fibers]
void close(context* main) noexcept;

}  // namespace seat
}  // namespace boost::fibers
