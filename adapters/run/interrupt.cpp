// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/interrupt.hpp"

#include "adapters/run/control.hpp"
#include "adapters/run/forks.hpp"
#include "adapters/run/intervention.hpp"
#include "adapters/run/locking.hpp"
#include "adapters/run/pause.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/step.hpp"
#include "adapters/run/tree.hpp"

namespace weir::runs {

namespace {

void end_waits_for_a_start(activation& a) noexcept {
    if (a.waiting == wait_kind::slot)
        end_wait_for_slot(a);
    if (a.waiting == wait_kind::pause)
        static_cast<pause*>(a.wait)->cancel();
    if (a.waiting == wait_kind::intervention)
        static_cast<intervention*>(a.wait)->cancel();
    if (a.waiting == wait_kind::resume)
        control::let_go(a);
}

}  // namespace

void interrupt(activation& top, interruption how, std::string_view cause) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        a->halted = true;
        // Whatever its own clock would have it do, what comes from above ends it.
        if (a->interrupted != interruption::from_above)
            a->interrupted = a == &top ? how : interruption::from_above;
        end_waits_for_a_start(*a);
        if (a->waiting == wait_kind::step)
            static_cast<step_wait*>(a->wait)->cancel();
        if (a->waiting == wait_kind::lock)
            end_wait_for_lock(*a);
    }
    auto& members = top.owner.members();
    const auto kept = top.owner.keep_if_possible(cause);
    if (how == interruption::own_clock) {
        members.fail_flow(top.members, fibers::reason::timed_out, kept,
                          true);  // it may roll back for this
    } else {
        members.fail(top.members, fibers::reason::cancelled, kept, true);
    }
}

void halt(activation& top) noexcept {
    for (activation* a = &top; a; a = next_below(a, top)) {
        a->halted = true;
        end_waits_for_a_start(*a);
    }
}

}  // namespace weir::runs
