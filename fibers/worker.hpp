// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>

#include "fibers/inbox.hpp"
#include "fibers/lane.hpp"
#include "fibers/timers.hpp"

namespace weir::fibers {

class runtime;

// One scheduler of a runtime: its lanes, their ready order, its timers and its inbox. Driven by a
// thread of the runtime's, or by whoever polls. `[worker]` on a call means: from one of its lanes,
// from a message's `deliver`, from a timer's `fire` or from work done on its own stack; never from
// elsewhere, where `post` is the only door.
class worker {
public:
    ~worker();  // by its runtime
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    // Has `m.deliver` called on this worker's own stack, after all posted before it. Wakes the
    // worker when it sleeps. [any thread, never blocks]
    void post(message& m) noexcept;

    // A new lane that runs `body(argument)` when its turn comes. Null when there is no memory for a
    // stack.
    [[nodiscard]] lane* spawn(void (*body)(void*) noexcept, void* argument) noexcept;  // [worker]

    // On the runtime's clock; a deadline in the past fires at the next turn. [worker]
    void arm(timer& t, std::int64_t deadline_ns) noexcept;
    void disarm(timer& t) noexcept;

    [[nodiscard]] std::int64_t now() const noexcept;  // [any]
    [[nodiscard]] runtime& home() const noexcept { return home_; }

    // Runs `f` on the worker's own (a thread's) stack at once, while the calling lane waits;
    // nothing else runs in between. Called from that stack already, just calls it. `f` does not
    // park; what it throws is thrown in the caller. [worker]
    template <class F>
    void on_own_stack(F&& f) noexcept(std::is_nothrow_invocable_v<F&>) {
        if (!on_lane()) {
            f();
            return;
        }
        using callee = std::remove_reference_t<F>;
        if constexpr (std::is_nothrow_invocable_v<F&>) {
            run_on_own_stack([](void* p) noexcept { (*static_cast<callee*>(p))(); },
                             const_cast<void*>(static_cast<const void*>(std::addressof(f))));
        } else {
            // An exception cannot be unwound from one stack into the other: it is handed over.
            struct {
                callee* work;
                std::exception_ptr thrown;
            } call{std::addressof(f), nullptr};
            run_on_own_stack(
                [](void* p) noexcept {
                    auto& mine = *static_cast<decltype(call)*>(p);
                    try {
                        (*mine.work)();
                    } catch (...) {
                        mine.thrown = std::current_exception();
                    }
                },
                &call);
            if (call.thrown)
                std::rethrow_exception(call.thrown);
        }
    }

    // The host owes an answer: a virtual clock stands still until as many `unhold`s have come.
    // [worker]
    void hold() noexcept { ++held_; }
    void unhold() noexcept { --held_; }

    [[nodiscard]] bool on_lane() const noexcept { return current_ != nullptr; }  // [worker]
    [[nodiscard]] lane* current() const noexcept {
        return current_;
    }  // [worker] null on its own stack

    // Lanes whose body has not returned. [any]
    [[nodiscard]] std::size_t lanes() const noexcept;

    // What there is to count, as of the worker's last turn. [any]
    struct figures {
        std::uint64_t lanes_started;
        std::uint64_t timers;
        std::uint64_t stack_bytes;  // address space
    };
    [[nodiscard]] figures seen() const noexcept;

    // Lanes kept for the next body. [worker]
    [[nodiscard]] std::size_t warm() const noexcept { return warm_count_; }

    // Ends lanes kept for the next body until `keep` are left and gives their memory back. An idle
    // worker does so after a second. [worker, on its own stack]
    void trim(std::size_t keep) noexcept;

private:
    friend class runtime;
    friend class lane;
    friend class barrier;
    struct floor;

    explicit worker(runtime& home, std::unique_ptr<floor> ground) noexcept;

    void run_on_own_stack(void (*work)(void*) noexcept, void* argument) noexcept;
    lane* make_lane() noexcept;
    void ended(lane& l) noexcept;

    bool turn(std::uint32_t picks) noexcept;
    void deliver() noexcept;
    void fire() noexcept;
    void run_lanes(std::size_t picks) noexcept;
    [[nodiscard]] bool idle() noexcept;

    void wake() noexcept;
    void rest() noexcept;
    void drive() noexcept;

    runtime& home_;
    lane* current_ = nullptr;
    lane* warm_ = nullptr;
    std::size_t warm_count_ = 0;
    std::uint64_t spawned_ = 0;
    std::uint64_t held_ = 0;
    message* delivering_ = nullptr;
    std::unique_ptr<floor> floor_;
    wheel timers_;
    inbox inbox_;
};

}  // namespace weir::fibers
