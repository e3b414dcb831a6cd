// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status arrive(weir_lane lane, weir_barrier barrier, _GoString_ value, int64_t timeout_ns,
                          uint64_t tag) {
    return weir_lane_arrive(lane, barrier, _GoStringPtr(value), LENGTH(value),
                            timeout_ns, tag);
}
*/
import "C"

import (
	"context"
	"time"
)

// ArriveOptions is what a lane brings to a barrier.
type ArriveOptions struct {
	Value   any           // handed to all with the release, as encoding/json writes it; nil: none
	Timeout time.Duration // this lane's own patience, on the runtime's clock; 0: no limit
}

// Arrival is a lane that has reached a barrier. Exactly once it ends.
type Arrival struct {
	lane   Lane
	at     *Barrier
	over   bool // its event has been drained; guarded by at.queue.mu
	done   chan struct{}
	ending Ending
}

// Arrive waits at the barrier until it has decided: without an error the lane may go on.
//
// When ctx ends, the arrival is taken back, the lane is expected again, and the error is ctx's; unless
// the barrier was faster, or is completing: then its decision counts.
func (l Lane) Arrive(ctx context.Context, at *Barrier) (*Decision, error) {
	return l.ArriveWith(ctx, at, ArriveOptions{})
}

// ArriveWith is Arrive with a value or a patience.
func (l Lane) ArriveWith(ctx context.Context, at *Barrier, o ArriveOptions) (*Decision, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	arrival, err := l.Begin(at, o)
	if err != nil {
		return nil, err
	}
	return arrival.Wait(ctx)
}

// Begin arrives without waiting.
func (l Lane) Begin(at *Barrier, o ArriveOptions) (*Arrival, error) {
	value, err := encoded(o.Value)
	if err != nil {
		return nil, err
	}
	timeout := C.int64_t(-1)
	if o.Timeout > 0 {
		timeout = C.int64_t(o.Timeout)
	}
	a := &Arrival{lane: l, at: at, done: make(chan struct{})}
	tag := at.queue.enrol(a)
	status := C.arrive(l.handle, at.handle, value, timeout, tag)
	if err := refused("weir_lane_arrive", status); err != nil {
		at.queue.strike(tag)
		return nil, err
	}
	return a, nil
}

// Done is closed when the arrival has ended.
func (a *Arrival) Done() <-chan struct{} { return a.done }

// Ending is how it ended, once Done is closed.
func (a *Arrival) Ending() Ending { return a.ending }

// Wait waits for the arrival's end as [Lane.Arrive] does.
func (a *Arrival) Wait(ctx context.Context) (*Decision, error) {
	select {
	case <-a.done:
	case <-ctx.Done():
		a.Retract()
		<-a.done
		if a.ending.Outcome == Cancelled {
			return nil, ctx.Err()
		}
	}
	return a.ending.Decision, a.ending.Err()
}

// Retract takes the arrival back. [ErrDecided] is too late: the decision counts. Either way it ends.
func (a *Arrival) Retract() error {
	a.at.queue.mu.Lock() // it does not end, and its lane come again, between the question and the call
	defer a.at.queue.mu.Unlock()
	if a.over {
		return refused("weir_lane_retract", C.WEIR_E_DECIDED)
	}
	return a.lane.Retract(a.at)
}

func (a *Arrival) drained(uint32, Outcome) { a.over = true }

func (a *Arrival) ended(_ uint32, event *C.weir_event) {
	a.ending = a.at.ending(event)
	close(a.done)
}

func (q *Queue) enrol(who waiter) C.uint64_t {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting.put(who, 0)
}

func (q *Queue) strike(tag C.uint64_t) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting.take(tag)
}
