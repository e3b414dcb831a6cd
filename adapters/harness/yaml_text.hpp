// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/span.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::harness::yaml {

struct text_fault {
    plan::span where;
    std::string message;
    std::string help;
};

// [any, never blocks] The first place where `text` is no UTF-8 text that YAML allows (broken
// sequences, control characters), or nothing. One pass over the bytes.
[[nodiscard]] std::optional<text_fault> check_text(std::string_view text);

// The position of a byte of a text: lines end with LF, CR or CRLF; columns are code points.
[[nodiscard]] plan::span position_of(std::string_view text, std::size_t offset) noexcept;

// More lines than this that begin with `%` are refused: libyaml's handling of directives is
// quadratic.
inline constexpr std::size_t directive_limit = 10'000;
[[nodiscard]] bool too_many_directives(std::string_view text) noexcept;

}  // namespace weir::harness::yaml
