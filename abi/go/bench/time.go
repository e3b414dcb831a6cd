// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"sync"
	"time"
)

var background = context.Background()

// batches: all lanes arrive by one call, and one goroutine waits for all.
func batches(n, rounds int) {
	h := newHost(n)
	round := func() {
		batch, err := h.gate.ArriveAll(h.lanes)
		check(err)
		_, err = batch.Wait(background)
		check(err)
	}
	round()
	start := time.Now()
	for i := 0; i < rounds; i++ {
		round()
	}
	each("arrive", n, rounds, time.Since(start))
	h.close()
}

// goroutines: each lane is one, and waits by itself.
func goroutines(n, rounds int) {
	h := newHost(n)
	each("arrive, a goroutine each", n, rounds, together(n, rounds, func(i int) {
		_, err := h.lanes[i].Arrive(background, h.gate)
		check(err)
	}))
	h.close()
}

// channels: what Go has without a library, which knows neither who is missing nor who failed.
func channels(n, rounds int) {
	b := newChannelBarrier(n)
	each("channel barrier, a goroutine each", n, rounds, together(n, rounds, func(int) { b.wait() }))
}

// together starts n goroutines, which meet once before time is taken.
func together(n, rounds int, meet func(i int)) time.Duration {
	var ready, all sync.WaitGroup
	ready.Add(n)
	all.Add(n)
	begin := make(chan struct{})
	for i := 0; i < n; i++ {
		i := i
		go func() {
			meet(i)
			ready.Done()
			<-begin
			for k := 0; k < rounds; k++ {
				meet(i)
			}
			all.Done()
		}()
	}
	ready.Wait()
	start := time.Now()
	close(begin)
	all.Wait()
	return time.Since(start)
}

// A channelBarrier closes a channel when the last one comes.
type channelBarrier struct {
	mu      sync.Mutex
	parties int
	left    int
	all     chan struct{}
}

func newChannelBarrier(n int) *channelBarrier {
	return &channelBarrier{parties: n, left: n, all: make(chan struct{})}
}

func (b *channelBarrier) wait() {
	b.mu.Lock()
	all := b.all
	if b.left--; b.left == 0 {
		b.left, b.all = b.parties, make(chan struct{})
		close(all)
	}
	b.mu.Unlock()
	<-all
}
