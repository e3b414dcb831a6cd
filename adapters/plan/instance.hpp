// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::plan {

// One turn of a loop. Small: the values stay in the expansion.
struct instance {
    std::uint64_t index = 0;  // 0 .. count-1, after exclusion
    std::uint64_t combination =
        0;  // where in the odometer or row source, the expansion's own affair
};

}  // namespace weir::plan
