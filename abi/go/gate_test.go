// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"weir.example/weir"
)

func TestLanesTakeTurnsAtAGate(t *testing.T) {
	h := host(t)
	gate := must(h.scope.OpenGate("gate", 2))
	equal(t, gate.Name(), "gate")
	var all sync.WaitGroup
	var inside, most atomic.Int32
	for _, lane := range h.lanes(16) {
		lane := lane
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < 50; i++ {
				h.ok(lane.TakeSlot(background, gate))
				if now := inside.Add(1); now > most.Load() {
					most.Store(now)
				}
				inside.Add(-1)
				h.ok(lane.GiveSlot(gate))
			}
		}()
	}
	all.Wait()
	if most.Load() > 2 {
		t.Error(most.Load(), "at once")
	}
	equal(t, len(h.told(weir.EventSlotDone)), 16*50)
}

func TestAWaitForASlotEndsWithItsContext(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := must(h.scope.OpenGate("gate", 1))
	h.ok(lanes[0].TakeSlot(background, gate))
	ctx, cancel := context.WithCancel(background)
	ended := make(chan error)
	go func() { ended <- lanes[1].TakeSlot(ctx, gate) }()
	cancel()
	is(t, <-ended, context.Canceled)
	is(t, lanes[1].TakeSlot(ctx, gate), context.Canceled)
	is(t, lanes[1].GiveSlot(gate), weir.ErrBadState)
	h.ok(lanes[0].GiveSlot(gate))
	h.ok(lanes[1].TakeSlot(background, gate))
}

// Whatever is faster, the slot or the context: who has an error has no slot, and none is lost.
func TestASlotThatComesAsItsContextEndsIsHeldOrGivenBack(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := must(h.scope.OpenGate("gate", 1))
	for i := 0; i < 300; i++ {
		h.ok(lanes[0].TakeSlot(background, gate))
		ctx, cancel := context.WithCancel(background)
		ended := make(chan error)
		go func() { ended <- lanes[1].TakeSlot(ctx, gate) }()
		go cancel()
		h.ok(lanes[0].GiveSlot(gate))
		if err := <-ended; err == nil {
			h.ok(lanes[1].GiveSlot(gate))
		} else {
			is(t, err, context.Canceled)
			is(t, lanes[1].GiveSlot(gate), weir.ErrBadState)
		}
		cancel()
	}
}

func TestMoreSlotsAreHandedOutAtOnce(t *testing.T) {
	h := host(t)
	lanes := h.lanes(2)
	gate := must(h.scope.OpenGate("gate", 1))
	h.ok(lanes[0].TakeSlot(background, gate))
	is(t, lanes[0].TakeSlot(background, gate), weir.ErrBusy)
	ended := make(chan error)
	go func() { ended <- lanes[1].TakeSlot(background, gate) }()
	h.ok(gate.SetSlots(2))
	h.ok(<-ended)
	is(t, gate.SetSlots(0), weir.ErrInvalidArgument)
	_, err := h.scope.OpenGate("none", 0)
	is(t, err, weir.ErrInvalidArgument)
}

func TestAWaitForASlotEndsWithItsLaneOrScope(t *testing.T) {
	h := host(t)
	lanes := h.lanes(3)
	gate := must(h.scope.OpenGate("gate", 1))
	h.ok(lanes[0].TakeSlot(background, gate))
	ended := make(chan error, 2)
	for _, lane := range lanes[1:] {
		lane := lane
		go func() { ended <- lane.TakeSlot(background, gate) }()
	}
	h.ok(h.scope.Close())
	for range lanes[1:] {
		if err := <-ended; !errors.Is(err, weir.ErrNoSlot) {
			is(t, err, weir.ErrStale)
		}
	}
	is(t, gate.SetSlots(1), weir.ErrStale)
	is(t, lanes[0].TakeSlot(background, gate), weir.ErrStale)
}
