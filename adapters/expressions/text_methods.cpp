// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/lookup.hpp"
#include "adapters/expressions/method_table.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace weir::expressions {

namespace {

constexpr std::string_view too_much = "the expression does too much";
constexpr std::string_view blanks = " \t\r\n\f\v";

std::string self_of(const call& c) { return plan::text_of(c.self); }

bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); });
}

// Where character number `n` starts; the end for n = characters().
std::size_t byte_of(std::string_view text, std::int64_t n) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (!continues(text[at]) && n-- == 0) break;
    }
    return at;
}

json place_of(std::string_view text, std::size_t byte) {
    if (byte == std::string_view::npos) return -1;
    return characters(text.substr(0, byte));
}

template <class change>
std::string mapped(std::string text, const change& how) {
    std::transform(text.begin(), text.end(), text.begin(), how);
    return text;
}

std::string lower(std::string text) {
    return mapped(std::move(text),
                  [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

std::string upper(std::string text) {
    return mapped(std::move(text),
                  [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Java's split takes a pattern. Patterns that mean one text are that text; any other is refused.
std::optional<std::string> literal_pattern(std::string_view pattern) {
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c != '\\') {
            if (std::string_view{".$|()[{^?*+"}.find(c) != std::string_view::npos)
                return std::nullopt;
            text += c;
            continue;
        }
        if (++i == pattern.size()) return std::nullopt;
        const char escaped = pattern[i];
        if (escaped == 'n') text += '\n';
        else if (escaped == 't') text += '\t';
        else if (escaped == 'r') text += '\r';
        else if (std::isalnum(static_cast<unsigned char>(escaped)) != 0) return std::nullopt;
        else text += escaped;
    }
    return text;
}

bool split(const call& c, json& out) {
    const auto separator = literal_pattern(text_argument(c, 0));
    if (!separator || separator->empty()) {
        return refuse(c,
                      "split takes a plain text, not a pattern; a character such as . or | is "
                      "written \"\\\\.\"");
    }
    std::int64_t limit = 0;
    if (c.given.size() > 1 && !whole_number(c, 1, limit)) return false;
    const std::string text = self_of(c);
    json::array_t parts;
    std::size_t from = 0;
    for (;;) {
        const bool last = limit > 0 && parts.size() + 1 == static_cast<std::size_t>(limit);
        const std::size_t at = last ? std::string::npos : text.find(*separator, from);
        if (!c.work.spend(64)) return refuse(c, std::string(too_much));
        if (at == std::string::npos) {
            parts.emplace_back(text.substr(from));
            break;
        }
        parts.emplace_back(text.substr(from, at - from));
        from = at + separator->size();
    }
    // As Java: empty parts at the end are dropped, but a text without separator stays.
    if (limit == 0) {
        while (parts.size() > 1 && parts.back() == "") parts.pop_back();
        if (parts.size() == 1 && parts.front() == "" && !text.empty()) parts.clear();
    }
    out = std::move(parts);
    return true;
}

bool replace(const call& c, json& out) {
    const std::string text = self_of(c);
    const std::string from = text_argument(c, 0);
    const std::string to = text_argument(c, 1);
    if (from.empty()) return refuse(c, "replace of an empty text");
    std::string made;
    std::size_t at = 0;
    for (std::size_t next = 0; (next = text.find(from, at)) != std::string::npos;
         at = next + from.size()) {
        if (!c.work.spend(to.size())) return refuse(c, std::string(too_much));
        made.append(text, at, next - at).append(to);
    }
    out = made.append(text, at);
    return true;
}

bool substring(const call& c, json& out) {
    const std::string text = self_of(c);
    const std::int64_t size = characters(text);
    std::int64_t from = 0;
    std::int64_t to = size;
    if (!whole_number(c, 0, from) || (c.given.size() > 1 && !whole_number(c, 1, to))) return false;
    if (from < 0 || to > size || from > to) {
        return refuse(c, "the text has " + std::to_string(size) + " characters: none from " +
                             std::to_string(from) + " to " + std::to_string(to));
    }
    const std::size_t first = byte_of(text, from);
    out = text.substr(first, byte_of(text, to) - first);
    return true;
}

bool char_at(const call& c, json& out) {
    const std::string text = self_of(c);
    const std::int64_t size = characters(text);
    std::int64_t at = 0;
    if (!whole_number(c, 0, at)) return false;
    if (at < 0 || at >= size)
        return refuse(c, "the text has " + std::to_string(size) + " characters");
    const std::size_t first = byte_of(text, at);
    out = text.substr(first, byte_of(text, at + 1) - first);
    return true;
}

bool concat(const call& c, json& out) {
    const std::string end = text_argument(c, 0);
    if (!c.work.spend(end.size())) return refuse(c, std::string(too_much));
    out = self_of(c) + end;
    return true;
}

bool yes(json& out, json value) {
    out = std::move(value);
    return true;
}

constexpr auto text = receiver::text;
// Of a text that holds JSON.
bool member(const call& c, json& out) {
    if (!c.work.spend(8 * self_of(c).size())) return refuse(c, std::string(too_much));
    std::string error;
    out = c.self;
    return step_into(out, plan::text_of(c.given[0]), error) || refuse(c, "it " + error);
}

constexpr std::array table{
    method{text, "split", 1, 2, split},
    method{text, "replace", 2, 2, replace},
    method{text, "substring", 1, 2, substring},
    method{text, "charAt", 1, 1, char_at},
    method{text, "concat", 1, 1, concat},
    method{text, "contains", 1, 1,
           [](const call& c, json& out) {
               return yes(out, self_of(c).find(text_argument(c, 0)) != std::string::npos);
           }},
    method{text, "startsWith", 1, 1,
           [](const call& c, json& out) {
               return yes(out, self_of(c).starts_with(text_argument(c, 0)));
           }},
    method{text, "endsWith", 1, 1,
           [](const call& c, json& out) {
               return yes(out, self_of(c).ends_with(text_argument(c, 0)));
           }},
    method{text, "indexOf", 1, 1,
           [](const call& c, json& out) {
               const std::string self = self_of(c);
               return yes(out, place_of(self, self.find(text_argument(c, 0))));
           }},
    method{text, "lastIndexOf", 1, 1,
           [](const call& c, json& out) {
               const std::string self = self_of(c);
               return yes(out, place_of(self, self.rfind(text_argument(c, 0))));
           }},
    method{text, "toLowerCase", 0, 0,
           [](const call& c, json& out) { return yes(out, lower(self_of(c))); }},
    method{text, "toUpperCase", 0, 0,
           [](const call& c, json& out) { return yes(out, upper(self_of(c))); }},
    method{text, "trim", 0, 0,
           [](const call& c, json& out) { return yes(out, trimmed(self_of(c))); }},
    method{text, "length", 0, 0,
           [](const call& c, json& out) { return yes(out, characters(self_of(c))); }},
    method{text, "size", 0, 0,
           [](const call& c, json& out) { return yes(out, characters(self_of(c))); }},
    method{text, "isEmpty", 0, 0,
           [](const call& c, json& out) { return yes(out, self_of(c).empty()); }},
    method{text, "isBlank", 0, 0,
           [](const call& c, json& out) { return yes(out, trimmed(self_of(c)).empty()); }},
    method{text, "equalsIgnoreCase", 1, 1,
           [](const call& c, json& out) {
               return yes(out, lower(self_of(c)) == lower(text_argument(c, 0)));
           }},
    method{receiver::any, "equals", 1, 1,
           [](const call& c, json& out) { return yes(out, equal(c.self, c.given[0])); }},
    method{receiver::any, "toString", 0, 0,
           [](const call& c, json& out) { return yes(out, self_of(c)); }},
    method{text, "get", 1, 1, member},
};

}  // namespace

std::span<const method> text_methods() noexcept { return table; }

}  // namespace weir::expressions
