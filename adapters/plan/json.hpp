// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace weir {

// The one JSON value of the library: objects keep the order in which they were written.
// Costly to include; headers take json_fwd.hpp.
using json = nlohmann::ordered_json;

inline void add_members(json&) {}

template <class Value, class... More>
void add_members(json& to, const char* name, Value&& value, More&&... more) {
    to[name] = json(std::forward<Value>(value));
    add_members(to, std::forward<More>(more)...);
}

// An object of members: a name, a value, a name, a value ... The library's own braces lose what
// they have made so far when memory runs out.
template <class... Members>
[[nodiscard]] json json_object(Members&&... members) {
    json made = json::object();
    add_members(made, std::forward<Members>(members)...);
    return made;
}

}  // namespace weir

NLOHMANN_JSON_NAMESPACE_BEGIN

// How a value ends. The library's own way makes a list of all that is below, and ends the process
// when there is no memory for that; a destructor must not need any. Here what is left hangs in the
// first place of the container that is emptied next: no list, and no recursion either.
template <>
inline void weir::json::json_value::destroy(value_t t) {
    const auto is_full = [](const basic_json& v) {
        return (v.m_type == value_t::array && !v.m_value.array->empty()) ||
               (v.m_type == value_t::object && !v.m_value.object->empty());
    };
    const auto first_of = [](basic_json& v) -> basic_json& {
        return v.m_type == value_t::array ? v.m_value.array->front()
                                          : v.m_value.object->front().second;
    };
    const auto take_last = [](basic_json& v) {
        basic_json last;
        if (v.m_type == value_t::array) {
            last = std::move(v.m_value.array->back());
            v.m_value.array->pop_back();
        } else {
            last = std::move(v.m_value.object->back().second);
            v.m_value.object->pop_back();
        }
        return last;
    };
    const auto free = [](auto* one) {
        std::destroy_at(one);
        using type = std::remove_pointer_t<decltype(one)>;
        std::allocator<type>{}.deallocate(one, 1);
    };

    if ((t == value_t::array && !array->empty()) || (t == value_t::object && !object->empty())) {
        basic_json rest;
        rest.m_type = t;
        rest.m_value = *this;
        while (is_full(rest)) {
            basic_json last = take_last(rest);
            while (is_full(last)) {
                if (!is_full(rest)) {
                    std::swap(rest, last);
                    break;
                }
                basic_json next = std::exchange(first_of(last), std::move(rest));
                rest = std::move(last);
                last = std::move(next);
            }
        }
        return;  // `rest` is what holds nothing any more
    }
    switch (t) {
    case value_t::object:
        return free(object);
    case value_t::array:
        return free(array);
    case value_t::string:
        return free(string);
    case value_t::binary:
        return free(binary);
    default:
        return;
    }
}

NLOHMANN_JSON_NAMESPACE_END
