// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/dialects/dialect.hpp"

namespace weir::dialects {

// A Harness `strategy` by itself.
[[nodiscard]] std::shared_ptr<const plan::expansion> expand_harness(std::string_view text,
                                                                    const options&,
                                                                    std::uint64_t most,
                                                                    plan::diagnostics& findings);

}  // namespace weir::dialects
