// SPDX-License-Identifier: BSL-1.0
// How a worker's turns are driven: by a thread of its own, or by whoever polls.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <poll.h>
#include <unistd.h>

#include "fibers/runtime.hpp"
#include "fibers/scheduling.hpp"

namespace weir::fibers {
namespace {

// Lane switches until inbox and timers are looked at again; a wake from elsewhere waits for them.
constexpr std::uint32_t picks_a_turn = 64;
// Every turn shuffles all who are ready, which is dear.
constexpr std::uint32_t picks_a_shuffle = 1024;
constexpr unsigned spins = 2000;
constexpr std::size_t warm_lanes = 64;
constexpr std::int64_t second = 1'000'000'000;
constexpr int patience = 10;  // seconds

void pause() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Waits for the descriptor, `ns` at most (< 0: for ever). False when the time was up.
bool wait(int descriptor, std::int64_t ns) noexcept {
    pollfd on{descriptor, POLLIN, 0};
    const timespec most{static_cast<time_t>(ns / second), static_cast<long>(ns % second)};
    const int n = ::ppoll(&on, 1, ns < 0 ? nullptr : &most, nullptr);
    return n != 0;
}

void reset(int descriptor) noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto n = ::read(descriptor, &count, sizeof count);
}

[[noreturn]] void stuck(std::size_t lanes) noexcept {
    std::fprintf(stderr,
                 "weir: a runtime is being destroyed, but %zu of its lanes are parked and nothing "
                 "wakes them\n",
                 lanes);
    std::abort();
}

}  // namespace

void worker::wake() noexcept {
    auto& asleep = floor_->asleep;
    if (asleep.load(std::memory_order_seq_cst) &&
        asleep.exchange(false, std::memory_order_seq_cst)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto n = ::write(floor_->descriptor, &one, sizeof one);
    }
}

void worker::drive() noexcept {
    auto* before = boost::fibers::seat::enter(floor_->order->main);
    const std::uint32_t most = floor_->shuffles ? picks_a_shuffle : picks_a_turn;
    int idle_seconds = 0;
    for (;;) {
        bool worked = false;
        while (turn(most)) {
            worked = true;
        }
        if (home_.leap(*this)) {
            continue;
        }
        if (home_.stopping_.load(std::memory_order_seq_cst)) {
            if (lanes() == 0) {
                break;
            }
            idle_seconds = worked || timers_.size() != 0 ? 0 : idle_seconds + 1;
            if (idle_seconds > patience) {
                stuck(lanes());
            }
        }
        rest();
    }
    trim(0);
    home_.awake_.fetch_sub(1, std::memory_order_relaxed);
    // The others' time goes on without this one.
    {
        std::lock_guard lock{home_.quiet_};
        floor_->quiet = true;
        floor_->quiet_until = -1;
        floor_->quiet_held = 0;
    }
    for (auto& w : home_.workers_) {
        w->wake();
    }
    boost::fibers::seat::leave(before);
}

void worker::rest() noexcept {
    floor& f = *floor_;
    // A sibling at work may have something for us within a microsecond; a kernel wake takes five.
    if (home_.awake_.load(std::memory_order_relaxed) > 1) {
        for (unsigned n = 0; n < spins && inbox_.empty(); ++n) {
            pause();
        }
    }
    f.asleep.store(true, std::memory_order_seq_cst);
    const bool stopping = home_.stopping_.load(std::memory_order_seq_cst);
    if (idle() && !(stopping && lanes() == 0)) {
        const bool trims = warm_count_ > warm_lanes;
        std::int64_t most = trims || stopping ? second : -1;
        if (const std::int64_t due = timers_.bound();
            due >= 0 && home_.clock_.kind() == clock_kind::real) {
            const std::int64_t left = std::max<std::int64_t>(due - now(), 0);
            most = most < 0 ? left : std::min(most, left);
        }
        home_.awake_.fetch_sub(1, std::memory_order_relaxed);
        const bool woken = wait(f.descriptor, most);
        home_.awake_.fetch_add(1, std::memory_order_relaxed);
        if (!woken && trims && most == second) {
            trim(warm_lanes);
        }
    }
    if (!f.asleep.exchange(false, std::memory_order_seq_cst)) {
        reset(f.descriptor);  // someone took the flag, and so has written or is about to
    }
    if (home_.clock_.kind() == clock_kind::virtual_) {
        std::lock_guard lock{home_.quiet_};
        f.quiet = false;
    }
}

bool runtime::poll(unsigned budget) noexcept {
    if (!polled() || polling_.exchange(true, std::memory_order_acquire)) {
        return false;
    }
    worker& w = *workers_.front();
    auto& f = *w.floor_;
    if (!f.asleep.exchange(false, std::memory_order_seq_cst)) {
        reset(f.descriptor);
    }
    auto* before = boost::fibers::seat::enter(f.order->main);
    const std::uint32_t most = f.shuffles ? picks_a_shuffle : picks_a_turn;
    unsigned left = budget;
    bool more = true;
    for (;;) {
        const std::uint32_t picks = budget == 0 ? most : std::min(left, most);
        more = w.turn(picks) || leap(w);
        left -= budget == 0 ? 0 : picks;
        if (!more || (budget != 0 && left == 0)) {
            break;
        }
    }
    if (!more) {
        f.asleep.store(true, std::memory_order_seq_cst);
        more = !w.idle();
    }
    next_deadline_.store(w.timers_.bound(), std::memory_order_relaxed);
    boost::fibers::seat::leave(before);
    polling_.store(false, std::memory_order_release);
    return more;
}

int runtime::descriptor() const noexcept {
    return polled() ? workers_.front()->floor_->descriptor : -1;
}

std::int64_t runtime::next_deadline() const noexcept {
    return next_deadline_.load(std::memory_order_relaxed);
}

runtime::~runtime() {
    stopping_.store(true, std::memory_order_seq_cst);
    for (auto& w : workers_) {
        w->wake();
    }
    for (auto& w : workers_) {
        if (w->floor_->thread.joinable()) {
            w->floor_->thread.join();
        }
    }
    if (!polled() || workers_.empty()) {
        return;
    }
    worker& w = *workers_.front();
    for (int idle = 0; w.lanes() != 0;) {
        if (poll()) {
            continue;
        }
        if (w.lanes() != 0) {
            idle = w.timers_.size() != 0 ? 0 : idle + 1;
            if (idle > patience) {
                stuck(w.lanes());
            }
            wait(w.floor_->descriptor, second / 100);
        }
    }
    auto* before = boost::fibers::seat::enter(w.floor_->order->main);
    w.trim(0);
    boost::fibers::seat::leave(before);
}

}  // namespace weir::fibers
