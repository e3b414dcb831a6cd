// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/child.hpp"
#include "examples/runner/commands.hpp"
#include "examples/runner/diagnostics.hpp"
#include "examples/runner/document.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/paint.hpp"
#include "examples/runner/session.hpp"

#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace weir::runner {

namespace {

int status_of(const session& ended) {
    if (ended.interrupted()) {
        return exit_interrupted;
    }
    switch (ended.outcome()) {
    case WEIR_SUCCEEDED:
    case WEIR_SKIPPED:
    case WEIR_IGNORED_FAILURE:
        return exit_success;
    default:
        return exit_run_failed;
    }
}

}  // namespace

int run_command(const run_options& options) {
    document from;
    std::string problem, simulation;
    if (!read_document(options.file, from, problem) ||
        (!options.durations.empty() && !read_file(options.durations, simulation, problem))) {
        return complain(problem, exit_environment);
    }
    const loading loaded = load(from, options.document, WEIR_LOAD_RUNNABLE);
    if (!loaded.problem.empty()) {
        return complain(loaded.problem, exit_environment);
    }
    sink out{STDOUT_FILENO}, err{STDERR_FILENO};
    show_diagnostics(loaded, from, wants_colours(STDERR_FILENO), err);
    err.flush();
    if (loaded.status != WEIR_OK) {
        return exit_document;
    }
    from.text = {};

    descriptor events_file;
    std::optional<sink> events;
    if (!options.events.empty()) {
        events_file = descriptor{
            ::open(options.events.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
        if (!events_file) {
            return complain("cannot write '" + options.events + "': " + std::strerror(errno),
                            exit_environment);
        }
        events.emplace(events_file.get());
    }

    signals interrupts;
    adopt_orphans();
    int status = exit_success;
    {
        session runs{options, interrupts, out, events ? &*events : nullptr};
        if (!runs.start(loaded.plan.get(), simulation, problem)) {
            const bool durations_wrong =
                !options.durations.empty() && problem.find("WEIR_E_NOT_JSON") != std::string::npos;
            return complain(durations_wrong ? "'" + options.durations + "': " + problem : problem,
                            durations_wrong ? exit_document : exit_environment);
        }
        runs.serve();
        status = status_of(runs);
    }
    end_orphans();
    if (events && events->error() != 0) {
        return complain("cannot write '" + options.events + "': " + std::strerror(events->error()),
                        status == exit_success ? exit_environment : status);
    }
    return status;
}

}  // namespace weir::runner
