// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"runtime"
	"sync"
	"testing"

	"weir.example/weir"
)

func TestWhatIsClosedTwiceIsStale(t *testing.T) {
	h := host(t)
	h.ok(h.scope.Close())
	is(t, h.scope.Close(), weir.ErrStale)
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{}))
	h.ok(plan.Close())
	is(t, plan.Close(), weir.ErrStale)
	queue := must(weir.NewQueue(weir.QueueOptions{}))
	h.ok(queue.Close())
	is(t, queue.Close(), weir.ErrStale)
	other := must(weir.NewRuntime(weir.RuntimeOptions{Workers: 1}))
	h.ok(other.Close())
	is(t, other.Close(), weir.ErrStale)
}

func TestWhatIsUsedAfterItsEndIsStale(t *testing.T) {
	h := host(t)
	lane := h.lanes(1)[0]
	gate := h.gate("gate", weir.BarrierOptions{}, lane)
	below := must(h.scope.OpenScope(weir.ScopeOptions{Name: "below"}))
	h.ok(h.scope.Close())
	<-h.scope.Closed()
	<-below.Closed()
	_, err := h.scope.OpenLane("late")
	is(t, err, weir.ErrStale)
	_, err = h.scope.Declare("late", weir.BarrierOptions{})
	is(t, err, weir.ErrStale)
	_, err = h.scope.Find("gate")
	is(t, err, weir.ErrStale)
	_, err = below.OpenScope(weir.ScopeOptions{})
	is(t, err, weir.ErrStale)
	_, err = h.scope.Describe()
	is(t, err, weir.ErrStale)
	_, err = gate.Describe()
	is(t, err, weir.ErrStale)
	_, err = lane.Arrive(background, gate)
	is(t, err, weir.ErrStale)
	_, err = gate.ArriveAll([]weir.Lane{lane})
	is(t, err, weir.ErrStale)
	for _, err := range []error{
		gate.Open(), gate.Reserve(1), gate.Settle(1), gate.Release(), gate.Break(),
		lane.Expect(gate), lane.Retract(gate), lane.Withdraw(gate), lane.Finish(weir.Succeeded),
		weir.Lane{}.Finish(weir.Succeeded),
	} {
		is(t, err, weir.ErrStale)
	}
}

func TestAQueueInUseIsNotClosed(t *testing.T) {
	h := host(t)
	is(t, h.queue.Close(), weir.ErrBusy)
	is(t, h.runtime.Close(), weir.ErrBusy)
	lane := h.lanes(1)[0]
	_, err := lane.Arrive(background, must(h.scope.Declare("gate", weir.BarrierOptions{Parties: 1})))
	h.ok(err) // and serves on
}

func TestAQueueThatIsClosedBehindItsScopeTellsAll(t *testing.T) {
	r := must(weir.NewRuntime(weir.RuntimeOptions{Workers: 1}))
	for i := 0; i < 2000; i++ {
		queue := must(weir.NewQueue(weir.QueueOptions{}))
		scope := must(r.OpenScope(queue, weir.ScopeOptions{}))
		gate := must(scope.Declare("gate", weir.BarrierOptions{Parties: 2}))
		waits := must(must(scope.OpenLane("a")).Begin(gate, weir.ArriveOptions{}))
		for _, err := range []error{scope.Close(), queue.Close()} {
			if err != nil {
				t.Fatal(err)
			}
		}
		<-waits.Done()
		<-scope.Closed()
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestClosedFromManyGoroutinesOnceIsRight(t *testing.T) {
	queue := must(weir.NewQueue(weir.QueueOptions{}))
	ended := make(chan error)
	for i := 0; i < 8; i++ {
		go func() { ended <- queue.Close() }()
	}
	right := 0
	for i := 0; i < 8; i++ {
		if err := <-ended; err == nil {
			right++
		} else {
			is(t, err, weir.ErrStale)
		}
	}
	equal(t, right, 1)
}

func TestQueuesThatWaitHoldNoThread(t *testing.T) {
	before := entries("/proc/self/task")
	var queues []*weir.Queue
	for i := 0; i < 200; i++ {
		queues = append(queues, must(weir.NewQueue(weir.QueueOptions{})))
	}
	if more := entries("/proc/self/task") - before; more > 2*runtime.GOMAXPROCS(0)+4 {
		t.Errorf("%d threads more", more)
	}
	for _, queue := range queues {
		if err := queue.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestClosingARuntimeJoinsItsThreads(t *testing.T) {
	before := threads("weir-")
	r := must(weir.NewRuntime(weir.RuntimeOptions{Workers: 3}))
	if threads("weir-") < before+3 {
		t.Errorf("%d threads of the library", threads("weir-"))
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	equal(t, threads("weir-"), before)
}

func TestScopesOfManyGoroutinesShareAQueue(t *testing.T) {
	h := host(t)
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			scope := must(h.runtime.OpenScope(h.queue, weir.ScopeOptions{}))
			gate := must(scope.Declare("gate", weir.BarrierOptions{Parties: 2}))
			one := must(must(scope.OpenLane("one")).Begin(gate, weir.ArriveOptions{}))
			_, err := must(scope.OpenLane("other")).Arrive(background, gate)
			h.ok(err)
			_, err = one.Wait(background)
			h.ok(err)
			h.ok(scope.Close())
			<-scope.Closed()
		}()
	}
	all.Wait()
}
