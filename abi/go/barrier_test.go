// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"weir.example/weir"
)

// waiting says how many lanes the barrier says are waiting.
func waiting(gate *weir.Barrier) int {
	var said struct{ Waiting []string }
	if err := json.Unmarshal(must(gate.Describe()), &said); err != nil {
		panic(err)
	}
	return len(said.Waiting)
}

func TestABarrierIsDescribed(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{}, lanes...)
	h.begin(lanes[1], gate)
	var said struct {
		Barrier          string
		Waiting, Missing []string
	}
	h.ok(json.Unmarshal(must(gate.Describe()), &said))
	equal(t, said.Barrier, "gate")
	equal(t, said.Waiting[0], "build/1")
	equal(t, said.Missing[0], "build/0")
	if whole := must(h.scope.Describe()); !json.Valid(whole) {
		t.Errorf("%s", whole)
	}
}

func TestNamesAreFoundInParentsAndTakenOnce(t *testing.T) {
	h := host(t)
	gate := h.gate("gate", weir.BarrierOptions{})
	below := must(h.scope.OpenScope(weir.ScopeOptions{Name: "below"}))
	equal(t, must(below.Find("gate")), gate)
	_, err := below.Find("gatr")
	is(t, err, weir.ErrNotFound)
	_, err = h.scope.Declare("gate", weir.BarrierOptions{})
	is(t, err, weir.ErrExists)
	_, err = h.scope.Declare("\xff", weir.BarrierOptions{})
	is(t, err, weir.ErrNotUTF8)
	_, err = h.scope.Declare("slow", weir.BarrierOptions{Timeout: -1})
	is(t, err, weir.ErrInvalidArgument)
}

func TestAChildsLaneMeetsAtTheParentsBarrier(t *testing.T) {
	h := host(t)
	below := must(h.scope.OpenScope(weir.ScopeOptions{Name: "below"}))
	above := h.lanes(1)[0]
	child := must(below.OpenLaneUnder(above, "child"))
	gate := h.gate("gate", weir.BarrierOptions{}, above, child)
	waits := h.begin(above, gate)
	_, err := child.Arrive(background, gate)
	h.ok(err)
	_, err = waits.Wait(background)
	h.ok(err)
	own := must(below.Declare("own", weir.BarrierOptions{}))
	is(t, above.Expect(own), weir.ErrInvalidArgument)
}

func TestACircleIsToldToLanesThatOnlyWait(t *testing.T) {
	h := host(t)
	circle := must(h.runtime.OpenScope(h.queue, weir.ScopeOptions{Name: "circle", Sequential: true}))
	defer func() {
		h.ok(circle.Close())
		<-circle.Closed()
	}()
	a, b := must(circle.OpenLane("a")), must(circle.OpenLane("b"))
	p, q := must(circle.Declare("p", weir.BarrierOptions{})), must(circle.Declare("q", weir.BarrierOptions{}))
	for _, at := range []*weir.Barrier{p, q} {
		h.ok(a.Expect(at))
		h.ok(b.Expect(at))
		h.ok(at.Open())
	}
	waits := h.begin(a, p)
	_, err := a.Begin(q, weir.ArriveOptions{})
	is(t, err, weir.ErrBusy)
	_, err = b.Arrive(background, q)
	equal(t, err != nil, true)
	_, err = waits.Wait(background)
	var broken *weir.BrokenError
	if !errors.As(err, &broken) {
		t.Fatal(err)
	}
	equal(t, broken.Reason, weir.ReasonDeadlock)
	equal(t, broken.Message, "barrier 'p' waits for circle/b, which waits at barrier 'q' for circle/a, which waits at barrier 'p'")
}

func TestAStrangerIsNotExpected(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3)
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{Parties: 2}))
	first := h.begin(lanes[0], gate)
	_, err := lanes[0].Begin(gate, weir.ArriveOptions{})
	is(t, err, weir.ErrBusy)
	_, err = lanes[1].Arrive(background, gate)
	h.ok(err)
	<-first.Done()
	_, err = lanes[2].Arrive(background, gate)
	is(t, err, weir.ErrNotExpected)
	is(t, lanes[2].Expect(gate), weir.ErrDecided)
}

func TestStragglersPassOrFail(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3)
	for _, strict := range []bool{false, true} {
		name := map[bool]string{false: "lenient", true: "strict"}[strict]
		gate := h.gate(name, weir.BarrierOptions{Quorum: 2, StragglersFail: strict}, lanes...)
		batch := must(gate.ArriveAll(lanes[:2]))
		must(batch.Wait(background))
		late := h.begin(lanes[2], gate)
		_, err := late.Wait(background)
		if strict != (err != nil) {
			t.Error(name, err)
		}
		equal(t, late.Ending().Late, true)
	}
}

func TestReservationsHoldABarrier(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{}))
	h.ok(lanes[0].Expect(gate))
	h.ok(gate.Reserve(1))
	h.ok(gate.Open())
	first := h.begin(lanes[0], gate)
	is(t, gate.Settle(2), weir.ErrInvalidArgument)
	h.ok(lanes[1].Expect(gate))
	h.ok(gate.Settle(1))
	equal(t, waiting(gate), 1)
	_, err := lanes[1].Arrive(background, gate)
	h.ok(err)
	<-first.Done()
	is(t, gate.Reserve(1), weir.ErrDecided)
}

func TestAHandReleasesAndBreaks(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	released := h.gate("released", weir.BarrierOptions{}, lanes...)
	first := h.begin(lanes[0], released)
	h.ok(released.Release())
	decision, err := first.Wait(background)
	h.ok(err)
	equal(t, decision.Reason, weir.ReasonByHand)
	is(t, released.Release(), weir.ErrDecided)
	broken := h.gate("broken", weir.BarrierOptions{}, lanes...)
	second := h.begin(lanes[0], broken)
	h.ok(broken.Break())
	_, err = second.Wait(background)
	var broke *weir.BrokenError
	if !errors.As(err, &broke) || broke.Reason != weir.ReasonByHand {
		t.Error(err)
	}
}

func TestABarriersOwnPatience(t *testing.T) {
	h := virtualHost(t)
	lanes := h.lanes(2)
	gate := h.gate("gate", weir.BarrierOptions{Timeout: time.Minute}, lanes...)
	_, err := lanes[0].Arrive(background, gate)
	var broken *weir.BrokenError
	if !errors.As(err, &broken) || broken.Reason != weir.ReasonTimedOut {
		t.Error(err)
	}
}

func TestACompletionComesBeforeAnybodyGoesOn(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	completed := uint32(0)
	gate := h.gate("gate", weir.BarrierOptions{
		Cyclic: true,
		Complete: func(_ context.Context, generation uint32) error {
			completed = generation
			if generation == 2 {
				return errors.New("no")
			}
			return nil
		},
	}, lanes...)
	must(must(gate.ArriveAll(lanes)).Wait(background))
	equal(t, completed, 1)
	for _, end := range must(must(gate.ArriveAll(lanes)).Wait(background)) {
		equal(t, end.Outcome, weir.Failed)
	}
	equal(t, completed, 2)
}

func TestABreakEndsTheCompletionsContext(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	asked := make(chan struct{})
	ended := make(chan error)
	gate := h.gate("gate", weir.BarrierOptions{Complete: func(ctx context.Context, _ uint32) error {
		close(asked)
		<-ctx.Done()
		ended <- ctx.Err()
		return nil
	}}, lanes...)
	batch := must(gate.ArriveAll(lanes))
	<-asked
	h.ok(gate.Break())
	is(t, <-ended, context.Canceled)
	for _, end := range must(batch.Wait(background)) {
		equal(t, end.Outcome, weir.Failed)
	}
}
