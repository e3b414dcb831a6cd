// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"weir.example/weir"
)

func TestLanesThatAreExpectedGoOnTogether(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	first, second := h.begin(lanes[0], gate), h.begin(lanes[1], gate)
	select {
	case <-first.Done():
		t.Fatal("it did not wait")
	default:
	}
	decision, err := lanes[2].Arrive(background, gate)
	h.ok(err)
	equal(t, decision.Kind, weir.EventBarrierReleased)
	equal(t, decision.Arrived, 3)
	equal(t, decision.Barrier, "gate")
	for _, arrival := range []*weir.Arrival{first, second} {
		same, err := arrival.Wait(background)
		h.ok(err)
		equal(t, same, decision)
		equal(t, arrival.Ending().Generation, 1)
	}
}

func TestALaneThatFailsIsNamedToThoseWhoWaited(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	waits := h.begin(lanes[0], gate)
	h.ok(lanes[1].Finish(weir.Failed))
	_, err := waits.Wait(background)
	var broken *weir.BrokenError
	if !errors.As(err, &broken) {
		t.Fatal(err)
	}
	equal(t, broken.Culprit, "build/1")
	equal(t, broken.Reason, weir.ReasonFailed)
	equal(t, err.Error(), `barrier "gate" broke: build/1: failed`)
}

func TestValuesAreHandedToAll(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	first := must(lanes[0].Begin(gate, weir.ArriveOptions{Value: map[string]int{"size": 7}}))
	decision, err := lanes[1].ArriveWith(background, gate, weir.ArriveOptions{Value: "x"})
	h.ok(err)
	equal(t, string(decision.Values["build/0"]), `{"size":7}`)
	equal(t, string(decision.Values["build/1"]), `"x"`)
	<-first.Done()
	_, err = lanes[0].Begin(gate, weir.ArriveOptions{Value: make(chan int)})
	if err == nil {
		t.Error("a channel is no value")
	}
}

func TestAnArrivalIsCancelledByItsContext(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	ctx, cancel := context.WithCancel(background)
	ended := make(chan error)
	go func() {
		_, err := lanes[0].Arrive(ctx, gate)
		ended <- err
	}()
	for waiting(gate) == 0 {
		runtime.Gosched()
	}
	cancel()
	is(t, <-ended, context.Canceled)
	equal(t, waiting(gate), 0)
	_, err := lanes[0].Arrive(ctx, gate)
	is(t, err, context.Canceled)
	again := h.begin(lanes[0], gate) // it is expected again
	_, err = lanes[1].Arrive(background, gate)
	h.ok(err)
	_, err = again.Wait(ctx)
	h.ok(err) // the decision was faster
}

func TestCancellingAndArrivingAtOnceEndsEachArrivalOnce(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{Cyclic: true}, lanes...)
	cancelled := 0
	for round := uint32(1); round <= 2000; round++ {
		ctx, cancel := context.WithCancel(background)
		one := h.begin(lanes[0], gate)
		go cancel()
		go func() { h.begin(lanes[1], gate) }()
		decision, err := one.Wait(ctx)
		if err != nil {
			is(t, err, context.Canceled)
			cancelled++
			decision, err = lanes[0].Arrive(background, gate)
			h.ok(err)
		}
		equal(t, decision.Generation, round)
	}
	equal(t, len(h.told(weir.EventBarrierReleased)), 2000)
	t.Log(cancelled, "of 2000 were taken back")
}

func TestWhatATakenBackArrivalSays(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	retracted, withdrawn, finished := h.begin(lanes[0], gate), h.begin(lanes[1], gate), weir.Ending{}
	h.ok(retracted.Retract())
	h.ok(lanes[1].Withdraw(gate))
	for _, arrival := range []*weir.Arrival{retracted, withdrawn} {
		_, err := arrival.Wait(background)
		is(t, err, weir.ErrTakenBack)
	}
	is(t, retracted.Retract(), weir.ErrDecided)
	again := h.begin(lanes[0], gate)
	h.ok(lanes[0].Finish(weir.Succeeded))
	<-again.Done()
	finished = again.Ending()
	equal(t, finished.Outcome, weir.Cancelled)
	is(t, finished.Err(), weir.ErrTakenBack)
}

func TestPatienceIsOfTheRuntimesClock(t *testing.T) {
	h := virtualHost(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	_, err := lanes[0].ArriveWith(background, gate, weir.ArriveOptions{Timeout: 5 * time.Hour})
	var broken *weir.BrokenError
	if !errors.As(err, &broken) {
		t.Fatal(err)
	}
	equal(t, broken.Reason, weir.ReasonTimedOut)
	equal(t, broken.Culprit, "build/0")
	equal(t, broken.Missing[0], "build/1")
	equal(t, h.told(weir.EventBarrierBroken)[0].Time, 5*time.Hour)
}

func TestAQuorumDoesWithoutOneWhosePatienceEnds(t *testing.T) {
	h := virtualHost(t)
	lanes := h.lanes(3)
	gate := h.gate("gate", weir.BarrierOptions{Quorum: 2}, lanes...)
	_, err := lanes[0].ArriveWith(background, gate, weir.ArriveOptions{Timeout: time.Second})
	is(t, err, weir.ErrTimedOut)
	second := h.begin(lanes[1], gate)
	_, err = lanes[2].Arrive(background, gate)
	h.ok(err)
	_, err = second.Wait(background)
	h.ok(err)
}

func TestClosingTheScopeEndsWhoWaits(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	waits := h.begin(lanes[0], gate)
	h.ok(h.scope.Close())
	_, err := waits.Wait(background)
	var broken *weir.BrokenError
	if !errors.As(err, &broken) {
		t.Fatal(err)
	}
	closed := h.told(weir.EventScopeClosed)
	<-h.scope.Closed()
	closed = h.told(weir.EventScopeClosed)
	equal(t, closed[0].Tag, 4711)
	equal(t, closed[0].Path, "build")
}

// A lane may come again, by another goroutine, as soon as its event has been drained. Whoever came first and
// has not been told takes that back as little as one who has.
func TestAnArrivalThatHasBeenDrainedTakesNobodyElsesBack(t *testing.T) {
	drained, tell := make(chan struct{}), make(chan struct{})
	var once sync.Once
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	scope := must(h.runtime.OpenScope(h.queue, weir.ScopeOptions{Observe: func(event weir.Event) {
		if event.Kind == weir.EventBarrierDone {
			once.Do(func() { close(drained); <-tell })
		}
	}}))
	defer scope.Close()
	gate := must(scope.Declare("gate", weir.BarrierOptions{Parties: 3, Cyclic: true}))
	lanes := []weir.Lane{must(scope.OpenLane("a")), must(scope.OpenLane("b")), must(scope.OpenLane("c"))}
	begin := func(lane weir.Lane) *weir.Arrival { return must(lane.Begin(gate, weir.ArriveOptions{})) }

	first, batch, last := begin(lanes[0]), must(gate.ArriveAll(lanes[1:2])), begin(lanes[2])
	<-drained
	again, more := begin(lanes[0]), begin(lanes[1])
	is(t, first.Retract(), weir.ErrDecided)
	ended, end := context.WithCancel(context.Background())
	end()
	waited := make(chan error)
	go func() {
		_, err := batch.Wait(ended)
		waited <- err
	}()
	begin(lanes[2])
	close(tell)
	if err := <-waited; err != nil {
		t.Error(err) // nothing was taken back
	}
	for _, arrival := range []*weir.Arrival{first, last, again, more} {
		<-arrival.Done()
		equal(t, arrival.Ending().Outcome, weir.Succeeded)
	}
}
