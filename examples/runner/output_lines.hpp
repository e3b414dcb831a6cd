// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace weir::runner {

// Cuts a child's output into lines that may be shown. Holds one line at most: a longer one than
// `longest` bytes is given in pieces.
class output_lines {
public:
    static constexpr std::size_t longest = 4096;
    using taker = std::function<void(std::string_view line)>;

    void take(std::string_view bytes, const taker& line);
    void finish(const taker& line);  // what stands without a line end

private:
    std::string held_;
};

}  // namespace weir::runner
