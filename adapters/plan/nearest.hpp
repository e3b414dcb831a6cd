// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir::plan {

// [any] The candidate that `word` was probably meant to be (few letters differ, case apart), or "".
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> candidates);

// "did you mean `x`?", or "" when `x` is.
[[nodiscard]] std::string did_you_mean(std::string_view candidate);

}  // namespace weir::plan
