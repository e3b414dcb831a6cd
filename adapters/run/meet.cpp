// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/meet.hpp"

#include "adapters/run/clocks.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/intervention.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

#include <string>
#include <utility>

namespace weir::runs {

using fibers::reason;
using fibers::verdict;

namespace {

constexpr std::size_t names_in_a_message = 5;

std::string_view word(reason why) noexcept {
    switch (why) {
    case reason::none:
        return "";
    case reason::failed:
        return "failed";
    case reason::timed_out:
        return "timeout";
    case reason::cancelled:
        return "cancelled";
    case reason::deadlock:
        return "deadlock";
    case reason::by_hand:
        return "by hand";
    case reason::unreachable:
        return "unreachable";
    }
    return "";
}

// Those who had not come: parties, and nodes of which it was not known who in them would.
std::string missing_names(const meeting& at) {
    std::string names;
    std::size_t count = 0;
    const auto name = [&](std::string_view who) {
        if (++count > names_in_a_message)
            return;
        if (count > 1)
            names += ", ";
        names += who;
    };
    at.core.for_each_missing(
        [&](const fibers::party& p) { name(static_cast<const place*>(p.owner)->lane); });
    for (const auto* holder : at.holders)
        name(holder->path);
    if (count > names_in_a_message)
        names += " and " + std::to_string(count - names_in_a_message) + " more";
    return names;
}

// "barrier 'q' broke: failed, because of a (a/x: disk full); missing: b, c"
std::string account_of(const meeting& at, reason why) {
    std::string text =
        "barrier '" + std::string{at.names.id} + "' broke: " + std::string{word(why)};
    if (!at.blamed.empty())
        text += ", because of " + std::string{at.blamed};
    if (!at.cause.empty())
        text += " (" + std::string{at.cause} + ")";
    if (const auto missing = missing_names(at); !missing.empty())
        text += "; missing: " + missing;
    return text;
}

failure broken(meeting& at, reason why) {
    if (at.account.empty())
        at.account = account_of(at, why);
    return {"BarrierBroken", at.account, why == reason::timed_out};
}

failure own_timeout(const activation& a, const meeting& at) {
    return {"Timeout", "timed out after " +
                           std::to_string(timeout_ns(a) / nanoseconds_a_millisecond) +
                           " ms at barrier '" + std::string{at.names.id} + "', waiting for " +
                           missing_names(at)};
}

// Where the party stands: a quorum, or a hand, may have released generations without it.
bool is_behind(const place& seat) noexcept {
    return seat.member.state() == fibers::party_state::expected &&
           seat.member.generation() + 1 < seat.at.core.generation();
}

void tell_arrival(activation& a, place& seat) {
    if (seat.ended)
        return;
    auto& at = seat.at;
    const bool behind = is_behind(seat);
    a.members->met = true;
    seat.ended = !seat.cyclic;
    a.owner.emit({.type = event_type::barrier_arrived,
                  .late = behind || at.decided(),
                  .generation = behind ? seat.member.generation() + 1 : at.core.generation(),
                  .path = seat.lane,
                  .barrier = &at.names});
}

// What the step gives to a barrier that gathers values. False and `why` when it cannot be
// evaluated.
bool read_value(activation& a, place& seat, failure& why) {
    const auto& what = *a.what;
    if (!seat.at.what.exchange || what.spec.empty())
        return true;
    bool readable = true;
    a.owner.home().on_own_stack([&] {
        if (!what.spec_has_expressions) {
            seat.value = std::make_shared<const std::string>(what.spec);
            return;
        }
        auto value = expressions::interpolate_json(what.spec, lookup{a.owner, a});
        readable = value.status == expressions::status::ok;
        if (readable) {
            seat.value = std::make_shared<const std::string>(
                value.value.dump(-1, ' ', false, json::error_handler_t::replace));
        } else {
            why = {"Unknown", "the value for the barrier cannot be evaluated: " + value.message};
        }
    });
    return readable;
}

failure straggler(const meeting& at) {
    return {"BarrierBroken", "came to barrier '" + std::string{at.names.id} +
                                 "' after it had been released: it waits for " +
                                 std::to_string(at.what.quorum) +
                                 ", and those who come later fail"};
}

bool is_own_timeout(const fibers::decision& said, const place& seat) noexcept {
    return !said.late && said.why == reason::timed_out && said.culprit == &seat.member;
}

// Its barrier stays broken: what a Retry says does not matter, but a person may be asked.
outcome give_up(activation& a, failure why) {
    const auto* action = action_for(a, why);
    if (action && action->kind == plan::action_kind::retry) {
        why.message += "; it is not tried again, since that is for good";
        action = action->follow_up.get();
    }
    std::uint32_t retries = ~0U;
    (void)try_again(a, why, 1, retries, action);
    if (a.interrupted != interruption::none)
        return outcome::cancelled;
    return fail(a, std::move(why), action);
}

// How a Barrier step ends that was told a decision, or none.
outcome ended(activation& a, place& seat, const fibers::decision& said) {
    auto& at = seat.at;
    const bool passes = said.kind == verdict::released || said.kind == verdict::voided;
    if (passes) {
        const bool late = said.late && said.why == reason::none && at.what.quorum != 0;
        const bool fails = late && at.what.stragglers == plan::straggler_policy::fail;
        return fails ? fail(a, straggler(at)) : outcome::succeeded;
    }
    failure why;
    a.owner.home().on_own_stack(
        [&] { why = is_own_timeout(said, seat) ? own_timeout(a, at) : broken(at, said.why); });
    if (said.kind == verdict::broken || is_own_timeout(said, seat))
        return give_up(a, std::move(why));
    if (seat.member.state() == fibers::party_state::expected)
        return outcome::cancelled;  // taken back: its group is tried again
    return outcome::skipped;        // it is no party any more: it withdrew before
}

// What was gathered goes to whoever asks from now on.
void gather(meeting& at) {
    at.values.clear();
    at.core.for_each_arrived([&](const fibers::party& p) {
        const auto& who = *static_cast<const place*>(p.owner);
        if (who.value)
            at.values.push_back({who.lane, who.value});
    });
}

// What is told of a decision.
std::unique_ptr<event_detail> detail_of(fibers::barrier_core& core, meeting& at,
                                        const fibers::decision& said) {
    auto detail = std::make_unique<event_detail>();
    detail->parties = said.arrived;
    detail->quorum = at.what.quorum;
    detail->reason = word(said.why);
    core.for_each_missing([&](const fibers::party& p) {
        detail->missing.push_back(static_cast<const place*>(p.owner)->lane);
    });
    // Who ran out of patience is not to blame: those who had not come are.
    if (at.blamed.empty() && said.why == reason::timed_out) {
        at.blamed = !detail->missing.empty() ? detail->missing.front()
                    : at.holders.empty()     ? ""
                                             : at.holders.front()->path;
    }
    // Who fell out of a quorum does not matter to those who reached it.
    if (said.kind != verdict::released || said.why != reason::none) {
        detail->culprit = at.blamed;
        detail->message = at.cause;
    }
    return detail;
}

// A cyclic barrier begins anew, with the same parties.
void tell_next_generation(meeting& at, std::uint32_t generation) {
    at.core.for_each_party([&](const fibers::party& p) {
        const auto how = p.state();
        if (how != fibers::party_state::expected && how != fibers::party_state::arrived)
            return;
        at.owner.emit({.type = event_type::barrier_expected,
                       .generation = generation,
                       .path = static_cast<const place*>(p.owner)->lane,
                       .barrier = &at.names});
    });
    if (at.limit_ns != 0) {
        at.patience.stop();
        if (!at.patience.held())
            at.core.set_timeout(at.limit_ns);
    }
}

}  // namespace

outcome run_barrier_step(activation& a) {
    if (!a.members)
        return outcome::succeeded;  // its condition was thought never to hold: it meets nobody
    auto& seat = *a.members->seat;
    auto& at = seat.at;
    if (seat.cyclic && a.members->met)
        return outcome::succeeded;  // tried again: it has been here in this turn
    if (failure why; !read_value(a, seat, why))
        return fail(a, std::move(why));
    a.owner.stalled().waits_at(at);
    tell_arrival(a, seat);
    const auto deadline = a.owner.members().start_waiting(seat, timeout_ns(a));
    a.waiting = wait_kind::barrier;
    const bool waits = at.core.would_wait(seat.member);
    if (waits) {
        seat.waiter = &a;
        rest(a);
        a.owner.stalled().quieten(a);
    }
    const auto said = at.core.arrive(seat.member, deadline);
    if (waits)
        stalls::stir(a);
    seat.waiter = nullptr;
    go_on(a);
    a.waiting = wait_kind::none;
    a.members->generation = said.kind == verdict::pending ? seat.ended_in : said.generation;
    a.owner.members().settle_round(seat);
    return a.interrupted != interruption::none ? outcome::cancelled : ended(a, seat, said);
}

void tell_decision(fibers::barrier_core& core, const fibers::decision& said) noexcept {
    auto& at = *static_cast<meeting*>(core.owner);
    std::unique_ptr<event_detail> detail;
    (void)at.owner.attempt([&] { detail = detail_of(core, at, said); });
    if (said.kind == verdict::released && at.what.exchange)
        (void)at.owner.attempt([&] { gather(at); });
    const auto type = said.kind == verdict::released ? event_type::barrier_released
                      : said.kind == verdict::voided ? event_type::barrier_voided
                                                     : event_type::barrier_broken;
    at.owner.emit({.type = type,
                   .generation = said.generation,
                   .barrier = &at.names,
                   .detail = std::move(detail)});
    core.for_each_arrived([](const fibers::party& p) {
        if (auto* const waiter = static_cast<const place*>(p.owner)->waiter)
            want(*waiter);
    });
    if (said.kind == verdict::released && at.what.cyclic)
        tell_next_generation(at, said.generation + 1);
    if (said.kind == verdict::broken && at.releasing)
        interrupt(*at.releasing, interruption::from_above, at.cause);
}

void tell_lost(fibers::barrier_core& core, fibers::party& p, fibers::reason why) noexcept {
    auto& at = *static_cast<meeting*>(core.owner);
    auto& who = *static_cast<place*>(p.owner);
    if (std::exchange(who.lost, true))
        return;  // whoever failed it has told
    who.ended = true;
    who.ended_in = core.generation();
    at.blamed = who.lane;
    at.cause = word(why);
    at.owner.emit({.type = event_type::barrier_failed,
                   .generation = core.generation(),
                   .path = who.lane,
                   .barrier = &at.names});
}

}  // namespace weir::runs
