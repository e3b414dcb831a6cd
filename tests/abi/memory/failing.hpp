// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace weir::abi::test {

// While one lives, the things that this thread asks the system for (memory, mappings, threads,
// descriptors) run out: the `at`-th request from now on is refused, and with `for_good` all that
// follow. This program's malloc and the others stand before the C library's.
class shortage {
public:
    shortage(std::size_t at, bool for_good);
    ~shortage();
    shortage(const shortage&) = delete;
    shortage& operator=(const shortage&) = delete;

    [[nodiscard]] bool came() const;  // something was refused
};

// Blocks of memory that were asked for and not given back, by any thread.
long blocks_in_use();

}  // namespace weir::abi::test
