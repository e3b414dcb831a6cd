// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status declare(weir_scope scope, _GoString_ name, uint32_t flags, uint32_t parties,
                           uint32_t quorum, int64_t timeout_ns, uint64_t tag, weir_barrier *barrier,
                           weir_error *error) {
    weir_barrier_options o = {sizeof o, flags, parties, quorum, timeout_ns, tag};
    return weir_barrier_declare(scope, _GoStringPtr(name), LENGTH(name), &o, barrier,
                                error);
}

static weir_status find(weir_scope scope, _GoString_ name, weir_barrier *barrier) {
    return weir_barrier_find(scope, _GoStringPtr(name), LENGTH(name), barrier);
}
*/
import "C"

import (
	"context"
	"encoding/json"
	"time"
)

// BarrierOptions says for whom a barrier waits, and how long. The zero value waits for all lanes that
// were expected, without limit, once.
type BarrierOptions struct {
	Parties        uint32        // so many more will come, whoever they are; 0: only those expected
	Quorum         uint32        // so many arrivals release it; 0: all
	Timeout        time.Duration // from the first arrival of a generation; 0: none
	Cyclic         bool          // a release begins the next generation
	StragglersFail bool          // with a quorum: who comes later fails; else passes
	Tag            uint64

	// Complete, if any, is called before anybody goes on, on a goroutine of its own. An error breaks the
	// barrier for all. ctx ends when the barrier breaks meanwhile.
	Complete func(ctx context.Context, generation uint32) error
}

// Barrier is where lanes of its scope, and of those below, wait for each other.
type Barrier struct {
	handle   C.weir_barrier
	name     string
	queue    *Queue
	complete func(context.Context, uint32) error
	give     context.CancelFunc // of a completion under way; this and the next are the queue's goroutine's
	decision *Decision          // of the last generation that has one
}

// Declare declares a barrier. Unless it has Parties, it decides nothing before [Barrier.Open].
func (s *Scope) Declare(name string, o BarrierOptions) (*Barrier, error) {
	b := &Barrier{name: name, queue: s.queue, complete: o.Complete}
	told := newError()
	s.queue.mu.Lock() // its first event finds it
	defer s.queue.mu.Unlock()
	status := C.declare(s.handle, name, o.flags(), C.uint32_t(o.Parties), C.uint32_t(o.Quorum),
		C.int64_t(o.Timeout), C.uint64_t(o.Tag), &b.handle, told)
	if err := refusedWith("weir_barrier_declare", status, told); err != nil {
		return nil, err
	}
	s.queue.barriers[b.handle] = b
	s.barriers = append(s.barriers, b)
	return b, nil
}

func (o BarrierOptions) flags() (flags C.uint32_t) {
	if o.Cyclic {
		flags |= C.WEIR_BARRIER_CYCLIC
	}
	if o.StragglersFail {
		flags |= C.WEIR_BARRIER_STRAGGLERS_FAIL
	}
	if o.Complete != nil {
		flags |= C.WEIR_BARRIER_COMPLETES
	}
	return flags
}

// Find finds a barrier by name: in this scope, then in its parents.
func (s *Scope) Find(name string) (*Barrier, error) {
	var handle C.weir_barrier
	if err := refused("weir_barrier_find", C.find(s.handle, name, &handle)); err != nil {
		return nil, err
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if b := s.queue.barriers[handle]; b != nil {
		return b, nil
	}
	return nil, refused("weir_barrier_find", C.WEIR_E_STALE) // its scope has closed meanwhile
}

// Name is what the barrier was declared as.
func (b *Barrier) Name() string { return b.name }

// Open says that whoever is known from the start has been expected: from here on the barrier may decide.
func (b *Barrier) Open() error { return refused("weir_barrier_open", C.weir_barrier_open(b.handle)) }

// Reserve holds places for parties that are not known yet: until they are settled nobody is released.
func (b *Barrier) Reserve(places uint32) error {
	return refused("weir_barrier_reserve", C.weir_barrier_reserve(b.handle, C.uint32_t(places)))
}

// Settle gives up reserved places. Expect those who have become known before.
func (b *Barrier) Settle(places uint32) error {
	return refused("weir_barrier_settle", C.weir_barrier_settle(b.handle, C.uint32_t(places)))
}

// Release decides by hand, now, for all: they go on.
func (b *Barrier) Release() error {
	return refused("weir_barrier_release", C.weir_barrier_release(b.handle))
}

// Break decides by hand, now, for all: they fail.
func (b *Barrier) Break() error { return refused("weir_barrier_break", C.weir_barrier_break(b.handle)) }

// Describe tells where the barrier stands: who has arrived, who is missing.
func (b *Barrier) Describe() (json.RawMessage, error) {
	var written C.weir_text
	if err := refused("weir_barrier_describe", C.weir_barrier_describe(b.handle, &written)); err != nil {
		return nil, err
	}
	return json.RawMessage(text(written)), nil
}

func (b *Barrier) tell(event *C.weir_event) {
	switch event.kind {
	case C.WEIR_EVENT_BARRIER_COMPLETING:
		ctx, cancel := context.WithCancel(context.Background())
		b.give = cancel
		go b.finish(ctx, event.generation)
	case C.WEIR_EVENT_BARRIER_RELEASED, C.WEIR_EVENT_BARRIER_BROKEN, C.WEIR_EVENT_BARRIER_VOIDED:
		b.decision = newEvent(event).Decision()
		if b.give != nil {
			b.give()
			b.give = nil
		}
	}
}

// finish answers a completion. One that comes too late is nobody's concern.
func (b *Barrier) finish(ctx context.Context, generation C.uint32_t) {
	how := C.weir_outcome(C.WEIR_SUCCEEDED)
	if b.complete(ctx, uint32(generation)) != nil {
		how = C.WEIR_FAILED
	}
	C.weir_barrier_complete(b.handle, generation, how)
}
