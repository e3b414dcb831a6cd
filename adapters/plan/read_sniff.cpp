// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read.hpp"

#include <cstddef>

namespace weir::plan {

// Looks at brackets and texts alone; a key is a text on the first level that a colon follows.
bool looks_like_json(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::size_t at = text.find_first_not_of(blanks);
    if (at == text.npos || text[at] != '{')
        return false;
    std::size_t depth = 0;
    bool version = false, root = false;
    for (; at < text.size() && !(version && root); ++at) {
        const char c = text[at];
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0)
                break;
        } else if (c == '"') {
            const std::size_t begin = at + 1;
            for (++at; at < text.size() && text[at] != '"'; ++at)
                if (text[at] == '\\')
                    ++at;
            if (depth != 1 || at >= text.size())
                continue;
            const std::size_t after = text.find_first_not_of(blanks, at + 1);
            if (after == text.npos || text[after] != ':')
                continue;
            const std::string_view key = text.substr(begin, at - begin);
            version = version || key == "version";
            root = root || key == "root";
        }
    }
    return version && root;
}

}  // namespace weir::plan
