// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/document.hpp"
#include "examples/runner/sink.hpp"

#include <cstddef>
#include <string_view>

namespace weir::runner {

struct finding_counts {
    std::size_t errors = 0;
    std::size_t warnings = 0;
};

// Shows the library's findings (its JSON) about `about` as a compiler would: position, source line,
// caret, notes, help.
finding_counts show_diagnostics(std::string_view json, const document& about, bool colours,
                                sink& to);

// Counts without showing.
[[nodiscard]] finding_counts count_diagnostics(std::string_view json);

}  // namespace weir::runner
