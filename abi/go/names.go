// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

// Version is the library's own, such as "1.0.0".
func Version() string { return C.GoString(C.weir_version()) }

// ABIVersion is what the loaded library speaks. It serves this package when its major is [ABIMajor] and
// its minor no less than [ABIMinor].
func ABIVersion() (major, minor int) {
	packed := uint32(C.weir_abi_version())
	return int(packed >> 16), int(packed & 0xffff)
}

// The ABI that this package was compiled against.
const (
	ABIMajor = C.WEIR_ABI_MAJOR
	ABIMinor = C.WEIR_ABI_MINOR
)

// Outcome is how a run, a node, a step, a lane or an arrival ended.
type Outcome int32

// The outcomes. Zero is none of them: not ended.
const (
	Succeeded      Outcome = C.WEIR_SUCCEEDED
	Failed         Outcome = C.WEIR_FAILED
	Skipped        Outcome = C.WEIR_SKIPPED
	Cancelled      Outcome = C.WEIR_CANCELLED
	TimedOut       Outcome = C.WEIR_TIMED_OUT
	IgnoredFailure Outcome = C.WEIR_IGNORED_FAILURE
)

func (o Outcome) String() string { return C.GoString(C.weir_outcome_name(C.weir_outcome(o))) }

// Reason is why a barrier broke; of a release, that a hand did it.
type Reason uint32

// The reasons.
const (
	ReasonNone        Reason = C.WEIR_REASON_NONE
	ReasonFailed      Reason = C.WEIR_REASON_FAILED
	ReasonTimedOut    Reason = C.WEIR_REASON_TIMED_OUT
	ReasonCancelled   Reason = C.WEIR_REASON_CANCELLED
	ReasonDeadlock    Reason = C.WEIR_REASON_DEADLOCK
	ReasonByHand      Reason = C.WEIR_REASON_BY_HAND
	ReasonUnreachable Reason = C.WEIR_REASON_UNREACHABLE // fewer are left than the quorum, none failed
	ReasonNoMemory    Reason = C.WEIR_REASON_NO_MEMORY   // of a run: it ended for want of memory
)

func (r Reason) String() string { return C.GoString(C.weir_reason_name(C.weir_reason(r))) }

// EventKind is what an event tells. Later libraries tell more: skip what you do not know.
type EventKind uint32

// The kinds. docs/events.md has the fields of each.
const (
	EventRunStarted         EventKind = C.WEIR_EVENT_RUN_STARTED
	EventRunFinished        EventKind = C.WEIR_EVENT_RUN_FINISHED
	EventNodeStarted        EventKind = C.WEIR_EVENT_NODE_STARTED
	EventNodeFinished       EventKind = C.WEIR_EVENT_NODE_FINISHED
	EventStepStarted        EventKind = C.WEIR_EVENT_STEP_STARTED
	EventStepFinished       EventKind = C.WEIR_EVENT_STEP_FINISHED
	EventStepCancel         EventKind = C.WEIR_EVENT_STEP_CANCEL
	EventStepProgress       EventKind = C.WEIR_EVENT_STEP_PROGRESS
	EventInterventionWanted EventKind = C.WEIR_EVENT_INTERVENTION_WANTED // answer by [Run.Intervene]
	EventInterventionClosed EventKind = C.WEIR_EVENT_INTERVENTION_CLOSED
	EventBarrierExpected    EventKind = C.WEIR_EVENT_BARRIER_EXPECTED
	EventBarrierReserved    EventKind = C.WEIR_EVENT_BARRIER_RESERVED
	EventBarrierSettled     EventKind = C.WEIR_EVENT_BARRIER_SETTLED
	EventBarrierArrived     EventKind = C.WEIR_EVENT_BARRIER_ARRIVED
	EventBarrierWithdrawn   EventKind = C.WEIR_EVENT_BARRIER_WITHDRAWN
	EventBarrierFailed      EventKind = C.WEIR_EVENT_BARRIER_FAILED
	EventBarrierRetracted   EventKind = C.WEIR_EVENT_BARRIER_RETRACTED
	EventBarrierReleased    EventKind = C.WEIR_EVENT_BARRIER_RELEASED
	EventBarrierBroken      EventKind = C.WEIR_EVENT_BARRIER_BROKEN
	EventBarrierVoided      EventKind = C.WEIR_EVENT_BARRIER_VOIDED
	EventBarrierDone        EventKind = C.WEIR_EVENT_BARRIER_DONE
	EventBarrierCompleting  EventKind = C.WEIR_EVENT_BARRIER_COMPLETING
	EventScopeClosed        EventKind = C.WEIR_EVENT_SCOPE_CLOSED
	EventSlotWaiting        EventKind = C.WEIR_EVENT_SLOT_WAITING
	EventSlotTaken          EventKind = C.WEIR_EVENT_SLOT_TAKEN
	EventSlotGiven          EventKind = C.WEIR_EVENT_SLOT_GIVEN
	EventSlotDone           EventKind = C.WEIR_EVENT_SLOT_DONE
	EventLockWaiting        EventKind = C.WEIR_EVENT_LOCK_WAITING
	EventLockTaken          EventKind = C.WEIR_EVENT_LOCK_TAKEN
	EventLockGiven          EventKind = C.WEIR_EVENT_LOCK_GIVEN
	EventControl            EventKind = C.WEIR_EVENT_CONTROL
	EventLog                EventKind = C.WEIR_EVENT_LOG
	EventSnapshot           EventKind = C.WEIR_EVENT_SNAPSHOT
)

// String is the `type` of the event in JSON: "barrier.released".
func (k EventKind) String() string { return C.GoString(C.weir_event_name(C.weir_event_kind(k))) }
