// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/load.hpp"

#include <string_view>

namespace weir::harness {

// [own stack, any] Reads a Harness pipeline (YAML or JSON text) into a plan. Everything that is
// wrong is found in one go as far as that makes sense; there is a plan only when nothing is an
// error. Never throws but for want of memory; whatever the text, ends in bounded time and depth.
[[nodiscard]] plan::loaded load(std::string_view text, const plan::load_options&);

// [own stack, any] Is this a Harness document: `pipeline:` at the root, or a pipeline's keys? Looks
// at no more than the first 64 KiB. A document that is no YAML is none.
[[nodiscard]] bool looks_like(std::string_view text);

}  // namespace weir::harness
