// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/lists.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <string>

namespace weir::harness {

namespace {

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) {
        text.remove_suffix(1);
    }
    return text;
}

// Numbers and booleans inside a JSON list are text too, as they are in a YAML one.
json scalar_as_text(json&& value) {
    if (value.is_structured() || value.is_string()) {
        return std::move(value);
    }
    return json(plan::text_of(value));
}

}  // namespace

json read_loop_value(context& c, std::string_view what, yaml::value v) {
    if (v.is(yaml::kind::null)) {
        c.report(plan::code::bad_strategy, v.where(), std::string{what} + " holds an empty entry",
                 "write `\"\"` for an empty text");
        return {};
    }
    if (v.is_scalar()) {
        return json(std::string{v.text()});
    }
    std::string text;
    yaml::append_json(text, v);
    json value;
    std::string error;
    if (!plan::parse_json(text, value, error)) {
        c.report(plan::code::bad_strategy, v.where(),
                 std::string{what} + " cannot be read: " + error);
    }
    return value;
}

plan::value_list read_value_list(context& c, std::string_view what, yaml::value v) {
    plan::value_list out;
    if (!v) {
        return out;
    }
    out.given = true;
    out.where = v.where();
    if (v.is(yaml::kind::sequence)) {
        out.values.reserve(v.size());
        for (yaml::value item = v.first(); item; item = item.next()) {
            out.values.push_back(read_loop_value(c, what, item));
        }
        return out;
    }
    if (!v.is_scalar()) {
        c.wrong_kind(v, what, "a list");
        return out;
    }
    const std::string_view text = trim(v.text());
    if (text.starts_with('[') && text.ends_with(']')) {
        json list;
        std::string error;
        if (plan::parse_json(text, list, error) && list.is_array()) {
            for (json& item : list) {
                out.values.push_back(scalar_as_text(std::move(item)));
            }
            return out;
        }
    }
    if (expressions::has_expression(text)) {
        out.expression = text;
        return out;
    }
    c.report(plan::code::bad_strategy, out.where,
             std::string{what} + " must be a list, a text that holds a JSON list, or an expression",
             text.empty() ? "" : "write `[" + std::string{text.substr(0, 60)} + "]`");
    return out;
}

}  // namespace weir::harness
