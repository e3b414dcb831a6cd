// SPDX-License-Identifier: BSL-1.0
#include "fibers/spread.hpp"

#include <algorithm>

#include "fibers/runtime.hpp"

namespace weir::fibers {

spread::spread(runtime& over, std::size_t lanes) noexcept
    : over_{over},
      lanes_{lanes},
      blocks_{std::clamp<std::size_t>(lanes / least_block, 1, over.workers())},
      from_{0} {
    const worker& first = over.place();
    while (&over.at(from_) != &first) {
        ++from_;
    }
}

spread::block spread::at(std::size_t index) const noexcept {
    // The first of them are one larger, where it does not come out even.
    const std::size_t each = lanes_ / blocks_;
    const std::size_t larger = lanes_ % blocks_;
    return {&over_.at((from_ + index) % over_.workers()), index * each + std::min(index, larger),
            each + (index < larger ? 1 : 0)};
}

}  // namespace weir::fibers
