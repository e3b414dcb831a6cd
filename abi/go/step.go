// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status step_finish(weir_step step, weir_outcome outcome, _GoString_ outputs,
                               _GoString_ message) {
    return weir_step_finish(step, outcome, _GoStringPtr(outputs), LENGTH(outputs),
                            _GoStringPtr(message), LENGTH(message));
}

static weir_status step_progress(weir_step step, _GoString_ progress) {
    return weir_step_progress(step, _GoStringPtr(progress), LENGTH(progress));
}
*/
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Step is what a handler is to carry out: docs/steps.md.
type Step struct {
	Type    string          `json:"type"`
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Path    string          `json:"path"` // unique in the run
	Attempt int             `json:"attempt"`
	Spec    json.RawMessage `json:"spec"` // the document's, with its expressions resolved
	Timeout time.Duration   `json:"-"`    // the library keeps it; 0: none
	Input   json.RawMessage `json:"-"`    // all that was said about the step

	// Hard is closed when the time for a graceful end is over: what is not answered soon counts no more.
	Hard <-chan struct{} `json:"-"`

	handle C.weir_step
}

// Progress says that the step is alive, for [RunOptions].Heartbeat. What is given, something that
// encoding/json writes as an object, is told as [EventStepProgress]; nil is not told. Once the time for an
// answer is over, it is [ErrStale].
func (s Step) Progress(progress any) error {
	written, err := encoded(progress)
	if err != nil {
		return err
	}
	return refused("weir_step_progress", C.step_progress(s.handle, written))
}

// Handler carries out a step, on a goroutine of its own. ctx ends when the step is to end: it was
// cancelled, or its time is over.
//
// No error is success, and then outputs, nil or something that encoding/json writes as an object, are
// what later expressions find. [ErrSkip] skips the step. Any other error fails it, or, once ctx has
// ended, says that it was cancelled.
type Handler func(ctx context.Context, step Step) (outputs any, err error)

// ErrSkip is returned by a handler for a step that need not be carried out.
var ErrSkip = errors.New("skipped")

// ByType is a handler for each type of step.
type ByType map[string]Handler

// Handle hands the step to its type's handler; one of a type without any fails.
func (b ByType) Handle(ctx context.Context, step Step) (any, error) {
	if handle := b[step.Type]; handle != nil {
		return handle(ctx, step)
	}
	return nil, fmt.Errorf("no handler for steps of type %q", step.Type)
}

// underway is a step that a handler is carrying out. Nil is none.
type underway struct {
	cancel context.CancelFunc
	hard   chan struct{} // nil when it was closed
}

func (u *underway) end(hard bool) {
	if u == nil {
		return
	}
	u.cancel()
	if hard && u.hard != nil {
		close(u.hard)
		u.hard = nil
	}
}

// begin starts a handler. Its context has the values of the run's, but ends by the library's word alone:
// a run that is cancelled asks its steps to end, in its own order.
func (r *Run) begin(event *C.weir_event) {
	ctx, cancel := context.WithCancel(valuesOf{r.context})
	hard := make(chan struct{})
	r.steps[event.step] = &underway{cancel, hard}
	go r.carryOut(ctx, event.step, bytesOf(event.input, event.input_length), hard)
}

type valuesOf struct{ context.Context }

func (valuesOf) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }
func (valuesOf) Done() <-chan struct{}                   { return nil }
func (valuesOf) Err() error                              { return nil }

func (r *Run) carryOut(ctx context.Context, step C.weir_step, input []byte, hard <-chan struct{}) {
	outputs, err := "", errors.New("the handler ended its goroutine")
	defer func() { answer(ctx, step, outputs, err) }()
	outputs, err = r.attempt(ctx, step, input, hard)
}

func (r *Run) attempt(ctx context.Context, of C.weir_step, input []byte, hard <-chan struct{}) (string, error) {
	step, err := readStep(input)
	if err != nil {
		return "", err
	}
	step.Hard, step.handle = hard, of
	handle := r.options.Steps
	if handle == nil {
		handle = ByType{}.Handle
	}
	outputs, err := handle(ctx, step)
	if err != nil {
		return "", err
	}
	return encoded(outputs)
}

// answer finishes the step. An answer that comes too late is nobody's concern; outputs that the library
// does not take fail the step.
func answer(ctx context.Context, step C.weir_step, outputs string, err error) {
	if err == nil {
		status := C.step_finish(step, C.WEIR_SUCCEEDED, outputs, "")
		if status != C.WEIR_E_NOT_JSON && status != C.WEIR_E_NOT_UTF8 {
			return
		}
		err = fmt.Errorf("outputs: %w", Status(status))
	}
	C.step_finish(step, C.weir_outcome(outcomeOf(ctx, err)), "", words(err.Error()))
}

func outcomeOf(ctx context.Context, err error) Outcome {
	switch {
	case errors.Is(err, ErrSkip):
		return Skipped
	case ctx.Err() != nil:
		return Cancelled
	default:
		return Failed
	}
}

func readStep(input []byte) (Step, error) {
	read := struct {
		Step
		TimeoutMS int64 `json:"timeout_ms"`
	}{}
	err := json.Unmarshal(input, &read)
	read.Step.Input = input
	read.Step.Timeout = time.Duration(read.TimeoutMS) * time.Millisecond
	return read.Step, err
}
