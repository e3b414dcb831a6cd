// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"weir.example/weir"
)

// A task is a goroutine and a lane: others cancel it by its context, and wait until it is done.
type task struct {
	plannedTask
	lane    weir.Lane
	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}
	outcome weir.Outcome
	met     []meeting
}

// A meeting is how one arrival ended.
type meeting struct {
	barrier string
	weir.Ending
}

// run takes the steps in order. Its lane ends as it ends, before anybody is told.
func (t *task) run(d *day) {
	defer close(t.done)
	var err error
	for i := 0; i < len(t.Steps) && err == nil; i++ {
		err = t.do(d, t.Steps[i])
	}
	t.outcome = outcomeOf(err)
	if err := t.lane.Finish(t.outcome); err != nil {
		d.fail(err)
	}
}

func outcomeOf(err error) weir.Outcome {
	switch {
	case err == nil:
		return weir.Succeeded
	case errors.Is(err, context.Canceled):
		return weir.Cancelled
	default:
		return weir.Failed
	}
}

func (t *task) do(d *day, step plannedStep) error {
	switch step.Do {
	case "work":
		return work(t.ctx, step.MS)
	case "meet":
		return t.meet(d.barriers[step.At], step)
	case "fail":
		return errors.New(step.Why)
	case "cancel":
		d.tasks[step.Task].cancel()
		return d.tasks[step.Task].wait(t.ctx)
	case "join":
		return d.tasks[step.Task].wait(t.ctx)
	default:
		return fmt.Errorf("no step is called %q", step.Do)
	}
}

func (t *task) meet(at *weir.Barrier, step plannedStep) error {
	patience := time.Duration(step.TimeoutMS) * time.Millisecond
	for times := 0; times == 0 || times < step.Times; times++ {
		arrival, err := t.lane.Begin(at, weir.ArriveOptions{Value: step.Value, Timeout: patience})
		if err != nil {
			return err
		}
		_, err = arrival.Wait(t.ctx)
		t.met = append(t.met, meeting{at.Name(), arrival.Ending()})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *task) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func work(ctx context.Context, ms int) error {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
