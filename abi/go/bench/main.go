// SPDX-License-Identifier: BSL-1.0

// The bench measures what an arrival costs through the binding, and what one that is parked holds: N lanes
// of one scope reach one cyclic barrier, round after round, and all are told. It prints a line of JSON.
//
//	go run ./bench how=batch n=100000 r=10
//	go run ./bench                              # every way, with 16, 1,000 and 100,000
//
// The ways: `batch`, all lanes by one call; `each`, one by one, with a channel each; `goroutine`, a
// goroutine each; `channel`, what Go has without a library: goroutines that wait for a channel to be
// closed, and know neither who is missing nor who failed.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A meeting is of n who meet; who they are, is each way's own.
type meeting interface {
	begin()                                   // all but the last arrive
	finish()                                  // the last arrives
	again(rounds int) (telling time.Duration) // of it, from the last arrivals on; 0: not told apart
	close()
}

var ways = map[string]struct {
	name string
	make func(n, rounds int) meeting
}{
	"batch":     {"weir Go, batch", newBatch},
	"each":      {"weir Go, each", newEach},
	"goroutine": {"weir Go, a goroutine each", newGoroutines},
	"channel":   {"goroutines at a channel barrier", newChannel},
}

func main() {
	if len(os.Args) == 1 {
		for _, how := range []string{"batch", "each", "goroutine", "channel"} {
			for _, n := range []int{16, 1000, 100_000} {
				apart(how, n, 2_000_000/n)
			}
		}
		return
	}
	how, n, rounds := "batch", 1000, 100
	for _, argument := range os.Args[1:] {
		key, value, _ := strings.Cut(argument, "=")
		number, err := strconv.Atoi(value)
		switch {
		case key == "how":
			how = value
		case key == "n" && err == nil:
			n = number
		case key == "r" && err == nil:
			rounds = number
		}
	}
	if ways[how].make == nil || n < 2 || rounds < 1 {
		fmt.Fprintln(os.Stderr, "usage: bench [how=batch|each|goroutine|channel] [n=N] [r=ROUNDS]")
		os.Exit(2)
	}
	measure(how, n, rounds)
}

// apart measures in a process of its own: memory that another way has given back to Go, or to C, would make
// the next look small.
func apart(how string, n, rounds int) {
	child := exec.Command(os.Args[0], "how="+how, "n="+strconv.Itoa(n), "r="+strconv.Itoa(rounds))
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	check(child.Run())
}

func measure(how string, n, rounds int) {
	warm() // C's arenas and the poller are nobody's share
	debug.FreeOSMemory()
	before := resident()
	m := ways[how].make(n, rounds)
	m.begin()
	debug.FreeOSMemory()
	parked := resident() - before
	all, library := threads()
	m.finish()

	cpu, from := processor(), time.Now()
	telling := m.again(rounds)
	took, spent := time.Since(from), processor()-cpu
	m.close()

	arrivals := float64(n) * float64(rounds)
	event := ""
	if telling > 0 {
		event = fmt.Sprintf(",\"ns_per_event\":%.1f", float64(telling)/arrivals)
	}
	fmt.Printf("{\"bench\":\"languages\",\"lang\":\"go\",\"impl\":%q,\"n\":%d,\"ns_per_arrival\":%.1f,"+
		"\"cpu_ns_per_arrival\":%.1f%s,\"parked_bytes\":%.1f,\"threads\":%d,\"library_threads\":%d}\n",
		ways[how].name, n, float64(took)/arrivals, float64(spent)/arrivals, event,
		parked/float64(n), all, library)
}

func warm() {
	m := newEach(2, 0)
	m.begin()
	m.finish()
	m.close()
}

// resident is the process's memory, in bytes.
func resident() float64 {
	status, err := os.ReadFile("/proc/self/statm")
	check(err)
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	check(err)
	return float64(pages * os.Getpagesize())
}

// threads counts those of the process, and those that the library has named.
func threads() (all, library int) {
	tasks, err := os.ReadDir("/proc/self/task")
	check(err)
	for _, task := range tasks {
		name, err := os.ReadFile("/proc/self/task/" + task.Name() + "/comm")
		if err == nil && strings.HasPrefix(string(name), "weir-") {
			library++
		}
	}
	return len(tasks), library
}

func processor() time.Duration {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
