// SPDX-License-Identifier: BSL-1.0

package main

import (
	"sync"
	"time"
)

// A crowd is of goroutines that wait each for itself, and go from one round to the next.
type crowd struct {
	meet  func(i int)
	n     int
	total int // rounds, with the one to warm up
	begun sync.WaitGroup
	ended sync.WaitGroup
	end   func()
}

func newCrowd(n, rounds int, meet func(i int), end func()) meeting {
	return &crowd{meet: meet, n: n, total: 1 + rounds, end: end}
}

func (c *crowd) begin() {
	c.begun.Add(c.n - 1)
	c.ended.Add(c.n - 1)
	for i := 0; i < c.n-1; i++ {
		i := i
		go func() {
			c.begun.Done()
			for k := 0; k < c.total; k++ {
				c.meet(i)
			}
			c.ended.Done()
		}()
	}
	c.begun.Wait()
}

func (c *crowd) finish() { c.meet(c.n - 1) }

func (c *crowd) again(rounds int) time.Duration {
	for i := 0; i < rounds; i++ {
		c.meet(c.n - 1)
	}
	c.ended.Wait()
	return 0
}

func (c *crowd) close() { c.end() }

func newGoroutines(n, rounds int) meeting {
	h := newHost(n)
	return newCrowd(n, rounds, func(i int) {
		_, err := h.lanes[i].Arrive(background, h.gate)
		check(err)
	}, h.close)
}

func newChannel(n, rounds int) meeting {
	b := &channelBarrier{parties: n, left: n, all: make(chan struct{})}
	return newCrowd(n, rounds, func(int) { b.wait() }, func() {})
}

// A channelBarrier closes a channel when the last one comes.
type channelBarrier struct {
	mu      sync.Mutex
	parties int
	left    int
	all     chan struct{}
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
