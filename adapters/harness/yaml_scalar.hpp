// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"

namespace weir::harness::yaml {

// What an unquoted scalar is: YAML 1.2's core schema as far as JSON can carry it. null: empty, `~`,
// `null`; booleans: `true`, `false`; numbers: JSON's notation within what JSON readers hold exactly
// or a finite double. `yes`, `0x1F`, `007`, `1_000`, `.inf` and twenty-digit account numbers stay
// text.
[[nodiscard]] kind kind_of_plain(std::string_view text) noexcept;

}  // namespace weir::harness::yaml
