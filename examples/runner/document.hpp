// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/library.hpp"
#include "examples/runner/options.hpp"

#include <string>

namespace weir::runner {

struct document {
    std::string name;  // as diagnostics show it
    std::string text;
};

// Reads a file, or standard input for "-". False, with the reason in `problem`, when it cannot be
// read.
[[nodiscard]] bool read_file(const std::string& name, std::string& text, std::string& problem);
[[nodiscard]] bool read_document(const std::string& name, document& into, std::string& problem);

struct loading {
    weir_status status = WEIR_OK;
    owned_plan plan;          // with WEIR_OK
    std::string diagnostics;  // JSON; empty unless WEIR_OK or WEIR_E_DOCUMENT
    std::string problem;      // any other status, in words
};

// `flags`: WEIR_LOAD_*.
[[nodiscard]] loading load(const document& from, const document_options& options, uint32_t flags);

}  // namespace weir::runner
