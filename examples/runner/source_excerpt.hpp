// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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

// Where the lines of a text begin, found once. The text outlives it.
class source_lines {
public:
    explicit source_lines(std::string_view text);

    // Without its end; empty when there is none of that number.
    [[nodiscard]] std::string_view line(std::size_t number) const noexcept;

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

// An empty excerpt where the text has no such line.
[[nodiscard]] excerpt excerpt_of(const source_lines& text, const position& where);

}  // namespace weir::runner
