// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml_compose.hpp"

#include <string>
#include <string_view>

namespace weir::harness::testing {

// What any value may be replaced by.
inline constexpr std::string_view replacements[] = {"~",
                                                    "true",
                                                    "-1",
                                                    "99999999999999999999",
                                                    "\"\"",
                                                    "text",
                                                    "<+input>",
                                                    "<+a.b(\"c\")>",
                                                    "[]",
                                                    "[~]",
                                                    "[[x], {y: z}]",
                                                    "{}",
                                                    "{x: y}",
                                                    "{step: {}}"};

// Writes a value as flow YAML, with one node replaced.
inline void write(std::string& out, yaml::value v, yaml::node_index replaced, std::string_view by) {
    if (v.place() == replaced) {
        out += by;
        return;
    }
    if (v.is_scalar()) {
        out += '"';
        for (const char c : v.text()) {
            out += c == '"' || c == '\\' ? "\\" : "";
            out += c;
        }
        out += '"';
        return;
    }
    const bool mapping = v.is(yaml::kind::mapping);
    out += mapping ? '{' : '[';
    for (yaml::value child = v.first(); child; child = child.next()) {
        write(out, child, replaced, by);
        if (mapping) {
            out += ": ";
            child = child.next();
            write(out, child, replaced, by);
        }
        out += ", ";
    }
    out += mapping ? '}' : ']';
}

}  // namespace weir::harness::testing
