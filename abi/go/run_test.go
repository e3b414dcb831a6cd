// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"weir.example/weir"
)

// One stage of two steps; the second has what the first handed over.
const pipeline = `
pipeline:
  name: Small
  identifier: small
  stages:
    - stage:
        name: Build
        identifier: build
        type: Custom
        spec:
          execution:
            steps:
              - step:
                  type: First
                  name: One
                  identifier: one
                  timeout: 5m
                  spec: {kind: fast}
              - step:
                  type: Second
                  name: Two
                  identifier: two
                  spec:
                    image: <+execution.steps.one.output.outputVariables.image>
`

// A walk is a run and what it told.
type walk struct {
	*testHost
	run   *weir.Run
	mu    sync.Mutex
	nodes map[string]weir.Outcome
	seq   uint64
}

func (w *walk) observe(e weir.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seq++; e.Seq != w.seq {
		w.Errorf("event %d came as %d", e.Seq, w.seq)
	}
	if e.Kind == weir.EventNodeFinished {
		w.nodes[e.Path] = e.Outcome
	}
}

func start(ctx context.Context, h *testHost, o weir.RunOptions) *walk {
	return startOf(ctx, pipeline, h, o)
}

func startOf(ctx context.Context, document string, h *testHost, o weir.RunOptions) *walk {
	w := &walk{testHost: h, nodes: map[string]weir.Outcome{}}
	o.Observe = w.observe
	plan := must(weir.Load([]byte(document), weir.LoadOptions{File: "small.yaml"}))
	defer plan.Close()
	w.run = must(h.runtime.Start(ctx, h.queue, plan, o))
	return w
}

// ends wants the run's outcome, and those of some nodes.
func (w *walk) ends(want weir.Outcome, nodes map[string]weir.Outcome) {
	w.Helper()
	equal(w.T, must(w.run.Wait(background)), want)
	for path, outcome := range nodes {
		if w.nodes[path] != outcome {
			w.Errorf("%s: %v, not %v", path, w.nodes[path], outcome)
		}
	}
	is(w.T, w.run.Cancel("late"), weir.ErrStale)
}

type key struct{}

func TestStepsAreCarriedOutByFunctions(t *testing.T) {
	ctx := context.WithValue(background, key{}, "v")
	var second weir.Step
	w := start(ctx, host(t), weir.RunOptions{Steps: weir.ByType{
		"First": func(ctx context.Context, step weir.Step) (any, error) {
			equal(t, ctx.Value(key{}).(string), "v")
			equal(t, step.ID, "one")
			equal(t, step.Path, "build/one")
			equal(t, step.Attempt, 1)
			equal(t, step.Timeout, 5*time.Minute)
			equal(t, string(step.Spec), `{"kind":"fast"}`)
			return map[string]string{"image": "app:1"}, nil
		},
		"Second": func(_ context.Context, step weir.Step) (any, error) {
			second = step
			return nil, nil
		},
	}.Handle})
	w.ends(weir.Succeeded, map[string]weir.Outcome{"build/one": weir.Succeeded, "build/two": weir.Succeeded})
	equal(t, string(second.Spec), `{"image":"app:1"}`)
}

func TestWhatAHandlerReturnsIsTheStepsOutcome(t *testing.T) {
	for name, given := range map[string]struct {
		handler weir.Handler
		want    weir.Outcome
	}{
		"nothing":          {func(context.Context, weir.Step) (any, error) { return nil, nil }, weir.Succeeded},
		"an error":         {func(context.Context, weir.Step) (any, error) { return nil, errors.New("\xff\x00") }, weir.Failed},
		"a skip":           {func(context.Context, weir.Step) (any, error) { return nil, weir.ErrSkip }, weir.Skipped},
		"no object":        {func(context.Context, weir.Step) (any, error) { return 5, nil }, weir.Failed},
		"nothing JSON has": {func(context.Context, weir.Step) (any, error) { return make(chan int), nil }, weir.Failed},
		"never":            {func(context.Context, weir.Step) (any, error) { runtime.Goexit(); return nil, nil }, weir.Failed},
		"none":             {nil, weir.Failed},
	} {
		given := given
		t.Run(name, func(t *testing.T) {
			w := start(background, host(t), weir.RunOptions{Steps: given.handler})
			must(w.run.Wait(background))
			equal(t, w.nodes["build/one"], given.want)
		})
	}
}

// untilCancelled waits for the end of its context, and says so when it has begun to.
func untilCancelled(begun chan<- weir.Step) weir.Handler {
	return func(ctx context.Context, step weir.Step) (any, error) {
		begun <- step
		<-ctx.Done()
		return nil, ctx.Err()
	}
}

func TestCancellingARunEndsItsStepsContexts(t *testing.T) {
	begun := make(chan weir.Step, 1)
	w := start(background, host(t), weir.RunOptions{Steps: untilCancelled(begun)})
	<-begun
	w.ok(w.run.Cancel("enough \xff"))
	w.ends(weir.Cancelled, map[string]weir.Outcome{"build/one": weir.Cancelled})
}

func TestTheStartsContextCancelsTheRun(t *testing.T) {
	begun := make(chan weir.Step, 1)
	ctx, cancel := context.WithCancel(background)
	w := start(ctx, host(t), weir.RunOptions{Steps: untilCancelled(begun)})
	<-begun
	cancel()
	w.ends(weir.Cancelled, map[string]weir.Outcome{"build/one": weir.Cancelled})
}

func TestWaitingEndsWithItsContextAndTheRunGoesOn(t *testing.T) {
	begun := make(chan weir.Step, 1)
	w := start(background, host(t), weir.RunOptions{Steps: untilCancelled(begun)})
	<-begun
	ctx, cancel := context.WithCancel(background)
	cancel()
	_, err := w.run.Wait(ctx)
	is(t, err, context.Canceled)
	is(t, w.queue.Close(), weir.ErrBusy)
	w.ok(w.run.Cancel(""))
	w.ends(weir.Cancelled, nil)
	for i := 0; i < 50; i++ {
		equal(t, must(w.run.Wait(ctx)), weir.Cancelled)
	}
}

func TestAHardCancelIsTold(t *testing.T) {
	begun := make(chan weir.Step, 1)
	w := start(background, host(t), weir.RunOptions{
		Grace: time.Millisecond,
		Steps: func(_ context.Context, step weir.Step) (any, error) {
			begun <- step
			<-step.Hard
			return nil, errors.New("killed")
		},
	})
	<-begun
	w.ok(w.run.Cancel("enough"))
	w.ends(weir.Cancelled, nil)
}

func TestTheLibraryKeepsAStepsTime(t *testing.T) {
	begun := make(chan weir.Step, 1)
	w := startOf(background, strings.Replace(pipeline, "5m", "10ms", 1), host(t), weir.RunOptions{Steps: untilCancelled(begun)})
	w.ends(weir.TimedOut, map[string]weir.Outcome{"build/one": weir.TimedOut})
}

func TestASimulatedRunAsksForNoStep(t *testing.T) {
	w := start(background, virtualHost(t), weir.RunOptions{
		Simulate:   true,
		Simulation: map[string]any{"steps": map[string]any{"build/two": map[string]any{"outcome": "failed"}}},
	})
	w.ends(weir.Failed, map[string]weir.Outcome{"build/one": weir.Succeeded, "build/two": weir.Failed})
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{}))
	defer plan.Close()
	_, err := w.runtime.Start(background, w.queue, plan, weir.RunOptions{Simulate: true, Simulation: 5})
	is(t, err, weir.ErrNotJSON)
}

func TestAPolledRuntimeWorksOnTheCallersGoroutine(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{Polled: true})
	t.Cleanup(h.close)
	w := start(background, h, weir.RunOptions{
		Simulate: true,
		Simulation: map[string]any{
			"default_ms": 1,
			"steps":      map[string]any{"build/one": map[string]any{"outputs": map[string]any{"image": "app:1"}}},
		},
	})
	for polling := true; polling; {
		select {
		case <-w.run.Done():
			polling = false
		default:
			must(h.runtime.Poll(0))
		}
	}
	w.ends(weir.Succeeded, nil)
	next, err := h.runtime.Poll(0)
	h.ok(err)
	if next >= 0 {
		t.Errorf("a timer in %v", next)
	}
	_, err = host(t).runtime.Poll(0)
	is(t, err, weir.ErrBadState)
}

func TestEventsComeAsJSONWhenAsked(t *testing.T) {
	h := host(t)
	queue := must(weir.NewQueue(weir.QueueOptions{JSON: true}))
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{}))
	var lines []string
	run := must(h.runtime.Start(background, queue, plan, weir.RunOptions{
		ID: "first", Tag: 7, Simulate: true, Simulation: map[string]any{"default_ms": 0},
		Observe: func(e weir.Event) {
			equal(t, e.Tag, 7)
			lines = append(lines, string(e.JSON))
		},
	}))
	must(run.Wait(background))
	if !strings.Contains(lines[0], `"run":"first"`) || !strings.Contains(lines[0], `"type":"run.started"`) {
		t.Error(lines[0])
	}
	h.ok(queue.Close())
	h.ok(plan.Close())
	_, err := h.runtime.Start(background, queue, plan, weir.RunOptions{})
	is(t, err, weir.ErrStale)
	_, err = h.runtime.OpenScope(queue, weir.ScopeOptions{})
	is(t, err, weir.ErrStale)
}
