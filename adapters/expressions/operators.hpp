// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::expressions {

enum class binary : std::uint8_t {
    either,
    both,
    equal,
    unequal,
    among,
    not_among,
    less,
    greater,
    at_most,
    at_least,
    plus,
    minus,
    times,
    divided,
    remainder
};

struct binary_operator {
    std::string_view sign;
    binary what;
    int binds;   // higher binds tighter; all bind to the left
};

// [any] The operator that `rest` starts with; null when it starts with none.
[[nodiscard]] const binary_operator* operator_at(std::string_view rest) noexcept;

// [any] false and `error` when the operator does not go with these values. `either` and `both`
// are not for here: they need not have both sides.
[[nodiscard]] bool apply(const binary_operator&, const json& left, const json& right, json& out,
                         std::string& error);

// [any] What a value means as a condition: a boolean, or the text "true" or "false" in any case.
[[nodiscard]] std::optional<bool> truth(const json&);

// [any] Loose equality, as `==` has it.
[[nodiscard]] bool equal(const json& left, const json& right);

// [any] A number, or a text that spells one; a JSON number.
[[nodiscard]] std::optional<json> number_of(const json&);

// [any] "a text", "a list" ...: what a value is, for messages.
[[nodiscard]] std::string_view kind_of(const json&) noexcept;

}  // namespace weir::expressions
