// SPDX-License-Identifier: BSL-1.0
#include "fibers/runtime.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <csignal>

#include "fibers/descriptor.hpp"
#include "fibers/scheduling.hpp"

namespace weir::fibers {
namespace {

constexpr unsigned most_workers = 1024;
constexpr std::size_t least_stack = 8 << 10;
constexpr std::size_t greatest_stack = 1 << 30;
#if defined(BOOST_USE_UCONTEXT)
constexpr std::size_t default_stack = 256 << 10;  // sanitizers: frames are several times larger
#else
// Stacks lie in a row, and the processor's own prefetcher follows strides below 32 KiB only:
// measured a sixth less an arrival among 10,000 lanes than at 32, more where our prefetching comes
// too late.
constexpr std::size_t default_stack = 28 << 10;
#endif

// Threads started within inherit that all signals are blocked.
class no_signals {
public:
    no_signals() noexcept {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    no_signals(const no_signals&) = delete;
    no_signals& operator=(const no_signals&) = delete;

private:
    sigset_t before_;
};

}  // namespace

std::unique_ptr<runtime> runtime::create(const runtime_options& options, status& why) noexcept {
    std::unique_ptr<runtime> made{new (std::nothrow) runtime{options}};
    why = made == nullptr ? status::no_memory : made->open(options);
    return why == status::ok ? std::move(made) : nullptr;
}

runtime::runtime(const runtime_options& options) noexcept : clock_{options.clock} {}

status runtime::open(const runtime_options& options) noexcept {
    const std::size_t stack = options.stack_size == 0 ? default_stack : options.stack_size;
    if (options.workers > most_workers || stack < least_stack || stack > greatest_stack) {
        return status::bad_option;
    }
    try {
        const unsigned count = std::max(options.workers, 1U);
        workers_.reserve(count);
        for (unsigned i = 0; i < count; ++i) {
            const std::uint64_t seed = options.seed + i * 0xd1342543de82ef95;
            auto f = std::make_unique<worker::floor>(stack, options.guarded_stacks,
                                                     options.seed != 0, seed);
            f->descriptor = open_descriptor();
            if (f->descriptor < 0) {
                return status::no_descriptor;
            }
            f->order = new scheduling;
            f->owner = f->order;
            f->order->main = boost::fibers::seat::open(f->owner, f->door);
            workers_.emplace_back(new worker{*this, std::move(f)});
        }
        no_signals mask;
        for (; threads_ < options.workers; ++threads_) {
            worker& w = *workers_[threads_];
            awake_.fetch_add(1, std::memory_order_relaxed);
            w.floor_->thread = std::thread{[&w] { w.drive(); }};
            ::pthread_setname_np(w.floor_->thread.native_handle(),
                                 ("weir-" + std::to_string(threads_)).c_str());
        }
    } catch (const std::bad_alloc&) {
        return status::no_memory;
    } catch (const std::system_error&) {
        return status::no_thread;
    }
    return status::ok;
}

worker& runtime::place() noexcept {
    const std::size_t count = workers_.size();
    const std::size_t from = placed_.fetch_add(1, std::memory_order_relaxed) % count;
    worker* best = workers_[from].get();
    for (std::size_t i = 1; i < count; ++i) {
        worker& w = *workers_[(from + i) % count];
        if (w.lanes() < best->lanes()) {
            best = &w;
        }
    }
    return *best;
}

void runtime::advance(std::int64_t ns) noexcept {
    if (clock_.kind() == clock_kind::manual && ns > 0) {
        clock_.reach(clock_.now() + ns);
        for (auto& w : workers_) {
            w->wake();
        }
    }
}

// A virtual clock's jump: when every worker is idle and no host owes an answer, time goes to the
// first timer of all. True when the worker that asks has something to do now.
bool runtime::leap(worker& idle) noexcept {
    if (clock_.kind() != clock_kind::virtual_) {
        return false;
    }
    const std::int64_t until = idle.held_ == 0 ? idle.timers_.first() : -1;
    std::lock_guard lock{quiet_};
    idle.floor_->quiet = true;
    idle.floor_->quiet_until = until;
    idle.floor_->quiet_held = idle.held_;
    std::int64_t first = -1;
    for (auto& w : workers_) {
        const auto& f = *w->floor_;
        if (!f.quiet || f.quiet_held != 0 || !w->inbox_.empty()) {
            return false;
        }
        if (f.quiet_until >= 0 && (first < 0 || f.quiet_until < first)) {
            first = f.quiet_until;
        }
    }
    if (first < 0) {
        return false;
    }
    clock_.reach(first);
    for (auto& w : workers_) {
        if (w->floor_->quiet_until >= 0 && w->floor_->quiet_until <= first) {
            w->floor_->quiet = false;
            if (w.get() != &idle) {
                w->wake();
            }
        }
    }
    return !idle.floor_->quiet;
}

}  // namespace weir::fibers
