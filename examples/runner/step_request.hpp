// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::runner {

// A script for a child process.
struct script_request {
    std::vector<std::string> interpreter;  // the shell and its arguments
    std::string text;                      // what it reads
    bool from_input = false;  // the shell reads it from standard input, not from a file
    std::vector<std::pair<std::string, std::string>> environment;
};

struct wait_request {
    std::chrono::milliseconds duration{0};
};

// Why this host cannot do what the step wants.
struct refused_request {
    std::string why;
};

using step_request = std::variant<script_request, wait_request, refused_request>;

// The descriptors, in the child, of the script and of the place for its outputs.
inline constexpr int script_descriptor = 3;
inline constexpr int outputs_descriptor = 4;

// Reads the input of a STEP_STARTED event (docs/steps.md).
[[nodiscard]] step_request read_step_request(std::string_view input);

// The outputs that a script left, as a JSON object: pairs of name and value, each ended by a zero.
[[nodiscard]] std::string outputs_json(std::string_view left);

}  // namespace weir::runner
