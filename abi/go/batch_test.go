// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"sync"
	"testing"

	"weir.example/weir"
)

const many = 10_000

func TestManyLanesArriveTogether(t *testing.T) {
	h := host(t)
	lanes := h.lanes(many)
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{Parties: many, Cyclic: true}))
	for generation := uint32(1); generation <= 5; generation++ {
		ends := must(must(gate.ArriveAll(lanes)).Wait(background))
		equal(t, len(ends), many)
		for _, end := range ends {
			if end.Outcome != weir.Succeeded || end.Generation != generation {
				t.Fatal(end)
			}
		}
	}
	equal(t, len(h.told(weir.EventBarrierDone)), 5*many)
}

func TestManyGoroutinesWaitOnFewThreads(t *testing.T) {
	h := host(t)
	lanes := h.lanes(many)
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{Parties: many}))
	before := entries("/proc/self/task")
	var all sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for i := range lanes {
		lane := lanes[i]
		all.Add(1)
		go func() {
			defer all.Done()
			if _, err := lane.Arrive(background, gate); err != nil {
				t.Error(err)
			}
			mu.Lock()
			passed++
			mu.Unlock()
		}()
	}
	all.Wait()
	equal(t, passed, many)
	if more := entries("/proc/self/task") - before; more > 50 {
		t.Errorf("%d threads more for %d who wait", more, many)
	}
}

func TestABatchIsTakenBackByItsContext(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3000)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	batch := must(gate.ArriveAll(lanes[1:]))
	ctx, cancel := context.WithCancel(background)
	cancel()
	ends, err := batch.Wait(ctx)
	is(t, err, context.Canceled)
	for _, end := range ends {
		is(t, end.Err(), weir.ErrTakenBack)
	}
	ends, err = must(gate.ArriveAll(lanes)).Wait(ctx) // all have come: the decision was faster
	h.ok(err)
	equal(t, len(ends), len(lanes))
	for _, end := range ends {
		h.ok(end.Err())
	}
}

func TestABatchStopsAtTheFirstThatIsRefused(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2000)
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{Parties: 2000}))
	h.ok(lanes[1500].Finish(weir.Succeeded))
	batch, err := gate.ArriveAll(lanes)
	is(t, err, weir.ErrStale)
	h.ok(gate.Release())
	equal(t, len(must(batch.Wait(background))), 1500)
	nobody, err := gate.ArriveAll(nil)
	h.ok(err)
	equal(t, len(must(nobody.Wait(background))), 0)
}
