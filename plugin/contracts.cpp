// SPDX-License-Identifier: BSL-1.0
#include "plugin/contracts.hpp"

#include "plugin/guard.hpp"
#include "plugin/host_log.hpp"

namespace weir::plugin {

constinit thread_local hook inside = hook::none;

weir_status forbid(weir_error* error) noexcept {
    const bool woken = inside == hook::wake;
    // Who logs is told by the status alone: its log is what is busy.
    if (woken)
        log_to_all(WEIR_LOG_ERROR, "a call inside a wake function: it was refused");
    return refuse(error, WEIR_E_FORBIDDEN,
                  woken ? "not allowed in a wake function" : "not allowed in a log function");
}

}  // namespace weir::plugin
