// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/step_request.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::runner {

// An output and the shell variable that holds its value.
struct script_output {
    std::string name;
    std::string variable;
};

// Composes what the shell reads: the script, and around it what hands the outputs over when it
// ends, by itself or by `exit`. Line numbers stay the script's own. Refuses a shell that is not
// known, and a variable that is no name.
[[nodiscard]] step_request compose_script(std::string_view shell, std::string_view script,
                                          const std::vector<script_output>& outputs,
                                          bool stop_at_error);

}  // namespace weir::runner
