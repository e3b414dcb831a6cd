// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/commands.hpp"
#include "examples/runner/diagnostics.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/paint.hpp"

#include <cstring>

#include <unistd.h>

namespace weir::runner {

int plan_command(const plan_options& options) {
    document from;
    std::string problem;
    if (!read_document(options.file, from, problem)) {
        return complain(problem, exit_environment);
    }
    const loading loaded = load(from, options.document, WEIR_LOAD_INPUTS_OPEN);
    if (!loaded.problem.empty()) {
        return complain(loaded.problem, exit_environment);
    }
    sink err{STDERR_FILENO};
    show_diagnostics(loaded, from, wants_colours(STDERR_FILENO), err);
    err.flush();
    if (loaded.status != WEIR_OK) {
        return exit_document;
    }
    owned_text text;
    if (const weir_status status =
            weir_plan_describe(loaded.plan.get(), options.format, text.out());
        status != WEIR_OK) {
        return complain(describe(status, new_error()), exit_environment);
    }
    sink out{STDOUT_FILENO};
    out.put(text.view());
    if (!text.view().ends_with('\n')) {
        out.put("\n");
    }
    out.flush();
    if (out.error() != 0) {
        return complain(std::string{"cannot write: "} + std::strerror(out.error()),
                        exit_environment);
    }
    return exit_success;
}

}  // namespace weir::runner
