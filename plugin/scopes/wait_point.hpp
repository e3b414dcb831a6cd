// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::plugin {

struct host_lane;

// Where lanes wait, a barrier or a gate, as the search for stalls sees it. Its members are that
// search's own: to look for a stall needs no memory. [under the tree's lock]
struct wait_point {
    enum type : std::uint8_t { barrier, gate };

    explicit wait_point(type of) noexcept : is_a{of} {}

    std::uint64_t seen = 0;              // the last search that came here
    wait_point* next_seen = nullptr;     // of those that it saw; in a circle, where `through` waits
    wait_point* from = nullptr;          // that one waits for a lane,
    host_lane* through = nullptr;        // this one, which waits here or has such a lane below it
    wait_point* next_suspect = nullptr;  // itself: the last
    const type is_a;
};

}  // namespace weir::plugin
