// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace weir::runner {

// What the command tells its caller; docs/command.md has the table.
enum exit_status : int {
    exit_success = 0,  // nothing above a warning
    exit_run_failed = 1,
    exit_usage = 2,
    exit_document = 3,     // refused: nothing was started
    exit_environment = 4,  // a file, a descriptor, memory
    exit_interrupted = 130
};

}  // namespace weir::runner
