// SPDX-License-Identifier: BSL-1.0
// What a run asks the host to carry out.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/event.hpp>
#include <weir/names.hpp>

#include <string_view>

namespace weir {

/// A step under way, from event_kind::step_started until it is answered, once. A small value, to be
/// copied to whoever carries it out. What is to be done is event::input: docs/steps.md.
class step {
public:
    step() noexcept = default;
    explicit step(weir_step handle) noexcept : handle_(handle) {}
    explicit step(const event& of) noexcept : handle_(of.step()) {}

    /// As event::step has it.
    weir_step handle() const noexcept { return handle_; }

    /// Says how it ended: succeeded, failed, skipped, cancelled or timed_out. `outputs` is a JSON
    /// object for later expressions, or nothing; `message` is why it failed, for people.
    /// status::stale: it was answered before, or its time is over; not_json: `outputs` is no
    /// object; invalid_argument, not_utf8, no_memory, forked. [any thread, never blocks]
    result<void> finish(outcome how, std::string_view outputs = {},
                        std::string_view message = {}) const noexcept {
        return result<void>(weir_step_finish(handle_, static_cast<weir_outcome>(how),
                                             outputs.data(), detail::length(outputs),
                                             message.data(), detail::length(message)));
    }

    /// Says that it is alive, for run_options::heartbeat. `progress`, a JSON object, is told as
    /// event_kind::step_progress; nothing is not. Statuses as of finish. [any thread, never blocks]
    result<void> progress(std::string_view progress = {}) const noexcept {
        return result<void>(weir_step_progress(handle_, progress.data(), detail::length(progress)));
    }

private:
    weir_step handle_ = 0;
};

}  // namespace weir
