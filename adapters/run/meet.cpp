// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/meet.hpp"

#include "adapters/run/clocks.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/run.hpp"

#include <string>

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
                           std::to_string(timeout_ns(*a.what) / nanoseconds_a_millisecond) +
                           " ms at barrier '" + std::string{at.names.id} + "', waiting for " +
                           missing_names(at)};
}

void tell_arrival(activation& a, place& seat) {
    if (seat.ended)
        return;
    seat.ended = true;
    auto& at = seat.at;
    a.owner.emit({.type = event_type::barrier_arrived,
                  .late = at.decided(),
                  .generation = at.core.generation(),
                  .path = seat.lane,
                  .barrier = &at.names});
}

}  // namespace

outcome run_barrier_step(activation& a) {
    auto& worker = a.owner.home();
    if (!a.members)
        return outcome::succeeded;  // its condition was thought never to hold: it meets nobody
    auto& seat = *a.members->seat;
    auto& at = seat.at;
    tell_arrival(a, seat);
    const auto deadline = a.owner.members().start_waiting(seat, timeout_ns(*a.what));
    a.waiting = wait_kind::barrier;
    if (at.core.would_wait(seat.member)) {
        seat.waiter = &a;
        rest(a);
    }
    const auto said = at.core.arrive(seat.member, deadline);
    seat.waiter = nullptr;
    go_on(a);
    a.waiting = wait_kind::none;

    if (a.interrupted != interruption::none)
        return outcome::cancelled;
    if (said.kind != verdict::broken)
        return outcome::succeeded;
    outcome how{};
    worker.on_own_stack([&]() noexcept {
        const bool own =
            !said.late && said.why == reason::timed_out && said.culprit == &seat.member;
        how = fail(a, own ? own_timeout(a, at) : broken(at, said.why));
    });
    return how;
}

void tell_decision(fibers::barrier_core& core, const fibers::decision& said) noexcept {
    auto& at = *static_cast<meeting*>(core.owner);
    auto detail = std::make_unique<event_detail>();
    detail->parties = said.arrived;
    detail->reason = word(said.why);
    detail->message = at.cause;
    core.for_each_missing([&](const fibers::party& p) {
        detail->missing.push_back(static_cast<const place*>(p.owner)->lane);
    });
    // Who ran out of patience is not to blame: those who had not come are.
    if (at.blamed.empty() && said.why == reason::timed_out) {
        at.blamed = !detail->missing.empty() ? detail->missing.front()
                    : at.holders.empty()     ? ""
                                             : at.holders.front()->path;
    }
    detail->culprit = at.blamed;
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
}

}  // namespace weir::runs
