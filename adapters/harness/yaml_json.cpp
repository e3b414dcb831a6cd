// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_json.hpp"

#include "adapters/plan/json_writer.hpp"

#include <algorithm>

namespace weir::harness::yaml {

namespace {

void append(std::string& out, value v, std::string_view without, std::uint32_t depth,
            json_facts& facts);

void append_children(std::string& out, value v, std::string_view without, std::uint32_t depth,
                     json_facts& facts) {
    const bool mapping = v.is(kind::mapping);
    facts.depth = std::max(facts.depth, depth + 1);
    out += mapping ? '{' : '[';
    bool comma = false;
    for (value child = v.first(); child; child = child.next()) {
        if (mapping && !without.empty() && child.text() == without) {
            child = child.next();
            continue;
        }
        if (comma) {
            out += ',';
        }
        comma = true;
        if (mapping) {
            plan::append_quoted(out, child.text());
            out += ':';
            child = child.next();
        }
        append(out, child, {}, depth + 1, facts);
    }
    out += mapping ? '}' : ']';
}

void append(std::string& out, value v, std::string_view without, std::uint32_t depth,
            json_facts& facts) {
    switch (v.what()) {
    case kind::null:
        out += "null";
        return;
    case kind::boolean:
        out += v.text()[0] == 't' || v.text()[0] == 'T' ? "true" : "false";
        return;
    case kind::number:
        out += v.text();
        return;
    case kind::text:
        facts.has_expressions =
            facts.has_expressions || v.text().find("<+") != std::string_view::npos;
        plan::append_quoted(out, v.text());
        return;
    case kind::sequence:
    case kind::mapping:
        append_children(out, v, without, depth, facts);
        return;
    }
}

}  // namespace

json_facts append_json(std::string& out, value v, std::string_view without) {
    json_facts facts;
    append(out, v, without, 0, facts);
    return facts;
}

}  // namespace weir::harness::yaml
