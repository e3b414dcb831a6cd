// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"time"

	"weir.example/weir"
)

var background = context.Background()

// A host has one of each, and lanes.
type host struct {
	runtime *weir.Runtime
	queue   *weir.Queue
	scope   *weir.Scope
	gate    *weir.Barrier
	lanes   []weir.Lane
}

func newHost(n int) *host {
	var h host
	var err error
	h.runtime, err = weir.NewRuntime(weir.RuntimeOptions{Workers: 1})
	check(err)
	h.queue, err = weir.NewQueue(weir.QueueOptions{})
	check(err)
	h.scope, err = h.runtime.OpenScope(h.queue, weir.ScopeOptions{})
	check(err)
	h.gate, err = h.scope.Declare("gate", weir.BarrierOptions{Parties: uint32(n), Cyclic: true})
	check(err)
	h.lanes = make([]weir.Lane, n)
	for i := range h.lanes {
		h.lanes[i], err = h.scope.OpenLane("")
		check(err)
	}
	return &h
}

func (h *host) close() {
	check(h.scope.Close())
	check(h.queue.Close())
	check(h.runtime.Close())
}

// last lets the last lane arrive, and waits for it.
func (h *host) last() {
	_, err := h.lanes[len(h.lanes)-1].Arrive(background, h.gate)
	check(err)
}

// rounds is again for those whose rounds begin and finish on this goroutine.
func rounds(m meeting, count int) (telling time.Duration) {
	for i := 0; i < count; i++ {
		m.begin()
		last := time.Now()
		m.finish()
		telling += time.Since(last)
	}
	return telling
}

// A batch: all lanes arrive by one call, and one goroutine waits for all.
type batch struct {
	*host
	waiting *weir.Batch
}

func newBatch(n, _ int) meeting { return &batch{host: newHost(n)} }

func (b *batch) begin() {
	var err error
	b.waiting, err = b.gate.ArriveAll(b.lanes[:len(b.lanes)-1])
	check(err)
}

func (b *batch) finish() {
	b.last()
	_, err := b.waiting.Wait(background)
	check(err)
}

func (b *batch) again(count int) time.Duration { return rounds(b, count) }

// Each lane arrives by itself, without a goroutine.
type each struct {
	*host
	waiting []*weir.Arrival
}

func newEach(n, _ int) meeting { return &each{newHost(n), make([]*weir.Arrival, n-1)} }

func (e *each) begin() {
	for i := range e.waiting {
		var err error
		e.waiting[i], err = e.lanes[i].Begin(e.gate, weir.ArriveOptions{})
		check(err)
	}
}

func (e *each) finish() {
	e.last()
	for i, arrival := range e.waiting {
		<-arrival.Done()
		e.waiting[i] = nil
	}
}

func (e *each) again(count int) time.Duration { return rounds(e, count) }
