// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/commands.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/sink.hpp"

#include <weir/weir.h>

#include <unistd.h>

namespace weir::runner {

int version_command(const version_options& options) {
    const uint32_t abi = weir_abi_version();
    const std::string abi_text = std::to_string(abi >> 16) + "." + std::to_string(abi & 0xFFFF);
    sink out{STDOUT_FILENO};
    if (options.json) {
        out.line(std::string{R"({"version":")"} + weir_version() + R"(","abi":")" + abi_text +
                 "\"}");
    } else {
        out.line(std::string{"weir "} + weir_version() + " (ABI " + abi_text + ")");
    }
    out.flush();
    return out.error() == 0 ? exit_success : exit_environment;
}

}  // namespace weir::runner
