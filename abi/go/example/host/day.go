// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"weir.example/weir"
)

// A day is a scenario that is being carried out.
type day struct {
	plan      scenario
	runtime   *weir.Runtime
	queue     *weir.Queue
	scope     *weir.Scope
	barriers  map[string]*weir.Barrier
	tasks     map[string]*task
	decisions map[string][]*weir.Decision // by barrier; the queue's goroutine's until the scope is closed
	nodes     map[string]weir.Outcome     // by path; likewise, until the run is over
	outcome   weir.Outcome

	once sync.Once
	err  error // the first thing that should not have gone wrong
}

func (d *day) fail(err error) { d.once.Do(func() { d.err = err }) }

// carryOut does the tasks, then the pipeline.
func carryOut(ctx context.Context, folder string) (*day, error) {
	plan, err := readScenario(folder)
	if err != nil {
		return nil, err
	}
	d := &day{
		plan:      plan,
		barriers:  map[string]*weir.Barrier{},
		tasks:     map[string]*task{},
		decisions: map[string][]*weir.Decision{},
		nodes:     map[string]weir.Outcome{},
	}
	if d.runtime, err = weir.NewRuntime(weir.RuntimeOptions{}); err != nil {
		return nil, err
	}
	defer d.runtime.Close()
	if d.queue, err = weir.NewQueue(weir.QueueOptions{}); err != nil {
		return nil, err
	}
	defer d.queue.Close()
	if err := d.doTasks(ctx); err != nil {
		return nil, err
	}
	return d, d.doPipeline(ctx, filepath.Join(folder, plan.Pipeline))
}

func (d *day) doTasks(ctx context.Context) (err error) {
	options := weir.ScopeOptions{Name: d.plan.Name, Observe: d.observe}
	if d.scope, err = d.runtime.OpenScope(d.queue, options); err != nil {
		return err
	}
	err = d.prepare(ctx)
	if err == nil {
		for _, t := range d.tasks {
			go t.run(d)
		}
		for _, t := range d.tasks {
			<-t.done
		}
		err = d.err
	}
	d.scope.Close()
	<-d.scope.Closed()
	return err
}

// prepare makes lanes and barriers: all are expected before the first starts.
func (d *day) prepare(ctx context.Context) (err error) {
	for _, b := range d.plan.Barriers {
		options := weir.BarrierOptions{Cyclic: b.Cyclic}
		if d.barriers[b.Name], err = d.scope.Declare(b.Name, options); err != nil {
			return err
		}
	}
	for _, planned := range d.plan.Tasks {
		if err := d.enlist(ctx, planned); err != nil {
			return err
		}
	}
	for _, b := range d.barriers {
		if err := b.Open(); err != nil {
			return err
		}
	}
	return nil
}

func (d *day) enlist(ctx context.Context, planned plannedTask) (err error) {
	t := &task{plannedTask: planned, done: make(chan struct{})}
	if t.lane, err = d.scope.OpenLane(planned.Name); err != nil {
		return err
	}
	for _, step := range planned.Steps {
		if step.At == "" {
			continue
		}
		if err := t.lane.Expect(d.barriers[step.At]); err != nil {
			return err
		}
	}
	t.ctx, t.cancel = context.WithCancel(ctx)
	d.tasks[planned.Name] = t
	return nil
}

func (d *day) observe(event weir.Event) {
	if decision := event.Decision(); decision != nil {
		d.decisions[decision.Barrier] = append(d.decisions[decision.Barrier], decision)
	}
	if event.Kind == weir.EventNodeFinished {
		d.nodes[event.Path] = event.Outcome
	}
}

func (d *day) doPipeline(ctx context.Context, file string) error {
	document, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	plan, err := weir.Load(document, weir.LoadOptions{File: file})
	if err != nil {
		return err
	}
	defer plan.Close()
	run, err := d.runtime.Start(ctx, d.queue, plan, weir.RunOptions{
		Steps:   weir.ByType{"Work": workStep, "Refuse": refuseStep}.Handle,
		Observe: d.observe,
	})
	if err != nil {
		return err
	}
	<-run.Done() // it ends with ctx
	d.outcome, err = run.Wait(ctx)
	return err
}
