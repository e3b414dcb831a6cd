// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::fibers {

// Why something of this floor could not be made.
enum class status : std::uint8_t {
    ok,
    bad_option,     // a stack below the least size, too many workers
    no_memory,      // operator new or mmap refused
    no_thread,      // a worker's thread could not be started
    no_descriptor,  // no eventfd
};

}  // namespace weir::fibers
