// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/read_context.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::plan {

enum class need : std::uint8_t {
    optional,
    required,  // an error when absent
    derived    // what a writer adds for its readers; known, and not looked at
};

// One member that an object has: its name, whether it must be there, and where its value goes.
template <class draft>
struct member_of {
    std::string_view name;
    need how = need::optional;
    source::value draft::*slot = nullptr;
};

void unknown_member(read_context&, std::string_view object, const source::value& key,
                    std::span<const std::string_view> known);
void missing_member(read_context&, std::string_view object, const source::value& at,
                    std::string_view name);
void member_twice(read_context&, std::string_view object, const source::value& key);

// Sorts an object's members into a draft by its table. False when `v` is no object (told). Members
// that begin with "$" are passed over in silence: a reference to the schema, comments.
template <class draft, std::size_t n>
bool read_members(read_context& c, std::string_view object, const source::value& v,
                  const member_of<draft> (&table)[n], draft& out) {
    if (!v.is(source::kind::object)) {
        c.wrong_kind(v, object, "an object");
        return false;
    }
    for (source::value key = v.first(); key; key = key.next().next()) {
        const member_of<draft>* found = nullptr;
        for (const auto& row : table)
            if (key.spells(row.name))
                found = &row;
        if (!found) {
            std::string_view known[n];
            for (std::size_t i = 0; i < n; ++i)
                known[i] = table[i].name;
            unknown_member(c, object, key, known);
        } else if (found->slot) {
            if (out.*found->slot)
                member_twice(c, object, key);
            out.*found->slot = key.next();
        }
    }
    for (const auto& row : table)
        if (row.how == need::required && !(out.*row.slot))
            missing_member(c, object, v, row.name);
    return true;
}

}  // namespace weir::plan
