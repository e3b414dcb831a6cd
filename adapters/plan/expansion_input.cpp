// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/expansion_input.hpp"

#include "adapters/plan/json_text.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace weir::plan {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::int64_t> whole(double number) {
    if (!(std::abs(number) < 9e15) || number != std::floor(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

template <class number>
std::optional<number> spelled(std::string_view text) {
    number n{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

std::optional<std::int64_t> whole(const json& value) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) return whole(value.get<double>());
    if (!value.is_string()) return std::nullopt;
    const std::string_view text = trimmed(value.get_ref<const std::string&>());
    if (const auto n = spelled<std::int64_t>(text)) return n;
    if (const auto n = spelled<double>(text))
        return whole(*n);  // numbers of Harness are doubles: "3.0"
    return std::nullopt;
}

// A value for a message: enough to recognise it.
std::string shown(const json& value) {
    std::string text = text_of(value);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return "`" + text + "`";
}

bool holds_expression(std::string_view text) { return text.find("<+") != std::string_view::npos; }

}  // namespace

bool expansion_input::refuse(code what, const span& where, std::string message) const {
    why = {what, std::move(message), where};
    return false;
}

bool expansion_input::value_of(std::string_view text, std::string_view name, const span& where,
                               json& out) const {
    if (!holds_expression(text)) {
        out = std::string(text);
        return true;
    }
    std::string error;
    auto value = evaluate ? evaluate(text, error) : nullptr;
    if (!value) {
        if (error.empty()) error = "`" + std::string(text) + "` has no value here";
        return refuse(code::bad_expression, where, std::string(name) + ": " + error);
    }
    out = std::move(*value);
    return true;
}

bool expansion_input::read(const amount& a, std::string_view name, std::uint64_t& out) const {
    std::int64_t number = a.value;
    if (!a.expression.empty()) {
        json value;
        if (!value_of(a.expression, name, a.where, value)) return false;
        const auto n = whole(value);
        if (!n) {
            return refuse(code::bad_strategy, a.where,
                          std::string(name) + " is " + shown(value) + ", a whole number is wanted");
        }
        number = *n;
    }
    if (number < 0) {
        return refuse(code::bad_strategy, a.where,
                      std::string(name) + " is " + std::to_string(number) + ", less than 0");
    }
    out = static_cast<std::uint64_t>(number);
    return true;
}

bool expansion_input::read(const value_list& list, std::string_view name,
                           std::vector<json>& out) const {
    if (list.expression.empty()) {
        out = list.values;
    } else {
        json value;
        if (!value_of(list.expression, name, list.where, value)) return false;
        if (value.is_string()) {
            const std::string text = value.get<std::string>();
            std::string error;
            if (trimmed(text).starts_with('[') && !parse_json(text, value, error)) {
                return refuse(code::bad_strategy, list.where,
                              std::string(name) + " is " + shown(text) + ": " + error);
            }
        }
        if (!value.is_array()) {
            return refuse(
                code::bad_strategy, list.where,
                std::string(name) + " is " + shown(value) + ", a list is wanted" +
                    (value.is_string() ? " (a text becomes one with .split(\",\"))" : ""));
        }
        out = std::move(value.get_ref<json::array_t&>());
    }
    if (out.size() > max_values) {
        return refuse(code::too_many_instances, list.where,
                      std::string(name) + " has " + std::to_string(out.size()) +
                          " values, the limit is " + std::to_string(max_values));
    }
    for (json& value : out) {
        if (list.expression.empty() && value.is_string() &&
            holds_expression(value.get_ref<const std::string&>())) {
            json evaluated;
            if (!value_of(value.get_ref<const std::string&>(), name, list.where, evaluated))
                return false;
            value = std::move(evaluated);
        }
        if (!value.is_string() && !value.is_structured()) value = text_of(value);
    }
    return true;
}

}  // namespace weir::plan
