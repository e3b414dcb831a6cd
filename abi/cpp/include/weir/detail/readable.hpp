// SPDX-License-Identifier: BSL-1.0
// The one wait of the headers.
#pragma once

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdint>

namespace weir::detail {

/// Waits until the descriptor is readable, or `most` is over; negative: for ever. A signal does not
/// end it.
inline void wait_readable(int descriptor, std::chrono::nanoseconds most) noexcept {
    using clock = std::chrono::steady_clock;
    const clock::time_point begun = clock::now();
    pollfd on{descriptor, POLLIN, 0};
    for (;;) {
        int timeout = -1;
        if (most.count() >= 0) {
            const std::chrono::nanoseconds left = most - (clock::now() - begun);
            const std::int64_t rounded = (left.count() + 999'999) / 1'000'000;
            timeout = static_cast<int>(std::clamp<std::int64_t>(rounded, 0, INT_MAX));
        }
        const int found = ::poll(&on, 1, timeout);
        if (found > 0 || timeout == 0 || (found < 0 && errno != EINTR))
            return;
    }
}

}  // namespace weir::detail
