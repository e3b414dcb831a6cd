// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/clocks.hpp"

#include "adapters/plan/duration.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/intervention.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/step.hpp"
#include "adapters/run/tree.hpp"

#include <string>

namespace weir::runs {

namespace {

constexpr std::int64_t default_timeout_ms = std::int64_t{10} * 3600 * 1000;

void ran_out(fibers::timer& t) noexcept {
    auto& a = *static_cast<activation::clock_timer&>(t).of;
    a.clock.time.stop();
    std::string cause;
    (void)a.owner.attempt([&] {
        cause = a.path.empty() ? "the pipeline" : a.path;
        cause +=
            " timed out after " + std::to_string(timeout_ns(a) / nanoseconds_a_millisecond) + " ms";
    });
    interrupt(a, interruption::own_clock, cause);
}

// In milliseconds.
std::int64_t evaluated(const activation& a, const std::string& written, std::string& problem) {
    const auto said = expressions::interpolate(written, lookup{a.owner, a});
    if (said.status != expressions::status::ok) {
        problem = "the timeout cannot be evaluated: " + said.message;
        return 0;
    }
    const auto text = plan::text_of(said.value);
    std::string why = "nothing could run in no time";
    const auto milliseconds = plan::parse_duration(text, why).value_or(0);
    if (milliseconds == 0)
        problem = "the timeout `" + written + "` is no duration: `" + text + "`, " + why;
    return milliseconds;
}

void hold(activation& a) noexcept {
    if (a.clock.time.hold(a.owner.home().now()))
        a.owner.home().disarm(a.clock);
}

void release(activation& a) noexcept {
    if (a.clock.time.release(a.owner.home().now()))
        a.owner.home().arm(a.clock, a.clock.time.deadline_ns());
}

}  // namespace

std::int64_t timeout_ns(const activation& a) noexcept {
    if (a.timeout_ms > 0)
        return a.timeout_ms * nanoseconds_a_millisecond;
    return (a.what->timeout_ms > 0 ? a.what->timeout_ms : default_timeout_ms) *
           nanoseconds_a_millisecond;
}

outcome take_timeout(activation& a) {
    const auto* const extras = a.what->extras;
    if (!extras || extras->timeout.empty() || a.is_loop())
        return outcome::none;
    std::string problem;
    a.owner.home().on_own_stack([&] { a.timeout_ms = evaluated(a, extras->timeout, problem); });
    if (problem.empty())
        return outcome::none;
    if (!a.is_told()) {  // no end of a node tells it
        a.owner.emit({.type = event_type::log,
                      .path = a.path,
                      .detail = std::make_unique<event_detail>(
                          event_detail{.error_kind = "error", .message = problem})});
    }
    return fail(a, {"Unknown", std::move(problem)});
}

void start_clock(activation& a) noexcept {
    // A pipeline, and a rollback section, run without a limit unless the document gives one.
    const bool limited = a.what->timeout_ms > 0 || a.timeout_ms > 0 ||
                         a.what->kind == plan::node_kind::stage ||
                         a.what->kind == plan::node_kind::step_group;
    const bool waits = a.what->kind == plan::node_kind::lock && !a.is_loop();
    if (!waits && (!a.is_sequence() || !limited))
        return;
    a.clock.fire = ran_out;
    const auto now = a.owner.home().now();
    a.clock.time.start(timeout_ns(a), now);
    a.owner.home().arm(a.clock, a.clock.time.deadline_ns());
}

void stop_clock(activation& a) noexcept {
    a.clock.time.stop();
    a.owner.home().disarm(a.clock);
}

void hold_clocks(activation& top) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        hold(*a);
        if (a->waiting == wait_kind::step)
            static_cast<step_wait*>(a->wait)->hold_clocks();
        if (a->waiting == wait_kind::intervention)
            static_cast<intervention*>(a->wait)->hold();
    }
    top.owner.members().hold_timeouts();
}

void release_clocks(activation& top, std::int64_t stood_ns) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        release(*a);
        if (a->waiting == wait_kind::step)
            static_cast<step_wait*>(a->wait)->release_clocks(stood_ns);
        if (a->waiting == wait_kind::intervention)
            static_cast<intervention*>(a->wait)->release();
    }
    top.owner.members().release_timeouts();
}

void hold_clocks_for_slot(activation& turn) noexcept {
    for (activation* a = &turn; a; a = next_below(a, turn))
        hold(*a);
}

void release_clocks_for_slot(activation& turn) noexcept {
    for (activation* a = &turn; a; a = next_below(a, turn))
        release(*a);
}

}  // namespace weir::runs
