// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/commands.hpp"
#include "examples/runner/diagnostics.hpp"
#include "examples/runner/document.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/json.hpp"
#include "examples/runner/paint.hpp"

#include <cstring>
#include <limits>

#include <unistd.h>

namespace weir::runner {

namespace {

// What is said about the text goes to the error stream: the other is for the instances.
void show_findings(const owned_text& findings, const document& from) {
    loading told;
    told.diagnostics = findings.view();
    sink err{STDERR_FILENO};
    (void)show_diagnostics(told, from, wants_colours(STDERR_FILENO), err);
    err.flush();
}

void put(sink& out, const weir_instance& one, const std::string& of) {
    std::string line = "{\"index\":" + std::to_string(one.index) + ",\"of\":" + of + ",\"suffix\":";
    append_json(line, {one.suffix, one.suffix_length});
    line += ",\"values\":";
    line.append(one.values, one.values_length);
    line += '}';
    out.line(line);
}

// A few at a time, so that a million need no more memory than a hundred.
int write_instances(weir_loop loop, uint64_t count) {
    constexpr uint32_t batch = 256;
    const std::string of = std::to_string(count);
    sink out{STDOUT_FILENO};
    weir_instance some[batch];
    for (;;) {
        uint32_t got = 0;
        const weir_status status = weir_loop_next(loop, some, sizeof(weir_instance), batch, &got);
        if (status != WEIR_OK) {
            out.flush();
            return complain(weir_status_text(status), exit_environment);
        }
        for (uint32_t i = 0; i < got; ++i) {
            put(out, some[i], of);
        }
        if (got == 0 || out.error() != 0) {
            break;
        }
    }
    out.flush();
    if (out.error() != 0) {
        return complain(std::string{"cannot write: "} + std::strerror(out.error()),
                        exit_environment);
    }
    return exit_success;
}

int status_for(weir_status status) {
    switch (status) {
    case WEIR_E_DOCUMENT:
        return exit_document;
    case WEIR_E_INVALID_ARGUMENT:
        return exit_usage;
    default:
        return exit_environment;
    }
}

}  // namespace

int expand_command(const expand_options& options) {
    document from;
    std::string problem;
    if (!read_document(options.file, from, problem)) {
        return complain(problem, exit_environment);
    }
    if (from.text.size() > std::numeric_limits<uint32_t>::max()) {
        return complain("'" + from.name + "' is too large", exit_document);
    }
    weir_loop_options how{};
    how.struct_size = sizeof how;
    how.flags = (options.labels ? WEIR_LOOP_LABELS : 0) |
                (options.compat_harness ? WEIR_LOOP_COMPAT_HARNESS : 0);
    how.dialect = options.dialect.data();
    how.dialect_length = static_cast<uint32_t>(options.dialect.size());
    how.file = from.name.data();
    how.file_length = static_cast<uint32_t>(from.name.size());

    owned_loop loop;
    owned_text findings;
    uint64_t count = 0;
    weir_error error = new_error();
    const weir_status status =
        weir_loop_open(from.text.data(), static_cast<uint32_t>(from.text.size()), &how, loop.out(),
                       &count, nullptr, findings.out(), &error);
    show_findings(findings, from);
    if (status == WEIR_E_DOCUMENT) {
        return exit_document;
    }
    if (status != WEIR_OK) {
        return complain(describe(status, error), status_for(status));
    }
    return write_instances(loop.get(), count);
}

}  // namespace weir::runner
