// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstddef>
#include <functional>

namespace weir::abi::test {

// Where a child stands that lets one request after the other fail.
struct place {
    std::size_t at;
    weir_status status;
    const char* fault;
};

// Does `all` in a child, which may end as it likes, and says how far it came. `all` gives what is
// wrong, or null; `seconds` are what it may take.
place tried(const std::function<const char*(place& here)>& all, unsigned seconds = 30);

}  // namespace weir::abi::test
