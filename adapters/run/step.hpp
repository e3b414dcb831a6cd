// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"
#include "adapters/run/host.hpp"
#include "fibers/lane.hpp"
#include "fibers/timers.hpp"

#include <cstdint>

namespace weir::runs {

// One try of a step: from its step.started to its step.finished. Its lane waits in `wait`; the end
// comes from the host's answer, from the simulation, or from a cancel that was not answered within
// its grace.
class step_wait : public step_call {
public:
    step_wait(activation& a, std::uint32_t attempt);

    // Starts the try and waits for its end; false when the host could take no further step. What it
    // throws, it throws before the try or after it. [lane]
    bool run(std::string input);

    // Asks the host to end it, gracefully, then hard. Nothing on a second call. [worker]
    void cancel() noexcept;

    // The host says that it is alive, and perhaps what it has done: JSON. [worker]
    void progressed(std::string_view said);

    // Its limits stand still, and go on later. [worker]
    void hold_clocks() noexcept;
    void release_clocks(std::int64_t stood_ns) noexcept;

    [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
    [[nodiscard]] bool fell_silent() const noexcept { return silent_; }

private:
    struct alarm : fibers::timer {
        step_wait* of = nullptr;
        bool held = false;
    };

    void limit_reached() noexcept;
    void beat() noexcept;
    void grace_over() noexcept;
    void finish() noexcept;
    void tell_cancel(bool hard) noexcept;
    void simulate() noexcept;
    void forget() noexcept;

    activation& a_;
    fibers::lane* lane_ = nullptr;
    alarm limit_, heartbeat_, grace_;
    std::uint64_t handle_ = 0;
    const std::uint32_t attempt_;
    std::uint8_t cancels_told_ = 0;
    bool cancelled_ = false;
    bool timed_out_ = false;
    bool silent_ = false;
    bool done_ = false;
};

// Carries out a host's step, with its retries and its failure strategies. [lane]
[[nodiscard]] outcome run_step(activation&);

}  // namespace weir::runs
