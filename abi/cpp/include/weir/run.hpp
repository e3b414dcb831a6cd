// SPDX-License-Identifier: BSL-1.0
// Walks through plans.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/plan.hpp>
#include <weir/queue.hpp>
#include <weir/runtime.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace weir {

/// What a run does with its steps.
struct run_options {
    bool simulate = false;                  ///< no step goes to the host
    bool slots_release = false;             ///< as load_options::slots_release, of this run only
    std::uint64_t tag = 0;                  ///< in every event of the run
    std::chrono::nanoseconds grace{0};      ///< between a graceful and a hard step_cancel; 0: 10 s
    std::chrono::nanoseconds heartbeat{0};  ///< a step silent for so long times out; 0: none does
    std::string_view id;          ///< in the events' JSON; empty: the pipeline's identifier
    std::string_view simulation;  ///< durations and outcomes, JSON: docs/simulate.md
};

/// A run under way. It ends by itself, with event_kind::run_finished as its last event, and needs
/// no closing: a small value, to be copied. Once that event was drained, every call is
/// status::stale.
///
/// An accepted call of pause and those below gets exactly one event_kind::control: succeeded, or
/// failed and why nothing came of it. A snapshot gets event_kind::snapshot instead, unless all had
/// ended.
class run {
public:
    run() noexcept = default;
    explicit run(weir_run handle) noexcept : handle_(handle) {}

    /// Starts a run, whose events go to `to`. Every event_kind::step_started is to be answered by
    /// one step::finish. status::not_json: `simulation` is not what it should be; closed: the
    /// runtime ends; stale, not_utf8, forked, limit, no_memory. [any thread, never blocks]
    static result<run> start(const runtime& on, const plan& of, const queue& to,
                             const run_options& how = {}) noexcept {
        const weir_run_options o = options(how);
        return detail::made<run>([&](weir_run* made, weir_error* told) noexcept {
            return weir_run_start(on.handle(), of.handle(), to.handle(), &o, made, told);
        });
    }

    /// As event::run has it.
    weir_run handle() const noexcept { return handle_; }

    /// Cancels: nothing further starts, steps under way get event_kind::step_cancel, barriers
    /// break. status::stale, not_utf8, no_memory, forked. [any thread, never blocks]
    result<void> cancel(std::string_view why = {}) const noexcept {
        return result<void>(weir_run_cancel(handle_, why.data(), detail::length(why)));
    }

    /// Nothing further starts until `resume`; steps under way go on, timeouts stand still. Statuses
    /// as of cancel, here and below. [any thread, never blocks]
    result<void> pause(std::string_view why = {}) const noexcept {
        return result<void>(weir_run_pause(handle_, why.data(), detail::length(why)));
    }

    /// Goes on after `pause`. [any thread, never blocks]
    result<void> resume(std::string_view why = {}) const noexcept {
        return result<void>(weir_run_resume(handle_, why.data(), detail::length(why)));
    }

    /// Breaks a barrier by hand; `barrier` is its identifier in the document.
    /// [any thread, never blocks]
    result<void> break_barrier(std::string_view barrier, std::string_view why = {}) const noexcept {
        return result<void>(weir_run_break_barrier(handle_, barrier.data(), detail::length(barrier),
                                                   why.data(), detail::length(why)));
    }

    /// Releases who waits there, and lets the others pass. [any thread, never blocks]
    result<void> release_barrier(std::string_view barrier,
                                 std::string_view why = {}) const noexcept {
        return result<void>(weir_run_release_barrier(
            handle_, barrier.data(), detail::length(barrier), why.data(), detail::length(why)));
    }

    /// How many instances of the loop at `path`, which is under way, run at once; 0: no limit.
    /// Fewer than a barrier needs is told as failed. [any thread, never blocks]
    result<void> set_concurrency(std::string_view path, std::uint32_t concurrency) const noexcept {
        return result<void>(
            weir_run_set_concurrency(handle_, path.data(), detail::length(path), concurrency));
    }

    /// Answers event_kind::intervention_wanted of the step at `path`: "retry", "ignore" ...
    /// (weir_run_intervene); `attempt` is the event's, or 0. [any thread, never blocks]
    result<void> intervene(std::string_view path, std::string_view action,
                           std::uint32_t attempt = 0, std::string_view why = {}) const noexcept {
        return result<void>(weir_run_intervene(handle_, path.data(), detail::length(path), attempt,
                                               action.data(), detail::length(action), why.data(),
                                               detail::length(why)));
    }

    /// Asks for a picture of the run: event_kind::snapshot with `tag`, and JSON in event::input.
    /// [any thread, never blocks]
    result<void> snapshot(std::uint64_t tag) const noexcept {
        return result<void>(weir_run_snapshot(handle_, tag));
    }

private:
    static weir_run_options options(const run_options& how) noexcept {
        weir_run_options o{};
        o.struct_size = sizeof o;
        o.flags = (how.simulate ? WEIR_RUN_SIMULATE : 0) |
                  (how.slots_release ? WEIR_RUN_SLOTS_RELEASE : 0);
        o.tag = how.tag;
        o.grace_ns = how.grace.count();
        o.heartbeat_ns = how.heartbeat.count();
        o.id = detail::or_null(how.id);
        o.id_length = detail::length(how.id);
        o.simulation = detail::or_null(how.simulation);
        o.simulation_length = detail::length(how.simulation);
        return o;
    }

    weir_run handle_ = 0;
};

}  // namespace weir
