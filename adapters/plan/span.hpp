// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::plan {

// Where something stands in a document: lines and columns count from 1, columns in UTF-8 code
// points, the end is exclusive. line 0: no position. `file` indexes plan::files.
struct span {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t end_line = 0;
    std::uint32_t end_column = 0;

    [[nodiscard]] bool known() const noexcept { return line != 0; }
};

}  // namespace weir::plan
