// SPDX-License-Identifier: BSL-1.0

package main

import (
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"sync"

	"weir.example/weir"
)

// Each is measured in a process of its own: memory that another one has given back to Go, or to C, would
// make the next look small.
var parks = map[string]func(n int){
	"batch":     parkedBatch,
	"lanes":     parkedLanes,
	"goroutine": parkedGoroutines,
	"channel":   parkedChannel,
}

// measured starts that process.
func measured(name string, n int) {
	child := exec.Command(os.Args[0], "-park", name, "-n", strconv.Itoa(n))
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	check(child.Run())
}

// parked says what one of n holds that `park` parks, then lets them end.
func parked(what string, n int, park func() (end func())) {
	debug.FreeOSMemory()
	before := resident()
	end := park()
	debug.FreeOSMemory()
	said(what, n, "bytes", (resident()-before)/float64(n))
	end()
}

func parkedBatch(n int) {
	h := newHost(n + 1)
	defer h.close()
	parked("parked by a batch", n, func() func() {
		batch, err := h.gate.ArriveAll(h.lanes[:n])
		check(err)
		return func() { last(h); <-batch.Done() }
	})
}

func parkedLanes(n int) {
	h := newHost(n + 1)
	defer h.close()
	parked("parked one by one", n, func() func() {
		arrivals := make([]*weir.Arrival, n)
		for i := range arrivals {
			var err error
			arrivals[i], err = h.lanes[i].Begin(h.gate, weir.ArriveOptions{})
			check(err)
		}
		return func() {
			last(h)
			for _, arrival := range arrivals {
				<-arrival.Done()
			}
		}
	})
}

func last(h *host) {
	_, err := h.lanes[len(h.lanes)-1].Arrive(background, h.gate)
	check(err)
}

func parkedGoroutines(n int) {
	h := newHost(n + 1)
	defer h.close()
	parked("parked with a goroutine each", n, func() func() {
		return many(n, func(i int) {
			_, err := h.lanes[i].Arrive(background, h.gate)
			check(err)
		}, func() { last(h) })
	})
}

func parkedChannel(n int) {
	b := newChannelBarrier(n + 1)
	parked("goroutines at a channel barrier", n, func() func() {
		return many(n, func(int) { b.wait() }, b.wait)
	})
}

// many parks n goroutines; what it gives back lets them go.
func many(n int, wait func(i int), release func()) func() {
	var begun, ended sync.WaitGroup
	begun.Add(n)
	ended.Add(n)
	for i := 0; i < n; i++ {
		i := i
		go func() {
			begun.Done()
			wait(i)
			ended.Done()
		}()
	}
	begun.Wait()
	return func() { release(); ended.Wait() }
}
