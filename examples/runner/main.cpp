// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/commands.hpp"
#include "examples/runner/descriptor.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/sink.hpp"

#include <weir/weir.h>

#include <exception>

#include <unistd.h>

namespace weir::runner {

int complain(const std::string& problem, int status) {
    sink err{STDERR_FILENO};
    err.line("weir: " + problem);
    err.flush();
    return status;
}

namespace {

int carry_out(const command& what) {
    struct visitor {
        int operator()(const told& done) const { return done.status; }
        int operator()(const run_options& options) const { return run_command(options); }
        int operator()(const check_options& options) const { return check_command(options); }
        int operator()(const plan_options& options) const { return plan_command(options); }
        int operator()(const expand_options& options) const { return expand_command(options); }
        int operator()(const version_options& options) const { return version_command(options); }
    };
    return std::visit(visitor{}, what);
}

}  // namespace

}  // namespace weir::runner

int main(int count, char** arguments) {
    using namespace weir::runner;
    guard_standard_descriptors();
    const uint32_t abi = weir_abi_version();
    if (abi >> 16 != WEIR_ABI_MAJOR || abi < (WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR)) {
        return complain("this libweir.so speaks another version of the ABI", exit_environment);
    }
    try {
        return carry_out(parse_command_line(count, arguments));
    } catch (const std::exception& problem) {
        return complain(problem.what(), exit_environment);
    }
}
