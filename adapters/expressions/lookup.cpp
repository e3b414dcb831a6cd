// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/lookup.hpp"

#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <charconv>
#include <utility>

namespace weir::expressions {

namespace {

constexpr std::size_t most_listed = 12;

bool holds_json(const json& value) {
    if (!value.is_string()) return false;
    const std::string& text = value.get_ref<const std::string&>();
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

bool step_into(json& value, std::string_view name, std::string& error) {
    if (holds_json(value)) {
        json inside;
        std::string ignored;
        if (plan::parse_json(value.get_ref<const std::string&>(), inside, ignored))
            value = std::move(inside);
    }
    if (value.is_object()) {
        const auto at = value.find(name);
        if (at != value.end()) {
            json member = std::move(*at);
            value = std::move(member);
            return true;
        }
        error = "has no `" + std::string(name) + "`" + members_of(value);
        return false;
    }
    if (value.is_array()) {
        std::size_t index = 0;
        const auto r = std::from_chars(name.data(), name.data() + name.size(), index);
        if (r.ec == std::errc{} && r.ptr == name.data() + name.size() && index < value.size()) {
            json entry = std::move(value[index]);
            value = std::move(entry);
            return true;
        }
        error = "is a list of " + std::to_string(value.size()) + " entries, there is no `" +
                std::string(name) + "`";
        return false;
    }
    error = "is " + std::string(kind_of(value)) + ", it has no `" + std::string(name) + "`";
    return false;
}

std::string written(const std::vector<std::string_view>& path, std::size_t count) {
    std::string text = "`";
    for (std::size_t i = 0; i < count && i < path.size(); ++i) {
        if (i > 0) text += '.';
        text += path[i];
    }
    return text + "`";
}

std::string members_of(const json& value) {
    if (!value.is_object() || value.empty()) return {};
    std::string text = "; it has ";
    std::size_t listed = 0;
    for (const auto& [key, member] : value.items()) {
        if (listed == most_listed)
            return text + ", and " + std::to_string(value.size() - listed) + " more";
        text += (listed++ == 0 ? "`" : ", `") + key + "`";
    }
    return text;
}

}  // namespace weir::expressions
