// SPDX-License-Identifier: BSL-1.0

// The bench measures what an arrival costs through the binding, and what one that is parked holds. It
// prints a line of JSON for each figure:
//
//	go run ./bench
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"weir.example/weir"
)

func main() {
	quick := flag.Bool("quick", false, "small and once, to see that it works")
	park := flag.String("park", "", "measure this one's memory only")
	n := flag.Int("n", 0, "how many are parked")
	flag.Parse()
	if *park != "" {
		parks[*park](*n)
		return
	}
	measure(*quick)
}

func measure(quick bool) {
	sizes, arrivals := []int{16, 1000, 100_000}, 2_000_000
	if quick {
		sizes, arrivals = []int{16}, 1600
	}
	for _, n := range sizes {
		rounds := (arrivals + n - 1) / n
		batches(n, rounds)
		goroutines(n, rounds/10+1)
		channels(n, rounds/10+1)
	}
	for _, name := range []string{"batch", "lanes", "goroutine", "channel"} {
		measured(name, sizes[len(sizes)-1])
	}
}

// said prints one figure.
func said(what string, n int, unit string, figure float64) {
	fmt.Printf("{\"program\":\"weir-go\",\"what\":%q,\"n\":%d,%q:%.1f}\n", what, n, unit, figure)
}

// each says what one of n arrivals took in each of the rounds.
func each(what string, n, rounds int, took time.Duration) {
	said(what, n, "ns", float64(took.Nanoseconds())/float64(n)/float64(rounds))
}

// resident is the process's memory, in bytes.
func resident() float64 {
	status, err := os.ReadFile("/proc/self/statm")
	check(err)
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	check(err)
	return float64(pages * os.Getpagesize())
}

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

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
