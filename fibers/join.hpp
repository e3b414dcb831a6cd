// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::fibers {

class lane;
class worker;

// Waits until as many things are done as were added. It lives on one worker, one lane waits at a
// time, and that lane may destroy it as soon as `wait` has returned: `done` touches it no more once
// it has woken the lane.
class join {
public:
    explicit join(worker& home) noexcept : home_{home} {}
    ~join();
    join(const join&) = delete;
    join& operator=(const join&) = delete;

    void add(std::uint32_t count = 1) noexcept { open_ += count; }  // [worker]
    void done() noexcept;                                           // [worker]
    void wait() noexcept;  // [lane] at once when nothing is open

    [[nodiscard]] std::uint32_t open() const noexcept { return open_; }

private:
    worker& home_;
    lane* waiter_ = nullptr;
    std::uint32_t open_ = 0;
};

}  // namespace weir::fibers
