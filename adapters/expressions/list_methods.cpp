// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/method_table.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <array>

namespace weir::expressions {

namespace {

bool yes(json& out, json value) {
    out = std::move(value);
    return true;
}

bool get(const call& c, json& out) {
    std::int64_t at = 0;
    if (!whole_number(c, 0, at)) return false;
    if (at < 0 || at >= static_cast<std::int64_t>(c.self.size())) {
        return refuse(c, "the list has " + std::to_string(c.self.size()) +
                             " entries, there is none at " + std::to_string(at));
    }
    return yes(out, c.self[static_cast<std::size_t>(at)]);
}

bool sub_list(const call& c, json& out) {
    std::int64_t from = 0;
    std::int64_t to = 0;
    if (!whole_number(c, 0, from) || !whole_number(c, 1, to)) return false;
    if (from < 0 || from > to || to > static_cast<std::int64_t>(c.self.size())) {
        return refuse(c, "the list has " + std::to_string(c.self.size()) + " entries: none from " +
                             std::to_string(from) + " to " + std::to_string(to));
    }
    return yes(out, json::array_t(c.self.begin() + from, c.self.begin() + to));
}

json::const_iterator find(const call& c) {
    return std::find_if(c.self.begin(), c.self.end(),
                        [&c](const json& v) { return equal(v, c.given[0]); });
}

bool join(const call& c, json& out) {
    const std::string separator = c.given.empty() ? "," : text_argument(c, 0);
    std::string text;
    for (std::size_t i = 0; i < c.self.size(); ++i) {
        const std::string part = plan::text_of(c.self[i]);
        if (!c.work.spend(separator.size() + part.size()))
            return refuse(c, "the expression does too much");
        if (i > 0) text += separator;
        text += part;
    }
    return yes(out, std::move(text));
}

bool concat(const call& c, json& out) {
    if (!c.given[0].is_array()) return refuse(c, "a list takes another list");
    if (!c.work.spend(32 * c.given[0].size())) return refuse(c, "the expression does too much");
    json::array_t all = c.self.get_ref<const json::array_t&>();
    all.insert(all.end(), c.given[0].begin(), c.given[0].end());
    return yes(out, std::move(all));
}

bool member(const call& c, json& out) {
    const auto at = c.self.find(text_argument(c, 0));
    if (at == c.self.end()) return refuse(c, "the object has no `" + text_argument(c, 0) + "`");
    return yes(out, *at);
}

bool key_set(const call& c, json& out) {
    json::array_t keys;
    for (const auto& [key, value] : c.self.items()) keys.emplace_back(key);
    return yes(out, std::move(keys));
}

bool values(const call& c, json& out) {
    return yes(out, json::array_t(c.self.begin(), c.self.end()));
}

bool size(const call& c, json& out) { return yes(out, c.self.size()); }
bool is_empty(const call& c, json& out) { return yes(out, c.self.empty()); }

constexpr auto list = receiver::list;
constexpr auto object = receiver::object;
constexpr std::array table{
    method{list, "get", 1, 1, get},
    method{list, "size", 0, 0, size},
    method{list, "length", 0, 0, size},
    method{list, "isEmpty", 0, 0, is_empty},
    method{list, "contains", 1, 1,
           [](const call& c, json& out) { return yes(out, find(c) != c.self.end()); }},
    method{list, "indexOf", 1, 1,
           [](const call& c, json& out) {
               const auto at = find(c);
               return yes(out, at == c.self.end() ? json(-1) : json(at - c.self.begin()));
           }},
    method{list, "join", 0, 1, join},
    method{list, "concat", 1, 1, concat},
    method{list, "subList", 2, 2, sub_list},
    method{object, "get", 1, 1, member},
    method{object, "size", 0, 0, size},
    method{object, "isEmpty", 0, 0, is_empty},
    method{object, "containsKey", 1, 1,
           [](const call& c, json& out) { return yes(out, c.self.contains(text_argument(c, 0))); }},
    method{object, "keySet", 0, 0, key_set},
    method{object, "values", 0, 0, values},
};

}  // namespace

std::span<const method> list_methods() noexcept { return table; }

}  // namespace weir::expressions
