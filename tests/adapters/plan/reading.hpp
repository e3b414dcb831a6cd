// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"
#include "adapters/plan/read.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan::testing {

// As the language's own check would: what is wrong, or nothing. "!!" is never right.
inline std::string no_double_bang(std::string_view text, bool) {
    return text.find("!!") == text.npos ? "" : "`!!` is no expression";
}

inline loaded read(std::string_view text) {
    return read_json(text, {}, no_double_bang);
}

inline std::string shown(const diagnostic& d) {
    return std::string(text_of(d.what)) + " " + d.path + ": " + d.message;
}

inline std::string shown(const loaded& l) {
    std::string all;
    for (const diagnostic& d : l.findings.all())
        all += (all.empty() ? "" : "\n") + shown(d);
    return all;
}

// The text from where a finding points; lines and columns of ASCII.
inline std::string_view text_at(std::string_view text, const span& where) {
    for (std::uint32_t line = 1; line < where.line; ++line)
        text.remove_prefix(text.find('\n') + 1);
    return text.substr(where.column - 1);
}

}  // namespace weir::plan::testing
