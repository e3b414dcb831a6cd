// SPDX-License-Identifier: BSL-1.0
// The numbers of weir.h as enumerations, and their names. A later library may give numbers that are
// not listed here: they are errors, or events to skip.
#pragma once

#include <weir/weir.h>

#include <cstdint>

namespace weir {

/// Whether a call was accepted, and if not, why.
enum class status : std::int32_t {
    ok = WEIR_OK,
    invalid_argument = WEIR_E_INVALID_ARGUMENT,  ///< null, out of range, contradictory
    struct_size = WEIR_E_STRUCT_SIZE,            ///< the library is older than these headers
    version = WEIR_E_VERSION,                    ///< not a version that the library speaks
    stale = WEIR_E_STALE,                        ///< never valid, or ended
    bad_state = WEIR_E_BAD_STATE,                ///< does not fit what the object is doing
    closed = WEIR_E_CLOSED,                      ///< shutting down, takes no more calls
    limit = WEIR_E_LIMIT,                        ///< descriptors, handles, places in a queue
    no_memory = WEIR_E_NO_MEMORY,
    document = WEIR_E_DOCUMENT,  ///< refused: see the findings
    not_utf8 = WEIR_E_NOT_UTF8,
    not_json = WEIR_E_NOT_JSON,
    forked = WEIR_E_FORKED,              ///< the object belongs to the parent process
    busy = WEIR_E_BUSY,                  ///< someone else polls, or runs go on
    internal = WEIR_E_INTERNAL,          ///< a bug of the library: please report it
    exists = WEIR_E_EXISTS,              ///< the name is taken in that scope
    not_found = WEIR_E_NOT_FOUND,        ///< no such name, here or in a parent
    not_expected = WEIR_E_NOT_EXPECTED,  ///< the lane is no party of that barrier
    decided = WEIR_E_DECIDED,            ///< too late: the barrier has decided
    forbidden = WEIR_E_FORBIDDEN,        ///< not inside a wake or log function
};

/// How a run, a node, a step, a lane or an arrival ended.
enum class outcome : std::int32_t {
    none = 0,  ///< not ended
    succeeded = WEIR_SUCCEEDED,
    failed = WEIR_FAILED,
    skipped = WEIR_SKIPPED,
    cancelled = WEIR_CANCELLED,
    timed_out = WEIR_TIMED_OUT,
    ignored_failure = WEIR_IGNORED_FAILURE,
};

/// Why a barrier broke; of a release, that a hand did it.
enum class reason : std::uint32_t {
    none = WEIR_REASON_NONE,
    failed = WEIR_REASON_FAILED,
    timed_out = WEIR_REASON_TIMED_OUT,
    cancelled = WEIR_REASON_CANCELLED,
    deadlock = WEIR_REASON_DEADLOCK,
    by_hand = WEIR_REASON_BY_HAND,
    unreachable = WEIR_REASON_UNREACHABLE,  ///< fewer are left than the quorum, none of them failed
    no_memory = WEIR_REASON_NO_MEMORY,      ///< of a run: it ended for want of memory
};

/// What an event tells; docs/events.md has the fields of each.
enum class event_kind : std::uint32_t {
    run_started = WEIR_EVENT_RUN_STARTED,
    run_finished = WEIR_EVENT_RUN_FINISHED,  ///< the last event of its run
    node_started = WEIR_EVENT_NODE_STARTED,
    node_finished = WEIR_EVENT_NODE_FINISHED,
    step_started = WEIR_EVENT_STEP_STARTED,  ///< asks the host: carry it out
    step_finished = WEIR_EVENT_STEP_FINISHED,
    step_cancel = WEIR_EVENT_STEP_CANCEL,  ///< asks the host: end it
    step_progress = WEIR_EVENT_STEP_PROGRESS,
    intervention_wanted = WEIR_EVENT_INTERVENTION_WANTED,
    intervention_closed = WEIR_EVENT_INTERVENTION_CLOSED,
    barrier_expected = WEIR_EVENT_BARRIER_EXPECTED,
    barrier_reserved = WEIR_EVENT_BARRIER_RESERVED,
    barrier_settled = WEIR_EVENT_BARRIER_SETTLED,
    barrier_arrived = WEIR_EVENT_BARRIER_ARRIVED,
    barrier_withdrawn = WEIR_EVENT_BARRIER_WITHDRAWN,
    barrier_failed = WEIR_EVENT_BARRIER_FAILED,
    barrier_retracted = WEIR_EVENT_BARRIER_RETRACTED,
    barrier_released = WEIR_EVENT_BARRIER_RELEASED,
    barrier_broken = WEIR_EVENT_BARRIER_BROKEN,
    barrier_voided = WEIR_EVENT_BARRIER_VOIDED,
    barrier_done = WEIR_EVENT_BARRIER_DONE,              ///< how one arrival ended
    barrier_completing = WEIR_EVENT_BARRIER_COMPLETING,  ///< asks the host: barrier::complete
    scope_closed = WEIR_EVENT_SCOPE_CLOSED,              ///< the last event of its scope
    slot_waiting = WEIR_EVENT_SLOT_WAITING,
    slot_taken = WEIR_EVENT_SLOT_TAKEN,
    slot_given = WEIR_EVENT_SLOT_GIVEN,
    lock_waiting = WEIR_EVENT_LOCK_WAITING,
    lock_taken = WEIR_EVENT_LOCK_TAKEN,
    lock_given = WEIR_EVENT_LOCK_GIVEN,
    slot_done = WEIR_EVENT_SLOT_DONE,  ///< how one lane's wait for a slot ended
    control = WEIR_EVENT_CONTROL,      ///< how a control call on a run ended
    log = WEIR_EVENT_LOG,
    snapshot = WEIR_EVENT_SNAPSHOT,  ///< the answer to run::snapshot
};

/// A way to write a plan down.
enum class format : std::uint32_t {
    json = WEIR_FORMAT_JSON,
    tree = WEIR_FORMAT_TREE,
    dot = WEIR_FORMAT_DOT,
    mermaid = WEIR_FORMAT_MERMAID,
    slots = WEIR_FORMAT_SLOTS,  ///< JSON: how few slots its loops could do with
};

/// "WEIR_E_STALE"; "unknown" for other numbers, as of the names below. Valid for ever.
/// [any thread, never blocks]
inline const char* name(status of) noexcept {
    return weir_status_name(static_cast<weir_status>(of));
}

/// One line for people about a status. Valid for ever. [any thread, never blocks]
inline const char* words(status about) noexcept {
    return weir_status_text(static_cast<weir_status>(about));
}

/// "succeeded", "timed_out" ... Valid for ever. [any thread, never blocks]
inline const char* name(outcome of) noexcept {
    return weir_outcome_name(static_cast<weir_outcome>(of));
}

/// "failed", "timeout" ... Valid for ever. [any thread, never blocks]
inline const char* name(reason of) noexcept {
    return weir_reason_name(static_cast<weir_reason>(of));
}

/// The `type` of the event in JSON: "barrier.released" ... Valid for ever.
/// [any thread, never blocks]
inline const char* name(event_kind of) noexcept {
    return weir_event_name(static_cast<weir_event_kind>(of));
}

}  // namespace weir
