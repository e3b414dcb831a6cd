// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/library.hpp"
#include "examples/runner/options.hpp"
#include "examples/runner/resolver.hpp"

#include <map>
#include <string>
#include <vector>

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
    std::string problem;      // any other status, or a file that cannot be read, in words
    std::map<std::string, std::string> others;  // documents beside the first, by name
};

// Loads documents with the same options. What they refer to is looked for in the directories of the
// options and among the files `beside`, which are looked at once.
class loader {
public:
    // `flags`: WEIR_LOAD_*. The options outlive it.
    loader(const document_options& options, uint32_t flags,
           const std::vector<std::string>& beside = {});

    [[nodiscard]] loading load(const document& from);

private:
    bool read_inputs();
    [[nodiscard]] bool find_files(const std::vector<std::string>& beside);

    const document_options& options_;
    const uint32_t flags_;
    const std::string variables_;
    std::vector<document> inputs_;
    resolver files_;
    bool resolves_ = false;
    std::string problem_;  // with the options: no document is loaded
};

[[nodiscard]] loading load(const document& from, const document_options& options, uint32_t flags);

}  // namespace weir::runner
