// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status gate_open(weir_scope scope, _GoString_ name, uint32_t slots, weir_gate *gate,
                             weir_error *error) {
    return weir_gate_open(scope, _GoStringPtr(name), LENGTH(name), slots, gate, error);
}
*/
import "C"

import (
	"context"
	"errors"
)

// Gate has so many slots, which lanes take and give. It closes with its scope.
type Gate struct {
	handle C.weir_gate
	name   string
	queue  *Queue
}

// ErrNoSlot is a wait for a slot that ended without one: it was given up, the lane ended, or the scope closed.
var ErrNoSlot = errors.New("the wait for a slot has ended without one")

// OpenGate opens a gate of so many slots, for the lanes of this scope and those below.
func (s *Scope) OpenGate(name string, slots uint32) (*Gate, error) {
	g := &Gate{name: name, queue: s.queue}
	told := newError()
	status := C.gate_open(s.handle, name, C.uint32_t(slots), &g.handle, told)
	if err := refusedWith("weir_gate_open", status, told); err != nil {
		return nil, err
	}
	return g, nil
}

// Name is what the gate was opened as.
func (g *Gate) Name() string { return g.name }

// SetSlots changes how many slots there are. More are handed out at once; fewer take effect as slots are
// given back.
func (g *Gate) SetSlots(slots uint32) error {
	return refused("weir_gate_set_slots", C.weir_gate_set_slots(g.handle, C.uint32_t(slots)))
}

// TakeSlot waits for a slot, behind all who wait already: without an error the lane holds one, until
// [Lane.GiveSlot] or its end. To keep a gate from starving a barrier, give before the lane arrives and take
// again when that has ended.
//
// When ctx ends first, the wait is given up and the error is ctx's. [ErrNoSlot] is a wait that ended otherwise.
func (l Lane) TakeSlot(ctx context.Context, of *Gate) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &slotWait{done: make(chan struct{})}
	tag := of.queue.enrol(w)
	status := C.weir_lane_take_slot(l.handle, of.handle, tag)
	if err := refused("weir_lane_take_slot", status); err != nil {
		of.queue.strike(tag)
		return err
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		if w.giveUp(l, of) {
			<-w.done
			return ctx.Err()
		}
	}
	return w.err
}

// GiveSlot gives the lane's slot to the first who waits, or ends its own wait. [ErrBadState]: it neither holds a
// slot nor waits for one.
func (l Lane) GiveSlot(of *Gate) error {
	return refused("weir_lane_give_slot", C.weir_lane_give_slot(l.handle, of.handle))
}

// A slotWait is a lane that waits for a slot.
type slotWait struct {
	done chan struct{}
	err  error // once done is closed
}

func (w *slotWait) drained(uint32, Outcome) {} // a slot that it has got is its own, told or not

func (w *slotWait) ended(_ uint32, event *C.weir_event) {
	if event.outcome != C.WEIR_SUCCEEDED {
		w.err = ErrNoSlot
	}
	close(w.done)
}

// giveUp ends a wait, or gives back the slot whose event is on its way. It is too late once that was told.
func (w *slotWait) giveUp(l Lane, of *Gate) bool {
	of.queue.mu.Lock() // the wait does not end, and its lane wait again, between the question and the call
	defer of.queue.mu.Unlock()
	select {
	case <-w.done:
		return false
	default:
		l.GiveSlot(of)
		return true
	}
}
