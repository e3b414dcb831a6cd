// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace weir::runner {

// The library's findings, a JSON array, as a log of SARIF 2.1.0 with one run.
[[nodiscard]] std::string sarif_of(std::string_view findings);

}  // namespace weir::runner
