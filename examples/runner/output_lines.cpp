// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/output_lines.hpp"

#include "examples/runner/utf8.hpp"

namespace weir::runner {

void output_lines::take(std::string_view bytes, const taker& line) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::size_t room = longest - held_.size();
        const std::size_t piece = std::min({end, room, bytes.size()});
        held_.append(bytes.substr(0, piece));
        const bool ended = piece == end;
        if (ended || held_.size() == longest) {
            line(printable(held_));
            held_.clear();
        }
        bytes.remove_prefix(ended ? piece + 1 : piece);
    }
}

void output_lines::finish(const taker& line) {
    if (!held_.empty())
        line(printable(held_));
    held_.clear();
}

}  // namespace weir::runner
