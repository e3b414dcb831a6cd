// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

import (
	"context"
	"sync/atomic"
)

// Batch is many lanes that have reached one barrier together: a few calls into C, and no goroutine.
type Batch struct {
	lanes   []C.weir_lane // those that were accepted
	at      *Barrier
	left    atomic.Int64 // of those that were accepted, or may be yet
	done    chan struct{}
	endings []Ending // guarded by at.queue.mu until done
}

const most = 1024 // lanes a call: their tags lie on the stack

// ArriveAll lets lanes arrive, without values or timeouts. With an error those before the one that it is
// about have arrived, and the batch is of them.
func (b *Barrier) ArriveAll(lanes []Lane) (*Batch, error) {
	all := &Batch{at: b, done: make(chan struct{}), endings: make([]Ending, len(lanes))}
	all.lanes = make([]C.weir_lane, len(lanes))
	for i, lane := range lanes {
		all.lanes[i] = lane.handle
	}
	all.left.Store(int64(len(lanes)) + 1) // one for this function
	accepted, err := 0, error(nil)
	for accepted < len(lanes) && err == nil {
		var some int
		some, err = all.arrive(accepted)
		accepted += some
	}
	all.lanes = all.lanes[:accepted]
	all.less(int64(len(lanes)-accepted) + 1)
	return all, err
}

// arrive lets the next lanes arrive, and says how many were accepted.
func (a *Batch) arrive(first int) (int, error) {
	var tags [most]C.uint64_t
	lanes := a.lanes[first:]
	if len(lanes) > most {
		lanes = lanes[:most]
	}
	q := a.at.queue
	q.mu.Lock()
	for i := range lanes {
		tags[i] = q.waiting.put(a, uint32(first+i))
	}
	q.mu.Unlock()
	var accepted C.uint32_t
	status := C.weir_lanes_arrive(&lanes[0], &tags[0], C.uint32_t(len(lanes)), a.at.handle, &accepted)
	if status != C.WEIR_OK {
		q.mu.Lock()
		for i := int(accepted); i < len(lanes); i++ {
			q.waiting.take(tags[i])
		}
		q.mu.Unlock()
	}
	return int(accepted), refused("weir_lanes_arrive", status)
}

// Done is closed when all arrivals have ended.
func (a *Batch) Done() <-chan struct{} { return a.done }

// Wait waits until all arrivals have ended, and tells of each how, in the order of the lanes. When ctx
// ends before, those that still wait are taken back; the error is ctx's when one was.
func (a *Batch) Wait(ctx context.Context) ([]Ending, error) {
	select {
	case <-a.done:
		return a.endings[:len(a.lanes)], nil
	case <-ctx.Done():
	}
	var err error
	if a.retract() {
		err = ctx.Err()
	}
	<-a.done
	return a.endings[:len(a.lanes)], err
}

// retract takes back who waits, and says whether anyone did.
func (a *Batch) retract() (taken bool) {
	a.at.queue.mu.Lock() // none ends, and its lane comes again, between the question and the call
	defer a.at.queue.mu.Unlock()
	for i, lane := range a.lanes {
		if a.endings[i].Outcome == 0 && C.weir_lane_retract(lane, a.at.handle) == C.WEIR_OK {
			taken = true
		}
	}
	return taken
}

func (a *Batch) drained(index uint32, outcome Outcome) { a.endings[index].Outcome = outcome }

func (a *Batch) ended(index uint32, event *C.weir_event) {
	a.endings[index] = a.at.ending(event)
	a.less(1)
}

func (a *Batch) less(by int64) {
	if a.left.Add(-by) == 0 {
		close(a.done)
	}
}
