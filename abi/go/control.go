// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status run_pause(weir_run run, _GoString_ why) {
    return weir_run_pause(run, _GoStringPtr(why), LENGTH(why));
}

static weir_status run_resume(weir_run run, _GoString_ why) {
    return weir_run_resume(run, _GoStringPtr(why), LENGTH(why));
}

static weir_status run_break(weir_run run, _GoString_ barrier, _GoString_ why) {
    return weir_run_break_barrier(run, _GoStringPtr(barrier), LENGTH(barrier),
                                  _GoStringPtr(why), LENGTH(why));
}

static weir_status run_release(weir_run run, _GoString_ barrier, _GoString_ why) {
    return weir_run_release_barrier(run, _GoStringPtr(barrier), LENGTH(barrier),
                                    _GoStringPtr(why), LENGTH(why));
}

static weir_status run_set_concurrency(weir_run run, _GoString_ path, uint32_t concurrency) {
    return weir_run_set_concurrency(run, _GoStringPtr(path), LENGTH(path),
                                    concurrency);
}

static weir_status run_intervene(weir_run run, _GoString_ path, uint32_t attempt, _GoString_ action,
                                 _GoString_ why) {
    return weir_run_intervene(run, _GoStringPtr(path), LENGTH(path), attempt,
                              _GoStringPtr(action), LENGTH(action),
                              _GoStringPtr(why), LENGTH(why));
}
*/
import "C"

import (
	"context"
	"encoding/json"
	"sync"
)

// ControlError is an order to a run that came to nothing.
type ControlError struct {
	Action string // "pause", "resume", "break", "release", "set_concurrency", "intervene" or "snapshot"
	Target string // the barrier or the loop, if it is about one
	Text   string // why, in the library's words
}

func (e *ControlError) Error() string {
	if e.Target == "" {
		return e.Action + ": " + e.Text
	}
	return e.Action + " " + e.Target + ": " + e.Text
}

// Pause lets nothing further start until [Run.Resume]; steps under way go on, and the timeouts of the
// run stand still.
//
// This and the orders below wait until the run has followed: a [*ControlError] says why it did not. When
// ctx ends first, the error is ctx's, and the order stands. Of a finished run they are [ErrStale].
func (r *Run) Pause(ctx context.Context, why string) error {
	return r.order(ctx, "weir_run_pause", "pause", "", func() C.weir_status {
		return C.run_pause(r.handle, words(why))
	})
}

// Resume lets a paused run go on.
func (r *Run) Resume(ctx context.Context, why string) error {
	return r.order(ctx, "weir_run_resume", "resume", "", func() C.weir_status {
		return C.run_resume(r.handle, words(why))
	})
}

// BreakBarrier breaks a barrier by hand; it is named by its identifier in the document.
func (r *Run) BreakBarrier(ctx context.Context, barrier, why string) error {
	return r.order(ctx, "weir_run_break_barrier", "break", barrier, func() C.weir_status {
		return C.run_break(r.handle, barrier, words(why))
	})
}

// ReleaseBarrier releases by hand who waits there, and lets the others pass.
func (r *Run) ReleaseBarrier(ctx context.Context, barrier, why string) error {
	return r.order(ctx, "weir_run_release_barrier", "release", barrier, func() C.weir_status {
		return C.run_release(r.handle, barrier, words(why))
	})
}

// SetConcurrency changes how many instances of the loop at `path`, which is under way, run at once; 0: no
// limit. Fewer than a barrier needs is refused.
func (r *Run) SetConcurrency(ctx context.Context, path string, concurrency uint32) error {
	return r.order(ctx, "weir_run_set_concurrency", "set_concurrency", path, func() C.weir_status {
		return C.run_set_concurrency(r.handle, path, C.uint32_t(concurrency))
	})
}

// Intervene answers an intervention that is wanted at `path`: "retry", "ignore" and so on, as
// weir_run_intervene has them. The attempt is the event's; 0: whichever is open. An answer that comes too
// late is refused.
func (r *Run) Intervene(ctx context.Context, path, action string, attempt uint32, why string) error {
	return r.order(ctx, "weir_run_intervene", "intervene", path, func() C.weir_status {
		return C.run_intervene(r.handle, path, C.uint32_t(attempt), action, words(why))
	})
}

// Snapshot gives a picture of the run: what is under way and what each waits for, as docs/events.md has it.
func (r *Run) Snapshot(ctx context.Context) (json.RawMessage, error) {
	return r.ask(ctx, order{call: "weir_run_snapshot", action: "snapshot"}, func() C.weir_status {
		return C.weir_run_snapshot(r.handle, 0)
	})
}

// orders are those that a run has accepted and not answered, oldest first.
type orders struct {
	mu  sync.Mutex
	all []order
}

type order struct {
	call, action, target string
	answered             chan answerOfRun
}

type answerOfRun struct {
	picture json.RawMessage // a snapshot's
	err     error
}

func (r *Run) order(ctx context.Context, call, action, target string, give func() C.weir_status) error {
	_, err := r.ask(ctx, order{call: call, action: action, target: target}, give)
	return err
}

// ask gives an order, and waits for the event that answers it.
func (r *Run) ask(ctx context.Context, o order, give func() C.weir_status) (json.RawMessage, error) {
	o.answered = make(chan answerOfRun, 1)
	if err := r.orders.give(o, give); err != nil {
		return nil, err
	}
	select {
	case answer := <-o.answered:
		return answer.picture, answer.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// give holds the lock during the call: the answer finds the order, and equal ones are in the run's order.
func (s *orders) give(o order, give func() C.weir_status) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := refused(o.call, give()); err != nil {
		return err
	}
	s.all = append(s.all, o)
	return nil
}

// answer ends the oldest order that an event is about. Of a cancel nobody waits for it. A snapshot that comes
// when all has ended is answered as other orders are, without its tag: so its place says whose it is.
func (s *orders) answer(event *C.weir_event) {
	input := bytesOf(event.input, event.input_length)
	if event.kind == C.WEIR_EVENT_SNAPSHOT {
		s.end("snapshot", "", answerOfRun{picture: input})
		return
	}
	var told struct{ Action, Target, Message string }
	json.Unmarshal(input, &told) // the library's own: it is well formed
	var err error
	if event.outcome != C.WEIR_SUCCEEDED {
		err = &ControlError{told.Action, told.Target, told.Message}
	}
	s.end(told.Action, told.Target, answerOfRun{err: err})
}

func (s *orders) end(action, target string, with answerOfRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, each := range s.all {
		if each.action == action && each.target == target {
			s.all = append(s.all[:i], s.all[i+1:]...)
			each.answered <- with
			return
		}
	}
}
