// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/variables.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/yaml_scalar.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <string>
#include <unordered_map>

namespace weir::harness {

namespace {

struct draft {
    yaml::value name, type, value, fallback;
};

constexpr key_of<draft> keys[] = {
    {"name", need::required, &draft::name},
    {"type", need::optional, &draft::type},
    {"value", need::optional, &draft::value},
    {"default", need::optional, &draft::fallback},
    {"description", need::ignored},
    {"required", need::ignored},
    {"execution", need::ignored},
    {"identifier", need::ignored},
    {"tags", need::ignored},
};

json number_of(context& c, std::string_view name, yaml::value v) {
    const std::string text{v.text()};
    json number;
    std::string error;
    if (yaml::kind_of_plain(text) == yaml::kind::number && plan::parse_json(text, number, error)) {
        return number;
    }
    if (!text.empty()) {
        c.report(
            plan::code::bad_value, v.where(),
            "the variable `" + std::string{name} + "` is a Number, and `" + text + "` is none");
    }
    return json(text);
}

json read_value(context& c, const draft& d, std::string_view name) {
    const std::string_view type = read_text(c, "the type of a variable", d.type);
    constexpr std::string_view types[] = {"String", "Number", "Secret"};
    if (d.type && d.type.is_scalar() && type != types[0] && type != types[1] && type != types[2]) {
        c.report(plan::code::bad_value, d.type.where(),
                 "`" + std::string{type} + "` is no type of a variable", c.suggestion(type, types));
    }
    const yaml::value v = d.value ? d.value : d.fallback;
    if (!v) {
        return json("");
    }
    const std::string_view text = read_text(c, "the value of a variable", v);
    if (!v.is_scalar() || expressions::has_expression(text) || type != "Number") {
        return json(std::string{text});
    }
    return number_of(c, name, v);
}

}  // namespace

json read_variables(context& c, std::string_view whose, yaml::value v) {
    json out = json::object();
    if (!v) {
        return out;
    }
    if (is_open_input(v)) {
        return out;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, "the variables of " + std::string{whose}, "a list");
        return out;
    }
    std::unordered_map<std::string_view, plan::span> seen;
    json::object_t members;
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        draft d;
        if (!read_keys(c, "a variable", entry, keys, d) || !d.name) {
            continue;
        }
        const std::string_view name = read_text(c, "the name of a variable", d.name);
        const auto [earlier, added] = seen.try_emplace(name, d.name.where());
        if (!added) {
            c.report(plan::code::duplicate_identifier, d.name.where(),
                     "the variable `" + std::string{name} + "` is given twice for " +
                         std::string{whose})
                .notes.push_back({"it is given here first", earlier->second});
            continue;
        }
        static_cast<std::vector<std::pair<const std::string, json>>&>(members).emplace_back(
            std::string{name}, read_value(c, d, name));
    }
    out = json(std::move(members));
    return out;
}

}  // namespace weir::harness
