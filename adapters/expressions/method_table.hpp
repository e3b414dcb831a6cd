// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/methods.hpp"

#include <span>

namespace weir::expressions {

enum class receiver : std::uint8_t { text, list, object, any };   // text: numbers and booleans too

struct method {
    receiver of;
    std::string_view name;
    std::uint8_t least, most;        // arguments
    bool (*run)(const call&, json& out);
};

// The tables, by what they are methods of. A new method is a new row.
[[nodiscard]] std::span<const method> text_methods() noexcept;
[[nodiscard]] std::span<const method> list_methods() noexcept;   // lists and objects
[[nodiscard]] std::span<const method> functions() noexcept;

// Helpers of the rows. Texts are counted in characters (code points), as users see them.
[[nodiscard]] bool refuse(const call&, std::string message);
[[nodiscard]] bool whole_number(const call&, std::size_t argument, std::int64_t& out);
[[nodiscard]] std::string text_argument(const call&, std::size_t argument);

}  // namespace weir::expressions
