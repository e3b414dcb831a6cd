// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/strategy.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace weir::runs {

class simulation;

struct run_options {
    std::string id{};                        // `run` in events; empty: the pipeline's identifier
    std::int64_t grace_ns = 10'000'000'000;  // from a graceful to a hard step cancel
    std::int64_t heartbeat_ns = 0;  // a step of which the host says nothing for so long; 0: none
    plan::slot_policy slots{};  // of loops that do not say: release, or else hold
    std::shared_ptr<const simulation> simulated{};  // not null: no step goes to the host
};

}  // namespace weir::runs
