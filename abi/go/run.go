// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status run_start(weir_runtime runtime, weir_plan plan, weir_queue queue, uint32_t flags,
                             uint64_t tag, int64_t grace_ns, int64_t heartbeat_ns, _GoString_ id,
                             _GoString_ simulation, weir_run *run, weir_error *error) {
    weir_run_options o = {.struct_size = sizeof o, .flags = flags, .tag = tag, .grace_ns = grace_ns};
    o.heartbeat_ns = heartbeat_ns;
    o.id = _GoStringLen(id) != 0 ? _GoStringPtr(id) : NULL;
    o.id_length = LENGTH(id);
    o.simulation = _GoStringLen(simulation) != 0 ? _GoStringPtr(simulation) : NULL;
    o.simulation_length = LENGTH(simulation);
    return weir_run_start(runtime, plan, queue, &o, run, error);
}

static weir_status run_cancel(weir_run run, _GoString_ why) {
    return weir_run_cancel(run, _GoStringPtr(why), LENGTH(why));
}
*/
import "C"

import (
	"context"
	"time"
)

// RunOptions says what a run does with its steps.
type RunOptions struct {
	Steps      Handler       // carries out steps; nil: each fails
	Observe    func(Event)   // sees every event, in order, on the queue's goroutine
	Grace      time.Duration // between a graceful and a hard cancel of a step; 0: 10 s
	Heartbeat  time.Duration // a step silent for so long times out, see [Step.Progress]; 0: none does
	ID         string        // of the run in [Event].JSON; empty: the pipeline's identifier
	Tag        uint64        // echoed in every event
	Simulate   bool          // no step is carried out: each takes its time and ends as told
	Simulation any           // durations and outcomes by path, as JSON: docs/simulate.md

	SlotsRelease bool // as [LoadOptions.SlotsRelease], of this run only

	// Intervene says what is to be done about a failure for which the document wants a person: "retry",
	// "ignore" and so on, as weir_run_intervene has them. With "", an error, or what cannot be done, nobody will
	// answer, and what the document says for that is done. It is called on a goroutine of its own; ctx ends when
	// it is not wanted any more. nil: [Run.Intervene] answers, or time.
	Intervene func(ctx context.Context, wanted Intervention) (action string, err error)
}

// Run is one walk through a plan.
type Run struct {
	handle  C.weir_run
	context context.Context
	options RunOptions
	steps   map[C.weir_step]*underway     // of the queue's goroutine
	asked   map[string]context.CancelFunc // interventions by path; of the queue's goroutine
	orders  orders
	done    chan struct{}
	outcome Outcome
}

// Start starts a run, whose events go to q. When ctx ends, the run is cancelled; handlers find the
// values of ctx in theirs. The run ends by itself and needs no closing.
func (r *Runtime) Start(ctx context.Context, q *Queue, plan *Plan, o RunOptions) (*Run, error) {
	simulation, err := encoded(o.Simulation)
	if err != nil {
		return nil, err
	}
	var flags C.uint32_t
	if o.Simulate {
		flags |= C.WEIR_RUN_SIMULATE
	}
	if o.SlotsRelease {
		flags |= C.WEIR_RUN_SLOTS_RELEASE
	}
	run := &Run{context: ctx, options: o, done: make(chan struct{})}
	run.steps, run.asked = map[C.weir_step]*underway{}, map[string]context.CancelFunc{}
	told := newError()
	q.mu.Lock() // its first event finds it
	status := C.run_start(r.handle, plan.handle, q.handle, flags, C.uint64_t(o.Tag), C.int64_t(o.Grace),
		C.int64_t(o.Heartbeat), o.ID, simulation, &run.handle, told)
	if status == C.WEIR_OK {
		q.runs[run.handle] = run
	}
	q.mu.Unlock()
	if err := refusedWith("weir_run_start", status, told); err != nil {
		return nil, err
	}
	if ctx.Done() != nil {
		go run.watch()
	}
	return run, nil
}

// watch cancels the run when its context ends first.
func (r *Run) watch() {
	select {
	case <-r.context.Done():
		r.Cancel(r.context.Err().Error())
	case <-r.done:
	}
}

// Done is closed when the run has finished and all of it has been told.
func (r *Run) Done() <-chan struct{} { return r.done }

// Wait waits for the run's end and gives its outcome. When ctx ends first, it gives that one's error and
// the run goes on.
func (r *Run) Wait(ctx context.Context) (Outcome, error) {
	select {
	case <-r.done:
	case <-ctx.Done():
		select {
		case <-r.done: // that one's end counts more
		default:
			return 0, ctx.Err()
		}
	}
	return r.outcome, nil
}

// Cancel cancels the run: nothing further starts, and steps under way are asked to end. The run finishes
// once each has returned, or its grace is over. Of a finished run it is [ErrStale].
func (r *Run) Cancel(why string) error {
	return refused("weir_run_cancel", C.run_cancel(r.handle, words(why)))
}

func (r *Run) tell(event *C.weir_event) {
	if r.options.Observe != nil {
		r.options.Observe(newEvent(event))
	}
	switch event.kind {
	case C.WEIR_EVENT_STEP_STARTED:
		r.begin(event)
	case C.WEIR_EVENT_STEP_CANCEL:
		r.steps[event.step].end(event.flags&C.WEIR_EVENT_HARD != 0)
	case C.WEIR_EVENT_STEP_FINISHED:
		r.steps[event.step].end(false)
		delete(r.steps, event.step)
	case C.WEIR_EVENT_INTERVENTION_WANTED:
		r.intervenes(event)
	case C.WEIR_EVENT_INTERVENTION_CLOSED:
		r.closed(stringOf(event.path, event.path_length))
	case C.WEIR_EVENT_CONTROL, C.WEIR_EVENT_SNAPSHOT:
		r.orders.answer(event)
	case C.WEIR_EVENT_RUN_FINISHED:
		for path := range r.asked {
			r.closed(path)
		}
		r.outcome = Outcome(event.outcome)
		close(r.done)
	}
}
