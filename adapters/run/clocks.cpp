// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/clocks.hpp"

#include "adapters/run/interrupt.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/step.hpp"
#include "adapters/run/tree.hpp"

#include <string>
#include <utility>

namespace weir::runs {

namespace {

constexpr std::int64_t default_timeout_ms = std::int64_t{10} * 3600 * 1000;

void ran_out(fibers::timer& t) noexcept {
    auto& a = *static_cast<activation::clock_timer&>(t).of;
    const auto subject = a.path.empty() ? std::string{"the pipeline"} : std::string{a.path};
    interrupt(a, interruption::own_clock,
              subject + " timed out after " +
                  std::to_string(timeout_ns(*a.what) / nanoseconds_a_millisecond) + " ms");
}

}  // namespace

std::int64_t timeout_ns(const plan::node& what) noexcept {
    return (what.timeout_ms > 0 ? what.timeout_ms : default_timeout_ms) * nanoseconds_a_millisecond;
}

void start_clock(activation& a) noexcept {
    // A pipeline, and a rollback section, run without a limit unless the document gives one.
    const bool limited = a.what->timeout_ms > 0 || a.what->kind == plan::node_kind::stage ||
                         a.what->kind == plan::node_kind::step_group;
    const bool waits = a.what->kind == plan::node_kind::lock && !a.is_loop();
    if (!waits && (!a.is_sequence() || !limited))
        return;
    a.clock.fire = ran_out;
    a.owner.home().arm(a.clock, a.owner.home().now() + timeout_ns(*a.what));
}

void stop_clock(activation& a) noexcept {
    a.owner.home().disarm(a.clock);
}

void hold_clocks(activation& top) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        a->clock.held = a->clock.armed();
        stop_clock(*a);
        if (a->waiting == wait_kind::step)
            static_cast<step_wait*>(a->wait)->hold_clocks();
        if (a->waiting == wait_kind::barrier)
            a->members->seat->at.core.set_deadline(a->members->seat->member, -1);
    }
}

void release_clocks(activation& top, std::int64_t stood_ns) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        if (std::exchange(a->clock.held, false))
            a->owner.home().arm(a->clock, a->clock.deadline() + stood_ns);
        if (a->waiting == wait_kind::step)
            static_cast<step_wait*>(a->wait)->release_clocks(stood_ns);
        if (a->waiting == wait_kind::barrier) {
            auto& seat = *a->members->seat;
            seat.deadline_ns += stood_ns;
            seat.at.core.set_deadline(seat.member, seat.deadline_ns);
        }
    }
}

}  // namespace weir::runs
