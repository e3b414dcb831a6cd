// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <thread>

namespace weir::plugin {

// For a few instructions at a time. Costs one atomic step to take, and none to give back.
class short_lock {
public:
    void lock() noexcept {
        while (taken_.exchange(true, std::memory_order_acquire)) {
            for (unsigned n = 0; taken_.load(std::memory_order_relaxed); ++n) {
                if (n > patience)
                    std::this_thread::yield();  // whoever holds it may not be running
            }
        }
    }
    void unlock() noexcept { taken_.store(false, std::memory_order_release); }

private:
    static constexpr unsigned patience = 100;
    std::atomic<bool> taken_{false};
};

}  // namespace weir::plugin
