// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

namespace weir::fibers {

enum class clock_kind : std::uint8_t {
    real,      // the machine's monotonic clock
    manual,    // moves when told
    virtual_,  // jumps to the next timer when nothing is ready and nothing is held
};

// A runtime's time: nanoseconds from 0 at its creation, never backwards.
class clock {
public:
    explicit clock(clock_kind kind) noexcept;

    [[nodiscard]] clock_kind kind() const noexcept { return kind_; }

    // [any, never blocks]
    [[nodiscard]] std::int64_t now() const noexcept;

    // Moves a manual or virtual clock to `at`, if that is later. [any, never blocks]
    void reach(std::int64_t at) noexcept;

private:
    const clock_kind kind_;
    std::int64_t origin_ = 0;
    std::atomic<std::int64_t> at_{0};
};

}  // namespace weir::fibers
