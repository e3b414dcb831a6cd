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
	Message string                     `json:"message"` // of a deadlock: who waits for whom
	Unnamed uint32                     `json:"unnamed"` // how many more, of whom only the number was known
	Values  map[string]json.RawMessage `json:"values"`  // what lanes handed over, by lane
}

// Decision reads what a barrier of a scope has decided; nil of other events.
func (e Event) Decision() *Decision {
	switch e.Kind {
	case EventBarrierReleased, EventBarrierBroken, EventBarrierVoided:
	default:
		return nil
	}
	d := &Decision{Barrier: e.Path, Generation: e.Generation, Kind: e.Kind, Reason: e.Reason, Arrived: e.Arrived}
	if e.Input != nil {
		json.Unmarshal(e.Input, d) // the library's own: it is well formed
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
	Decision   *Decision // nil when it was taken back before there was one
	Outcome    Outcome   // Succeeded: the lane may go on
	Generation uint32    // of the barrier
	Late       bool      // it came after the decision
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

// ending is of the queue's goroutine. The decision has been told before.
func (b *Barrier) ending(event *C.weir_event) Ending {
	e := Ending{
		Outcome:    Outcome(event.outcome),
		Generation: uint32(event.generation),
		Late:       event.flags&C.WEIR_EVENT_LATE != 0,
	}
	if e.Outcome == Succeeded || e.Outcome == Failed {
		e.Decision = b.decided(e.Generation, Reason(event.reason))
	}
	return e
}

// decided is the decision of that generation, or what an arrival alone tells of it.
func (b *Barrier) decided(generation uint32, why Reason) *Decision {
	if b.decision != nil && b.decision.Generation == generation {
		return b.decision
	}
	return &Decision{Barrier: b.name, Generation: generation, Reason: why}
}
