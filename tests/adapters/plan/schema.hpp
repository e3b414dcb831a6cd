// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace weir::plan::testing {

// As much of JSON Schema as docs/plan.schema.json uses; a keyword that it does not know is an
// error.
class schema {
public:
    explicit schema(json root) : root_(std::move(root)) {}

    // The first thing that is wrong, with its place; empty when the value fits.
    [[nodiscard]] std::string problem(const json& value) const { return check(root_, value, "$"); }

private:
    std::string check(const json& rule, const json& value, const std::string& at) const {
        for (const auto& [word, wanted] : rule.items()) {
            std::string found = keyword(rule, word, wanted, value, at);
            if (!found.empty())
                return found;
        }
        return {};
    }

    std::string keyword(const json& rule, const std::string& word, const json& wanted,
                        const json& value, const std::string& at) const {
        const auto unless = [&at](bool fits, const std::string& what) {
            return fits ? std::string{} : at + ": " + what;
        };
        if (word.starts_with('$') || word == "title" || word == "description") {
            return word == "$ref"
                       ? check(root_.at(json::json_pointer(wanted.get<std::string>().substr(1))),
                               value, at)
                       : std::string{};
        }
        if (word == "type")
            return unless(is(value, wanted.get<std::string>()), "is not of type " + wanted.dump());
        if (word == "const")
            return unless(value == wanted, "is not " + wanted.dump());
        if (word == "enum") {
            return unless(std::find(wanted.begin(), wanted.end(), value) != wanted.end(),
                          value.dump() + " is none of them");
        }
        if (word == "minimum")
            return unless(!value.is_number() || value >= wanted, "is less than " + wanted.dump());
        if (word == "maximum")
            return unless(!value.is_number() || value <= wanted, "is more than " + wanted.dump());
        if (word == "minItems")
            return unless(!value.is_array() || value.size() >= wanted.get<std::size_t>(),
                          "is too short");
        if (word == "anyOf") {
            return unless(
                std::any_of(wanted.begin(), wanted.end(),
                            [&](const json& one) { return check(one, value, at).empty(); }),
                "fits none of anyOf");
        }
        if (word == "required") {
            for (const json& key : wanted) {
                if (!value.contains(key.get<std::string>()))
                    return at + ": lacks " + key.dump();
            }
            return {};
        }
        if (word == "items") {
            for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
                std::string found = check(wanted, value[i], at + "[" + std::to_string(i) + "]");
                if (!found.empty())
                    return found;
            }
            return {};
        }
        if (word == "properties" || word == "additionalProperties")
            return members(rule, word, wanted, value, at);
        throw std::logic_error("the schema uses " + word);
    }

    std::string members(const json& rule, const std::string& word, const json& wanted,
                        const json& value, const std::string& at) const {
        if (!value.is_object())
            return {};
        for (const auto& [key, member] : value.items()) {
            const bool listed = rule.contains("properties") && rule["properties"].contains(key);
            if (word == "properties" ? !listed : listed)
                continue;
            if (wanted.is_boolean()) {
                if (!wanted.get<bool>())
                    return at + ": has " + key;
                continue;
            }
            std::string found =
                check(word == "properties" ? wanted[key] : wanted, member, at + "." + key);
            if (!found.empty())
                return found;
        }
        return {};
    }

    static bool is(const json& value, const std::string& type) {
        return type == "object"    ? value.is_object()
               : type == "array"   ? value.is_array()
               : type == "string"  ? value.is_string()
               : type == "boolean" ? value.is_boolean()
               : type == "integer" ? value.is_number_integer()
                                   : throw std::logic_error("the schema uses type " + type);
    }

    json root_;
};

}  // namespace weir::plan::testing
