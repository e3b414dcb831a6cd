// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"weir.example/weir"
)

// Two stages that meet at q; the one has a step before.
const meeting = `
pipeline:
  name: Meeting
  identifier: meeting
  flowControl: {barriers: [{name: q, identifier: q}]}
  stages:
    - parallel:
        - stage: {name: a, identifier: a, type: Custom, spec: {execution: {steps: [
            {step: {name: x, identifier: x, type: First, spec: {}}},
            {step: {name: m, identifier: m, type: Barrier, spec: {barrierRef: q}}}]}}}
        - stage: {name: b, identifier: b, type: Custom, spec: {execution: {steps: [
            {step: {name: m, identifier: m, type: Barrier, spec: {barrierRef: q}}}]}}}
`

const looped = `
pipeline:
  name: Looped
  identifier: looped
  stages:
    - stage: {name: a, identifier: a, type: Custom, strategy: {repeat: {times: 3, maxConcurrency: 1}},
        spec: {execution: {steps: [{step: {name: x, identifier: x, type: First, spec: {}}}]}}}
`

// detained carries steps out that say so when they have begun, and end when they are let go.
type detained struct {
	begun chan weir.Step
	let   chan struct{}
}

func newDetained() *detained { return &detained{make(chan weir.Step, 8), make(chan struct{})} }

func (h *detained) handle(ctx context.Context, step weir.Step) (any, error) {
	h.begun <- step
	select {
	case <-h.let:
		return map[string]string{"image": "app:1"}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func controlError(t *testing.T, err error) *weir.ControlError {
	t.Helper()
	var refused *weir.ControlError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	return refused
}

func TestAPausedRunStartsNothingUntilItIsResumed(t *testing.T) {
	steps := newDetained()
	w := start(background, host(t), weir.RunOptions{Steps: steps.handle})
	<-steps.begun
	w.ok(w.run.Pause(background, "lunch"))
	refused := controlError(t, w.run.Pause(background, "again"))
	equal(t, refused.Action, "pause")
	if !strings.HasPrefix(refused.Error(), "pause: ") {
		t.Error(refused)
	}
	var seen struct{ Paused bool }
	w.ok(json.Unmarshal(must(w.run.Snapshot(background)), &seen))
	equal(t, seen.Paused, true)
	close(steps.let)
	w.ok(w.run.Resume(background, ""))
	w.ends(weir.Succeeded, nil)
	is(t, w.run.Pause(background, "late"), weir.ErrStale)
	_, err := w.run.Snapshot(background)
	is(t, err, weir.ErrStale)
}

func TestASnapshotHasWhatIsUnderWay(t *testing.T) {
	steps := newDetained()
	w := startOf(background, meeting, host(t), weir.RunOptions{Steps: steps.handle})
	<-steps.begun
	var seen struct {
		Nodes []struct {
			Path     string
			WaitsFor string `json:"waits_for"`
		}
	}
	w.ok(json.Unmarshal(must(w.run.Snapshot(background)), &seen))
	waits := map[string]string{}
	for _, node := range seen.Nodes {
		waits[node.Path] = node.WaitsFor
	}
	equal(t, waits["a/x"], "step")
	close(steps.let)
	w.ends(weir.Succeeded, nil)
}

func TestABarrierOfARunIsDecidedByHand(t *testing.T) {
	for want, order := range map[weir.Outcome]func(*weir.Run) error{
		weir.Succeeded: func(r *weir.Run) error { return r.ReleaseBarrier(background, "q", "enough") },
		weir.Failed:    func(r *weir.Run) error { return r.BreakBarrier(background, "q", "enough") },
	} {
		steps := newDetained()
		w := startOf(background, meeting, host(t), weir.RunOptions{Steps: steps.handle})
		<-steps.begun
		refused := controlError(t, w.run.BreakBarrier(background, "none", ""))
		equal(t, refused.Target, "none")
		w.ok(order(w.run))
		close(steps.let)
		w.ends(want, map[string]weir.Outcome{"b/m": want})
	}
}

func TestALoopsConcurrencyIsChangedUnderWay(t *testing.T) {
	steps := newDetained()
	w := startOf(background, looped, host(t), weir.RunOptions{Steps: steps.handle})
	<-steps.begun
	w.ok(w.run.SetConcurrency(background, "a", 3))
	<-steps.begun
	<-steps.begun
	equal(t, controlError(t, w.run.SetConcurrency(background, "none", 3)).Target, "none")
	close(steps.let)
	w.ends(weir.Succeeded, nil)
}

func TestAnOrdersContextEndsTheWaitAlone(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{Polled: true}) // it answers when it is polled
	t.Cleanup(h.close)
	w := start(background, h, weir.RunOptions{})
	ctx, cancel := context.WithCancel(background)
	cancel()
	is(t, w.run.Pause(ctx, ""), context.Canceled)
	_, err := w.run.Snapshot(ctx)
	is(t, err, context.Canceled)
	w.ok(w.run.Cancel(""))
	for polling := true; polling; {
		select {
		case <-w.run.Done():
			polling = false
		default:
			must(h.runtime.Poll(0))
		}
	}
	w.ends(weir.Cancelled, nil)
}

func TestOrdersOfManyGoroutinesAreEachAnswered(t *testing.T) {
	steps := newDetained()
	w := start(background, host(t), weir.RunOptions{Steps: steps.handle})
	<-steps.begun
	var all sync.WaitGroup
	for i := 0; i < 8; i++ {
		i := i
		all.Add(1)
		go func() {
			defer all.Done()
			for k := 0; k < 50; k++ {
				name := fmt.Sprint("none", i)
				var refused *weir.ControlError
				if err := w.run.BreakBarrier(background, name, ""); !errors.As(err, &refused) || refused.Target != name {
					t.Error(err)
				}
				must(w.run.Snapshot(background))
			}
		}()
	}
	all.Wait()
	close(steps.let)
	w.ends(weir.Succeeded, nil)
}

func TestOrdersAtTheEndOfARunDoNotHang(t *testing.T) {
	h := host(t)
	for i := 0; i < 50; i++ {
		w := start(background, h, weir.RunOptions{Simulate: true, Simulation: map[string]any{"default_ms": 0}})
		for over := false; !over; {
			var refused *weir.ControlError
			if _, err := w.run.Snapshot(background); err != nil && !errors.As(err, &refused) {
				is(t, err, weir.ErrStale)
				over = true
			}
			if err := w.run.BreakBarrier(background, "none", ""); !errors.As(err, &refused) {
				is(t, err, weir.ErrStale)
			}
		}
		must(w.run.Wait(background))
	}
}

func TestProgressIsToldAndASilentStepTimesOut(t *testing.T) {
	var step weir.Step
	told := make(chan weir.Event, 8)
	h := host(t)
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{}))
	defer plan.Close()
	run := must(h.runtime.Start(background, h.queue, plan, weir.RunOptions{
		Heartbeat: 50 * time.Millisecond,
		Observe: func(e weir.Event) {
			if e.Kind == weir.EventStepProgress {
				told <- e
			}
		},
		Steps: func(ctx context.Context, s weir.Step) (any, error) {
			step = s
			h.ok(s.Progress(nil))
			h.ok(s.Progress(map[string]int{"done": 5}))
			is(t, s.Progress(5), weir.ErrNotJSON)
			<-ctx.Done() // silent from here on
			return nil, ctx.Err()
		},
	}))
	equal(t, must(run.Wait(background)), weir.TimedOut)
	event := <-told
	equal(t, event.Path, "build/one")
	if !strings.Contains(string(event.Input), `"done":5`) {
		t.Errorf("%s", event.Input)
	}
	equal(t, len(told), 0)
	is(t, step.Progress(nil), weir.ErrStale)
}

func TestARuntimeTellsWhatItHolds(t *testing.T) {
	h := host(t)
	held := must(h.runtime.Statistics())
	equal(t, held.Workers, 1)
	equal(t, held.Runs, 1)
	if held.Now <= 0 {
		t.Error(held.Now)
	}
	closed := must(weir.NewRuntime(weir.RuntimeOptions{Workers: 1}))
	h.ok(closed.Close())
	_, err := closed.Statistics()
	is(t, err, weir.ErrStale)
}
