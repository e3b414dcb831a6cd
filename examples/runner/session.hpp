// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/interventions.hpp"
#include "examples/runner/jobs.hpp"
#include "examples/runner/library.hpp"
#include "examples/runner/progress.hpp"
#include "examples/runner/reactor.hpp"
#include "examples/runner/signals.hpp"
#include "examples/runner/sink.hpp"

#include <memory>
#include <string>

namespace weir::runner {

// One run, from its start to its last event: the loop over the queue, the scripts and the signals.
class session {
public:
    // `events` may be null.
    session(const run_options& options, signals& interrupts, sink& out, sink* events);
    ~session();

    // False, with `problem`, when the run could not be started.
    [[nodiscard]] bool start(weir_plan plan, std::string_view simulation, std::string& problem);

    // Serves the run until its last event. Afterwards no script of it runs.
    void serve();

    [[nodiscard]] weir_outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] bool interrupted() const noexcept { return interrupts_seen_ > 0; }

private:
    void drain();
    void take(const weir_event& event);
    void interrupt();

    const run_options& options_;
    signals& interrupts_;
    sink* events_;
    reactor loop_;
    std::unique_ptr<progress> shown_;
    interventions interventions_;
    jobs jobs_;
    owned_queue queue_;  // destroyed after the runtime
    owned_runtime runtime_;
    weir_run run_ = 0;
    weir_outcome outcome_ = 0;
    bool finished_ = false;
    int interrupts_seen_ = 0;
};

}  // namespace weir::runner
