// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <thread>

namespace weir::plugin {

// For a few instructions at a time. Costs one atomic step to take, and none to give back.
class short_lock {
public:
    void lock() noexcept {
        if (taken_.exchange(true, std::memory_order_acquire)) [[unlikely]]
            wait();
    }
    void unlock() noexcept { taken_.store(false, std::memory_order_release); }

private:
    [[gnu::cold, gnu::noinline]] void wait() noexcept {
        do {
            for (unsigned n = 0; taken_.load(std::memory_order_relaxed); ++n) {
                if (n > patience)
                    std::this_thread::yield();  // whoever holds it may not be running
            }
        } while (taken_.exchange(true, std::memory_order_acquire));
    }

    static constexpr unsigned patience = 100;
    std::atomic<bool> taken_{false};
};

}  // namespace weir::plugin
