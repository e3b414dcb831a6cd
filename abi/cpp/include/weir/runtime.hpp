// SPDX-License-Identifier: BSL-1.0
// What keeps the time and walks plans.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>

#include <chrono>
#include <cstdint>

namespace weir {

/// How a runtime works: one worker a core on the machine's clock, unless said otherwise.
struct runtime_options {
    bool polled = false;           ///< no worker threads: the host calls runtime::poll
    bool virtual_clock = false;    ///< jumps to the next timer whenever nothing else can happen
    std::uint32_t workers = 0;     ///< threads; 0: one a core; must be 0 when polled
    std::uint32_t stack_size = 0;  ///< of a plan's lane, in bytes of address space; 0: 28 KiB
    std::uint64_t seed = 0;        ///< in which order lanes run; 0: as they became ready

    /// Gets lines for people about what goes wrong between host and library, on any thread, once at
    /// a time, until the runtime has ended; null: nobody. Nothing may be called in it.
    weir_log_function log = nullptr;
    void* log_context = nullptr;
    std::uint32_t log_level = WEIR_LOG_WARNING;  ///< nothing below; WEIR_LOG_*
};

/// Worker threads, fiber schedulers, stacks and timers. A process may have several; they share
/// nothing.
///
/// Its end joins its threads, and so blocks for a moment. While runs go on or scopes are open, it
/// is not ended: declare it before what uses it, or look at what end_wait says.
class runtime : public detail::owner<weir_runtime_destroy_wait> {
public:
    using owner::owner;

    /// Makes a runtime. status::invalid_argument: an option is out of range, and the text names it;
    /// limit, no_memory. [any thread, never blocks]
    static result<runtime> create(const runtime_options& how = {}) noexcept {
        weir_runtime_options o{};
        o.struct_size = sizeof o;
        o.flags = how.polled ? WEIR_RUNTIME_POLLED : 0;
        o.workers = how.workers;
        o.stack_size = how.stack_size;
        o.clock = how.virtual_clock ? WEIR_CLOCK_VIRTUAL : WEIR_CLOCK_REAL;
        o.seed = how.seed;
        o.log = how.log;
        o.log_context = how.log_context;
        o.log_level = how.log_level;
        return detail::made<runtime>([&](weir_runtime* made, weir_error* told) noexcept {
            return weir_runtime_create(&o, made, told);
        });
    }

    /// Runs what is ready in a polled runtime, on the calling thread. `budget` bounds how many
    /// times lanes are resumed; 0: until nothing is ready. Gives the time until the next timer: 0
    /// when something is ready already, negative when there is none. status::bad_state: it has
    /// workers; busy: another thread polls; stale, forked. [any thread, one at a time, never
    /// blocks]
    result<std::chrono::nanoseconds> poll(std::uint32_t budget = 0) noexcept {
        std::int64_t next = 0;
        const weir_status said = weir_runtime_poll(handle(), budget, &next);
        if (said != WEIR_OK)
            return error(static_cast<status>(said));
        return std::chrono::nanoseconds(next);
    }

    /// What it holds at this moment, for people and graphs. status::stale, forked, closed.
    /// [any thread, never blocks]
    result<weir_statistics> statistics() const noexcept {
        weir_statistics numbers{};
        numbers.struct_size = sizeof numbers;
        const weir_status said = weir_runtime_statistics(handle(), &numbers);
        if (said != WEIR_OK)
            return error(static_cast<status>(said));
        return numbers;
    }

    /// Ends it and joins its threads. status::busy: runs go on or scopes are open, and nothing has
    /// ended; stale, forked. [owner, blocks until the threads have ended]
    result<void> end_wait() noexcept { return end_now(); }
};

}  // namespace weir
