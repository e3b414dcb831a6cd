// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

namespace weir::runner {

// The one loop of this host: descriptors that become readable, and timers. A handler may watch,
// forget and set what it likes, itself included. [one thread]
class reactor {
public:
    using handler = std::function<void()>;
    using time = std::chrono::steady_clock::time_point;
    using timer = std::pair<time, std::uint64_t>;

    reactor();

    [[nodiscard]] bool usable() const noexcept { return static_cast<bool>(epoll_); }

    // False, with errno, when the kernel refuses.
    [[nodiscard]] bool watch(int descriptor, handler readable);
    void forget(int descriptor) noexcept;

    timer at(time when, handler due);
    void drop(const timer& which) noexcept { timers_.erase(which); }

    // Waits until something is ready or due, and handles it.
    void turn();

private:
    struct watched {
        std::uint64_t token;
        std::shared_ptr<handler> readable;
    };

    [[nodiscard]] int milliseconds_to_next() const noexcept;

    descriptor epoll_;
    std::unordered_map<int, watched> watched_;
    std::map<timer, std::shared_ptr<handler>> timers_;
    std::uint64_t last_token_ = 0;
};

}  // namespace weir::runner
