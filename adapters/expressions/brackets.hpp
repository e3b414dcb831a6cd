// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::expressions {

inline constexpr std::size_t deepest = 48;

// [any] Where the "<+" at `open` ends: the index of its ">", or npos when it does not end or nests
// deeper than `deepest`. A ">" in quotes or parentheses is none; nor is one with a space before it
// and a space or "=" behind it, if what follows on the line still closes every open "<+".
[[nodiscard]] std::size_t closing(std::string_view text, std::size_t open) noexcept;

}  // namespace weir::expressions
