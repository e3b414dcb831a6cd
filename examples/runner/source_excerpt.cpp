// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/source_excerpt.hpp"

#include "examples/runner/utf8.hpp"

#include <algorithm>
#include <vector>

namespace weir::runner {

namespace {

// Nothing is cut from a line shorter than this.
constexpr std::size_t widest = 160;
constexpr std::size_t before_position = 60;

// Shown: controls as spaces, so that one code point stays one code point.
std::vector<char32_t> shown(std::string_view line) {
    std::vector<char32_t> points;
    while (!line.empty()) {
        const code_point c = first_code_point(line);
        const bool control = c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0);
        points.push_back(control ? U' ' : c.value);
        line.remove_prefix(c.bytes);
    }
    return points;
}

}  // namespace

source_lines::source_lines(std::string_view text) : text_{text}, starts_{0} {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        starts_.push_back(at + 1);
}

std::string_view source_lines::line(std::size_t number) const noexcept {
    if (number == 0 || number > starts_.size())
        return {};
    const auto line = text_.substr(starts_[number - 1]);
    const auto found = line.substr(0, line.find('\n'));
    return found.ends_with('\r') ? found.substr(0, found.size() - 1) : found;
}

excerpt excerpt_of(const source_lines& text, const position& where) {
    const std::vector<char32_t> line = shown(text.line(where.line));
    if (where.line == 0 || line.empty())
        return {};
    const std::size_t start = std::min(std::max<std::size_t>(where.column, 1) - 1, line.size());
    const bool one_line = where.end_line == where.line && where.end_column > where.column;
    const std::size_t marked_to =
        one_line ? std::min(where.end_column - 1, line.size()) : start + 1;

    std::size_t from = 0, to = line.size();
    if (line.size() > widest) {
        from = start > before_position ? start - before_position : 0;
        to = std::min(line.size(), from + widest);
    }
    excerpt result;
    if (from > 0) {
        result.source = "…";
        result.marks = " ";
    }
    for (std::size_t i = from; i < to; ++i) {
        append_utf8(result.source, line[i]);
        const bool marked = i >= start && i < marked_to;
        if (i < marked_to)
            result.marks.append(cells_of(line[i]), marked ? '^' : ' ');
    }
    if (to < line.size())
        result.source += "…";
    if (start >= to)
        result.marks.push_back('^');
    return result;
}

}  // namespace weir::runner
