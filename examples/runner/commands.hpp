// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/options.hpp"

namespace weir::runner {

// Each carries out one command and gives its exit status.
[[nodiscard]] int run_command(const run_options& options);
[[nodiscard]] int check_command(const check_options& options);
[[nodiscard]] int plan_command(const plan_options& options);
[[nodiscard]] int expand_command(const expand_options& options);
[[nodiscard]] int version_command(const version_options& options);

// Writes "weir: PROBLEM" to the error stream; gives `status` back.
int complain(const std::string& problem, int status);

}  // namespace weir::runner
