// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::runner {

// What every command that reads documents takes.
struct document_options {
    std::string adapter;  // empty: detected
    bool compat_harness = false;
    bool allow_unproved = false;
    bool slots_release = false;
    std::vector<std::pair<std::string, std::string>> variables;
    std::vector<std::string> inputs;   // files; a later one wins
    std::vector<std::string> resolve;  // directories
};

enum class progress_style { automatic, plain, tty, off };

struct run_options {
    document_options document;
    std::string file;
    std::string events;     // empty: none
    std::string durations;  // empty: none
    progress_style progress = progress_style::automatic;
    bool simulate = false;
    std::uint64_t seed = 0;
    std::uint32_t jobs = 0;  // 0: as many as is sensible
};

enum class findings_format { text, json, sarif };

struct check_options {
    document_options document;
    std::vector<std::string> files;
    findings_format format = findings_format::text;
    bool slots = false;  // say how few slots the loops could do with
};

struct plan_options {
    document_options document;
    std::string file;
    std::uint32_t format = 0;  // WEIR_FORMAT_*
};

struct expand_options {
    std::string file;
    std::string dialect = "harness";
    bool labels = false;
    bool compat_harness = false;
};

struct version_options {
    bool json = false;
};

// Nothing is left to do: the usage or the mistake has been told.
struct told {
    int status;
};

using command =
    std::variant<told, run_options, check_options, plan_options, expand_options, version_options>;

[[nodiscard]] command parse_command_line(int count, char** arguments);

}  // namespace weir::runner
