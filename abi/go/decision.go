// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Decision is how a generation of a barrier ended, for all.
type Decision struct {
	Barrier    string    `json:"-"` // its name
	Generation uint32    `json:"-"` // 1, 2, 3 ...
	Kind       EventKind `json:"-"` // EventBarrierReleased, EventBarrierBroken or EventBarrierVoided
	Reason     Reason    `json:"-"`
	Arrived    uint32    `json:"-"` // how many had

	Culprit string                     `json:"culprit"` // the lane that is to blame
	Missing []string                   `json:"missing"` // the lanes that had not arrived
	Unnamed uint32                     `json:"unnamed"` // how many more, of whom only the number was known
	Values  map[string]json.RawMessage `json:"values"`  // what lanes handed over, by lane
}

// newDecision is of the queue's goroutine.
func (b *Barrier) newDecision(event *C.weir_event) *Decision {
	d := &Decision{
		Barrier:    b.name,
		Generation: uint32(event.generation),
		Kind:       EventKind(event.kind),
		Reason:     Reason(event.reason),
		Arrived:    uint32(event.arrived),
	}
	if detail := bytesOf(event.input, event.input_length); detail != nil {
		json.Unmarshal(detail, d) // the library's own: it is well formed
	}
	return d
}

// BrokenError is a barrier that broke.
type BrokenError struct{ *Decision }

func (e *BrokenError) Error() string {
	if e.Culprit == "" {
		return fmt.Sprintf("barrier %q broke: %v", e.Barrier, e.Reason)
	}
	return fmt.Sprintf("barrier %q broke: %s: %v", e.Barrier, e.Culprit, e.Reason)
}

// Why one arrival ended without the barrier's decision.
var (
	ErrTakenBack = errors.New("the arrival was taken back")
	ErrTimedOut  = errors.New("the arrival's time is over, and the barrier can do without it")
)

// Ending is how one arrival ended.
type Ending struct {
	Decision *Decision // nil when it was taken back before there was one
	Outcome  Outcome   // Succeeded: the lane may go on
	Late     bool      // it came after the decision
}

// Err is nil when the lane may go on; else a [*BrokenError], [ErrTimedOut] or [ErrTakenBack].
func (e Ending) Err() error {
	switch e.Outcome {
	case Succeeded:
		return nil
	case Failed:
		return &BrokenError{e.Decision}
	case TimedOut:
		return ErrTimedOut
	default:
		return ErrTakenBack
	}
}

// ending is of the queue's goroutine. The decision has been told before; without an event there is none.
func (b *Barrier) ending(event *C.weir_event) Ending {
	if event == nil {
		return Ending{Outcome: Cancelled}
	}
	e := Ending{Outcome: Outcome(event.outcome), Late: event.flags&C.WEIR_EVENT_LATE != 0}
	if e.Outcome != Succeeded && e.Outcome != Failed {
		return e
	}
	e.Decision = b.decision
	if e.Decision == nil || e.Decision.Generation != uint32(event.generation) {
		e.Decision = &Decision{Barrier: b.name, Generation: uint32(event.generation), Reason: Reason(event.reason)}
	}
	return e
}
