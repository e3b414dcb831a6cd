// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::runner {

// Lines and columns count from 1, columns in code points; the end is exclusive. line 0: no
// position.
struct position {
    std::size_t line = 0, column = 0, end_line = 0, end_column = 0;
};

struct excerpt {
    std::string source;  // one line, cut around the position when it is very long
    std::string marks;   // carets below it
};

// An empty excerpt where the text has no such line.
[[nodiscard]] excerpt excerpt_of(std::string_view text, const position& where);

}  // namespace weir::runner
