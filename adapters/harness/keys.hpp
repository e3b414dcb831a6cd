// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/yaml.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::harness {

enum class need : std::uint8_t {
    required,  // an error when absent
    optional,
    ignored,  // known, and without effect on control flow
};

// One key that a construct has: its name, whether it must be there, and where its value goes. A
// null value is as good as none.
template <class draft>
struct key_of {
    std::string_view name;
    need how;
    yaml::value draft::*slot = nullptr;
    yaml::value draft::*key_slot = nullptr;  // where the key itself is wanted, for positions
};

// Tells of a key that the construct does not have, with the nearest one that it has. `place` says
// where the key belongs instead, if that is known.
void unknown_key(context&, std::string_view construct, yaml::value key,
                 std::span<const std::string_view> known, std::string_view place = {});
void missing_key(context&, std::string_view construct, plan::span where, std::string_view key);

// Sorts the entries of a mapping into a draft by the construct's table. False when `v` is no
// mapping (told); unknown and missing keys are told and do not make it false.
template <class draft, std::size_t n>
bool read_keys(context& c, std::string_view construct, yaml::value v,
               const key_of<draft> (&table)[n], draft& out) {
    if (!v.is(yaml::kind::mapping)) {
        c.wrong_kind(v, construct, "a mapping");
        return false;
    }
    for (yaml::value key = v.first(); key;) {
        const yaml::value content = key.next();
        const std::string_view name = key.text();
        const key_of<draft>* found = nullptr;
        for (const auto& row : table) {
            if (row.name == name) {
                found = &row;
                break;
            }
        }
        if (!found) {
            std::string_view known[n];
            for (std::size_t i = 0; i < n; ++i) {
                known[i] = table[i].name;
            }
            unknown_key(c, construct, key, known);
        } else if (found->slot && !content.is(yaml::kind::null)) {
            out.*found->slot = content;
            if (found->key_slot) {
                out.*found->key_slot = key;
            }
        }
        key = content.next();
    }
    for (const auto& row : table) {
        if (row.how == need::required && !(out.*row.slot)) {
            missing_key(c, construct, v.where(), row.name);
        }
    }
    return true;
}

// Does a table have a key of this name?
template <class draft, std::size_t n>
[[nodiscard]] bool is_one_of(std::string_view name, const key_of<draft> (&table)[n]) noexcept {
    for (const auto& row : table) {
        if (row.name == name) {
            return true;
        }
    }
    return false;
}

// A scalar's text. "" and a finding when `v` is a mapping or list; "" for no value.
[[nodiscard]] std::string_view read_text(context&, std::string_view what, yaml::value v);

// An identifier that Harness allows: letters, digits, `_` and `$`, no digit first, at most 128.
[[nodiscard]] std::string_view read_identifier(context&, std::string_view what, yaml::value v);

}  // namespace weir::harness
