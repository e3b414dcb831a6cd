// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace weir::fibers {

class runtime;
class worker;

// Where lanes that belong together are put, since a lane stays on its worker for life: few all on
// one worker, where meeting costs no message; many in blocks of neighbours, one block a worker.
// Meant for lanes that meet at one barrier (a joint of `blocks()` barriers). [any]
class spread {
public:
    // From so many lanes on, two workers are faster than one: below, waking the other one costs
    // more than it helps. Measured by tests/bench.
    static constexpr std::size_t least_block = 500;

    struct block {
        worker* home;
        std::size_t first;  // of the lanes, counted from 0
        std::size_t count;
    };

    // The block at the front is on the worker with the fewest lanes.
    spread(runtime& over, std::size_t lanes) noexcept;

    [[nodiscard]] std::size_t blocks() const noexcept { return blocks_; }
    [[nodiscard]] block at(std::size_t index) const noexcept;  // [index < blocks()]

private:
    runtime& over_;
    std::size_t lanes_;
    std::size_t blocks_;
    std::size_t from_;  // the first block's worker
};

}  // namespace weir::fibers
