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

// Shows the library's findings about `about`, and about what was read with it, as a compiler would:
// position, source line, caret, notes, help.
finding_counts show_diagnostics(const loading& loaded, const document& about, bool colours,
                                sink& to);

// Counts without showing.
[[nodiscard]] finding_counts count_diagnostics(std::string_view json);

}  // namespace weir::runner
