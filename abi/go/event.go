// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

import (
	"encoding/json"
	"time"
)

// Event is one thing that happened, for those who watch: [RunOptions].Observe, [ScopeOptions].Observe.
type Event struct {
	Seq        uint64        // of its run, or root scope: 1, 2, 3 ... without a gap
	Time       time.Duration // since the start of its run; of a scope: the runtime's clock
	Kind       EventKind
	Outcome    Outcome         // of what finished or is done, else 0
	Reason     Reason          // a barrier's of a scope
	Attempt    uint32          // of a step: 1 for the first try
	Generation uint32          // a barrier's of a scope
	Arrived    uint32          // a barrier's of a scope that has decided: how many had arrived
	Hard       bool            // EventStepCancel: the time for a graceful end is over
	Late       bool            // it came after the barrier's decision
	Tag        uint64          // the run's, the scope's or the barrier's; of EventBarrierDone this package's own
	Path       string          // the node's path; the barrier's or the scope's name
	Input      json.RawMessage // of a step: what to do. A barrier's: who is to blame, who was missing, the values
	JSON       json.RawMessage // the whole event, when the queue was asked for it
}

func newEvent(from *C.weir_event) Event {
	return Event{
		Seq:        uint64(from.seq),
		Time:       time.Duration(from.t_ns),
		Kind:       EventKind(from.kind),
		Outcome:    Outcome(from.outcome),
		Reason:     Reason(from.reason),
		Attempt:    uint32(from.attempt),
		Generation: uint32(from.generation),
		Arrived:    uint32(from.arrived),
		Hard:       from.flags&C.WEIR_EVENT_HARD != 0,
		Late:       from.flags&C.WEIR_EVENT_LATE != 0,
		Tag:        uint64(from.tag),
		Path:       stringOf(from.path, from.path_length),
		Input:      bytesOf(from.input, from.input_length),
		JSON:       bytesOf(from.json, from.json_length),
	}
}
