// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/strategy.hpp"

#include <memory>
#include <string_view>

namespace weir::harness {

// [any, never blocks] Reads a `strategy` that is a document of its own, YAML or JSON: its keys at
// the root, or under `strategy`. Null when the findings hold an error.
[[nodiscard]] std::unique_ptr<plan::strategy> strategy_of(std::string_view text,
                                                          plan::diagnostics& findings,
                                                          bool compat_harness = false);

}  // namespace weir::harness
