// SPDX-License-Identifier: BSL-1.0
// Parties that will not come: those who withdraw, and those who fail.
#include "adapters/run/roster.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

using fibers::party_state;
using plan::node_kind;

void roster::withdraw_here(roster_node& at) noexcept {
    unreserve(at);
    if (!at.seat)
        return;
    auto& seat = *at.seat;
    if (seat.cyclic)
        return withdraw_round(at);
    if (seat.ended || seat.later != 0)
        return;
    ends(at);
    tell(event_type::barrier_withdrawn, seat.at, seat.lane, seat.at.decided());
    seat.at.core.withdraw(seat.member);
}

void roster::withdraw(roster_node* top) noexcept {
    const bool whole = top && top->what->kind == node_kind::pipeline;
    for (auto* at = top; at;) {
        if (at->kept && !whole) {
            at = next_beside(at, top);
            continue;
        }
        withdraw_here(*at);
        at = next_below(at, top);
    }
}

void roster::fail(roster_node* top, fibers::reason why, std::string_view cause,
                  bool waiting) noexcept {
    for (auto* at = top; at; at = next_below(at, top))
        fail_here(*at, why, cause, waiting);
}

void roster::break_all(std::string_view cause) noexcept {
    for (auto& meeting : meetings_) {
        if (meeting.decided())
            continue;
        meeting.cause = cause;
        meeting.core.break_now(fibers::reason::failed);
    }
}

void roster::fail_flow(roster_node* top, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    if (!top)
        return;
    fail_here(*top, why, cause, waiting);
    for (auto* at = top->first; at; at = at->next) {
        if (at->what->kind != node_kind::rollback || !at->reserved)
            fail(at, why, cause, waiting);
    }
}

void roster::fail_skipped(roster_node* top, fibers::reason why, std::string_view cause) noexcept {
    for (auto* at = top; at;) {
        const bool has_when = at->what->kind != node_kind::parallel &&
                              at->what->kind != node_kind::graph && at->loop == nullptr;
        const bool skipped = has_when && at->what->status == plan::when_status::success;
        if (at->what->kind == node_kind::rollback) {
            at = next_beside(at, top);  // it may be due because of this
        } else if (skipped) {
            fail(at, why, cause, false);
            at = next_beside(at, top);
        } else if (at->what->kind == node_kind::stage) {
            at = next_beside(at,
                             top);  // it runs, and what is in it asks for this stage's own status
        } else {
            at = next_below(at, top);
        }
    }
}

void roster::fail_here(roster_node& at, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    if (at.seat)
        fail_seat(at, why, cause, waiting);
    // Who is below is not known, but none of them will come; a rollback that never starts is
    // nobody's failure.
    if (at.what->kind != node_kind::rollback) {
        for (const auto index : at.held) {
            auto& meeting = *numbered_[index];
            blame(meeting, at.path, cause);
            if (meeting.what.quorum == 0)  // else others may still make it up
                meeting.core.break_now(why);
        }
        for (auto* const who : at.rounds)
            fail_party(*who, why, cause);
    }
    unreserve(at);
}

void roster::fail_seat(roster_node& at, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    auto& seat = *at.seat;
    if (seat.cyclic)
        return fail_round(at, why, cause, waiting);
    auto& meeting = seat.at;
    const bool waits = seat.member.state() == party_state::arrived && !meeting.decided();
    if (seat.later || (seat.ended && !(waiting && waits)))
        return;
    ends(at);
    seat.lost = true;
    tell(event_type::barrier_failed, meeting, seat.lane, meeting.decided());
    blame(meeting, seat.lane, cause);
    meeting.core.fail(seat.member, why);
}

// It has been told how this party ended.
void roster::ends(roster_node& at) noexcept {
    if (at.queued != 0 && !at.seat->ended)
        queued(at.seat->at, false);
    at.seat->ended = true;
}

void roster::blame(meeting& at, std::string_view who, std::string_view cause) noexcept {
    if (at.decided())
        return;
    at.blamed = run_.is_cancelled() ? std::string_view{} : who;
    at.cause = cause;
}

}  // namespace weir::runs
