// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/session.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace weir::runner {

namespace {

std::string_view why_of(int signal) noexcept {
    switch (signal) {
    case SIGINT:
        return "interrupted (SIGINT)";
    case SIGTERM:
        return "asked to end (SIGTERM)";
    default:
        return "the terminal is gone (SIGHUP)";
    }
}

}  // namespace

session::session(const run_options& options, signals& interrupts, sink& out, sink* events)
    : options_(options),
      interrupts_(interrupts),
      events_(events),
      shown_(make_progress(options.progress, options.simulate, out, loop_)),
      interventions_(loop_, shown_.get(), options.simulate),
      jobs_(loop_, options.jobs == 0 ? sensible_jobs() : options.jobs,
            [this](std::string_view path, std::string_view line) {
                if (shown_) {
                    shown_->output(path, line);
                }
            }) {}

session::~session() = default;

bool session::start(weir_plan plan, std::string_view simulation, std::string& problem) {
    weir_error error = new_error();
    weir_queue_options queue_options{};
    queue_options.struct_size = sizeof queue_options;
    queue_options.flags = events_ != nullptr || shown_ ? WEIR_QUEUE_JSON : 0;
    weir_status status = weir_queue_create(&queue_options, queue_.out(), &error);

    weir_runtime_options runtime_options{};
    runtime_options.struct_size = sizeof runtime_options;
    if (options_.simulate) {
        runtime_options.workers = 1;
        runtime_options.clock = WEIR_CLOCK_VIRTUAL;
        runtime_options.seed = options_.seed;
    }
    if (status == WEIR_OK) {
        status = weir_runtime_create(&runtime_options, runtime_.out(), &error);
    }
    int32_t readable = -1;
    if (status == WEIR_OK) {
        status = weir_queue_descriptor(queue_.get(), &readable);
    }
    if (status != WEIR_OK) {
        problem = describe(status, error);
        return false;
    }
    if (!loop_.usable() || !loop_.watch(readable, [this] { drain(); }) ||
        !loop_.watch(interrupts_.descriptor_number(), [this] { interrupt(); })) {
        problem = std::string{"cannot wait for events: "} + std::strerror(errno);
        return false;
    }
    weir_run_options run_options{};
    run_options.struct_size = sizeof run_options;
    run_options.flags = options_.simulate ? WEIR_RUN_SIMULATE : 0;
    run_options.simulation = simulation.data();
    run_options.simulation_length = static_cast<uint32_t>(simulation.size());
    status = weir_run_start(runtime_.get(), plan, queue_.get(), &run_options, &run_, &error);
    if (status != WEIR_OK) {
        problem = describe(status, error);
        return false;
    }
    return true;
}

void session::serve() {
    drain();
    while (!finished_) {
        loop_.turn();
        if (shown_) {
            shown_->settle();
        }
    }
    jobs_.kill_all();
    if (shown_) {
        shown_->finish(interrupted());
    }
}

void session::drain() {
    std::array<weir_event, 256> batch;
    for (;;) {
        uint32_t count = 0;
        const weir_status status =
            weir_queue_drain(queue_.get(), batch.data(), sizeof(weir_event), batch.size(), &count);
        if (status != WEIR_OK || count == 0) {
            break;
        }
        for (uint32_t i = 0; i < count; ++i) {
            take(batch[i]);
        }
    }
    if (events_ != nullptr) {
        events_->flush();
    }
}

void session::take(const weir_event& event) {
    const std::string_view json{event.json == nullptr ? "" : event.json, event.json_length};
    if (events_ != nullptr) {
        events_->line(json);
    }
    if (shown_) {
        if (const auto fields = json_value::parse(json)) {
            shown_->event(event, *fields);
        }
    }
    switch (event.kind) {
    case WEIR_EVENT_STEP_STARTED:
        if (event.step != 0) {
            jobs_.start(event);
        }
        break;
    case WEIR_EVENT_STEP_CANCEL:
        jobs_.cancel(event.step, (event.flags & WEIR_EVENT_HARD) != 0);
        break;
    case WEIR_EVENT_INTERVENTION_WANTED:
        interventions_.wanted(run_, event);
        break;
    case WEIR_EVENT_INTERVENTION_CLOSED:
        interventions_.closed(event);
        break;
    case WEIR_EVENT_RUN_FINISHED:
        outcome_ = event.outcome;
        finished_ = true;
        break;
    default:
        break;
    }
}

// The first signal cancels the run, gracefully; the second ends its scripts at once.
void session::interrupt() {
    for (int signal = interrupts_.next(); signal != 0; signal = interrupts_.next()) {
        if (++interrupts_seen_ == 1) {
            const std::string_view why = why_of(signal);
            weir_run_cancel(run_, why.data(), static_cast<uint32_t>(why.size()));
        } else {
            jobs_.kill_all();
        }
    }
}

}  // namespace weir::runner
