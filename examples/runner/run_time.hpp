// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <chrono>
#include <cstdint>

namespace weir::runner {

// How far a run has come in time: by the wall's clock, in a simulation by its events.
class run_time {
public:
    explicit run_time(bool simulated) noexcept : simulated_(simulated) {}

    void take(const weir_event& event) noexcept {
        if (event.kind == WEIR_EVENT_RUN_STARTED) {
            began_ = clock::now() - std::chrono::nanoseconds{event.t_ns};
        }
        last_ns_ = event.t_ns;
    }

    [[nodiscard]] std::int64_t now_ns() const noexcept {
        return simulated_ ? last_ns_ : std::chrono::nanoseconds{clock::now() - began_}.count();
    }

private:
    using clock = std::chrono::steady_clock;
    bool simulated_;
    clock::time_point began_ = clock::now();
    std::int64_t last_ns_ = 0;
};

}  // namespace weir::runner
