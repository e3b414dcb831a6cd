// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

enum class found : std::uint8_t { yes, missing, not_yet };   // not_yet: known only later in the run

// Where the names in an expression get their values: a run's lane, or a document at planning.
class scope {
public:
    virtual ~scope() = default;
    // `path` is the dotted name's leading parts, as many as are plain names. On yes, `value` is set and
    // `used` says how many parts it took; the rest are looked up inside the value.
    virtual found resolve(const std::vector<std::string_view>& path, json& value, std::size_t& used) const = 0;
};

enum class status : std::uint8_t { ok, not_yet, error };

struct result {
    expressions::status status = status::ok;
    json value;
    std::string message;      // error or not_yet: which name, and what was known there
    std::size_t offset = 0;   // of the offending place, in the text given
};

[[nodiscard]] bool has_expression(std::string_view text) noexcept;   // does "<+" occur

// [own stack] Evaluates one expression, with or without its <+ >. Bounded time and depth, no code execution.
[[nodiscard]] result evaluate(std::string_view expression, const scope&);

// [own stack] Replaces every <+...> in a text. A text that is one expression keeps that value's type.
[[nodiscard]] result interpolate(std::string_view text, const scope&);

// [own stack] Replaces every <+...> in every string of a JSON value, keys excepted.
[[nodiscard]] result interpolate_json(std::string_view json_text, const scope&);

// A condition's value: booleans, and the texts "true" and "false" in any case; anything else is an error.
[[nodiscard]] result condition(std::string_view expression, const scope&);

}  // namespace weir::expressions
