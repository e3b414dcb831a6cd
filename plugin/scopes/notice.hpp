// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "plugin/scopes/host_gate.hpp"
#include "plugin/scopes/host_party.hpp"
#include "plugin/scopes/posted.hpp"

namespace weir::plugin {

struct scope_record;
class host_barrier;

// What is told of a barrier or a scope as a whole. It is embedded in that, and used again once the
// host has seen it.
struct notice {
    weir_event_kind kind = 0;
    std::uint32_t generation = 0;
    std::uint32_t arrived = 0;
    weir_reason reason = 0;
    std::int64_t t_ns = 0;
    scope_record* scope = nullptr;
    host_barrier* barrier = nullptr;
    posted next;
    notice* next_seen = nullptr;    // the consumer's
    std::string detail;             // JSON: culprit, missing, values; or empty
    std::atomic<bool> busy{false};  // on its way, or the host may still look at it
    bool on_heap = false;
};

}  // namespace weir::plugin
