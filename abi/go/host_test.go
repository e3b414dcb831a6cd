// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"weir.example/weir"
)

// TestMain fails when the tests leave descriptors, goroutines or threads of the library behind.
func TestMain(m *testing.M) {
	goroutines := runtime.NumGoroutine()
	newTestHost(&testing.T{}, weir.RuntimeOptions{}).close() // Go's poller has descriptors of its own
	settled(func() bool { return runtime.NumGoroutine() == goroutines })
	before := held()
	status := m.Run()
	settled(func() bool { return held() == before })
	if after := held(); after != before {
		fmt.Fprintf(os.Stderr, "%+v before, %+v after\n", before, after)
		status = 1
	}
	os.Exit(status)
}

// settled waits: a goroutine that has told its last is about to end.
func settled(all func() bool) {
	for until := time.Now().Add(10 * time.Second); !all() && time.Now().Before(until); {
		runtime.Gosched()
	}
}

type holding struct{ descriptors, goroutines, threads int }

func held() holding {
	return holding{entries("/proc/self/fd"), runtime.NumGoroutine(), threads("weir-")}
}

// threads counts those whose name begins so.
func threads(prefix string) (count int) {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		panic(err)
	}
	for _, task := range tasks {
		name, _ := os.ReadFile(fmt.Sprintf("/proc/self/task/%s/comm", task.Name()))
		if strings.HasPrefix(string(name), prefix) {
			count++
		}
	}
	return count
}

func entries(folder string) int {
	found, err := os.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	return len(found)
}

// A testHost has one of each, and remembers what its scope told.
type testHost struct {
	*testing.T
	runtime *weir.Runtime
	queue   *weir.Queue
	scope   *weir.Scope

	mu     sync.Mutex
	events []weir.Event
}

func newTestHost(t *testing.T, o weir.RuntimeOptions) *testHost {
	h := &testHost{T: t}
	if o.Workers == 0 && !o.Polled {
		o.Workers = 1
	}
	h.runtime = must(weir.NewRuntime(o))
	h.queue = must(weir.NewQueue(weir.QueueOptions{}))
	h.scope = must(h.runtime.OpenScope(h.queue, weir.ScopeOptions{Name: "build", Tag: 4711, Observe: h.observe}))
	return h
}

func host(t *testing.T) *testHost {
	h := newTestHost(t, weir.RuntimeOptions{})
	t.Cleanup(h.close)
	return h
}

func virtualHost(t *testing.T) *testHost {
	h := newTestHost(t, weir.RuntimeOptions{Virtual: true})
	t.Cleanup(h.close)
	return h
}

func (h *testHost) close() {
	h.Helper()
	if err := h.scope.Close(); err != nil && !errors.Is(err, weir.ErrStale) {
		h.Error(err)
	}
	<-h.scope.Closed()
	h.ok(h.queue.Close())
	h.ok(h.runtime.Close())
}

func (h *testHost) observe(e weir.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// told gives the events of a kind, so far.
func (h *testHost) told(kind weir.EventKind) (events []weir.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.Kind == kind {
			events = append(events, e)
		}
	}
	return events
}

func (h *testHost) lanes(count int) []weir.Lane {
	h.Helper()
	lanes := make([]weir.Lane, count)
	for i := range lanes {
		lanes[i] = must(h.scope.OpenLane(fmt.Sprint(i)))
	}
	return lanes
}

// gate declares a barrier that expects the lanes, and opens it.
func (h *testHost) gate(name string, o weir.BarrierOptions, lanes ...weir.Lane) *weir.Barrier {
	h.Helper()
	gate := must(h.scope.Declare(name, o))
	for _, lane := range lanes {
		h.ok(lane.Expect(gate))
	}
	h.ok(gate.Open())
	return gate
}

func (h *testHost) begin(lane weir.Lane, at *weir.Barrier) *weir.Arrival {
	h.Helper()
	return must(lane.Begin(at, weir.ArriveOptions{}))
}

func (h *testHost) ok(err error) {
	h.Helper()
	if err != nil {
		h.Error(err)
	}
}

// is wants an error with that in it.
func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v, not %v", err, want)
	}
}

func equal[T comparable](t testing.TB, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%v, not %v", got, want)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

var background = context.Background()
