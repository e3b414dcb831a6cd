// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

static weir_runtime_options runtime_options(uint32_t flags, uint32_t workers, uint32_t stack_size,
                                            weir_clock clock, uint64_t seed) {
    weir_runtime_options o = {.struct_size = sizeof o,
                              .flags = flags,
                              .workers = workers,
                              .stack_size = stack_size,
                              .clock = clock,
                              .seed = seed};
    return o;
}

static weir_status statistics(weir_runtime runtime, weir_statistics *of) {
    of->struct_size = sizeof *of;
    return weir_runtime_statistics(runtime, of);
}
*/
import "C"

import "time"

// RuntimeOptions says how a runtime works. The zero value is one worker a core, on the machine's clock.
type RuntimeOptions struct {
	Polled    bool   // no worker threads: the host calls [Runtime.Poll]
	Virtual   bool   // a clock that jumps to the next timer whenever nothing else can happen
	Workers   uint32 // threads; 0: one a core
	StackSize uint32 // of a plan's lane, in bytes of address space; 0: 28 KiB
	Seed      uint64 // in which order lanes run; 0: as they became ready
}

// Runtime keeps the time and walks plans. A process may have several; they share nothing.
type Runtime struct{ handle C.weir_runtime }

// NewRuntime makes a runtime, to be closed by the caller.
func NewRuntime(o RuntimeOptions) (*Runtime, error) {
	var flags C.uint32_t
	if o.Polled {
		flags |= C.WEIR_RUNTIME_POLLED
	}
	clock := C.weir_clock(C.WEIR_CLOCK_REAL)
	if o.Virtual {
		clock = C.WEIR_CLOCK_VIRTUAL
	}
	options := C.runtime_options(flags, C.uint32_t(o.Workers), C.uint32_t(o.StackSize), clock, C.uint64_t(o.Seed))
	var r Runtime
	told := newError()
	status := C.weir_runtime_create(&options, &r.handle, told)
	if err := refusedWith("weir_runtime_create", status, told); err != nil {
		return nil, err
	}
	return &r, nil
}

// Poll runs what is ready in a polled runtime, on the calling goroutine. `budget` bounds how many times
// lanes are resumed; 0: until nothing is ready. `next` is the time until the next timer: 0 when something
// is ready already, negative when there is none.
func (r *Runtime) Poll(budget uint32) (next time.Duration, err error) {
	var ns C.int64_t
	err = refused("weir_runtime_poll", C.weir_runtime_poll(r.handle, C.uint32_t(budget), &ns))
	return time.Duration(ns), err
}

// Statistics is what a runtime holds at a moment: numbers for people and graphs, taken one after another
// while it goes on.
type Statistics struct {
	Workers      uint32        // threads; 0: polled
	Runs         uint64        // under way, and root scopes that are open
	Lanes        uint64        // fibers that exist
	LanesStarted uint64        // since the runtime was made
	Timers       uint64        // pending
	StackBytes   uint64        // address space mapped for stacks; touched pages alone are resident
	Now          time.Duration // the runtime's clock
}

// Statistics tells what the runtime holds. Of one that is closed it is [ErrStale].
func (r *Runtime) Statistics() (Statistics, error) {
	var held C.weir_statistics
	if err := refused("weir_runtime_statistics", C.statistics(r.handle, &held)); err != nil {
		return Statistics{}, err
	}
	return Statistics{
		Workers:      uint32(held.workers),
		Runs:         uint64(held.runs),
		Lanes:        uint64(held.lanes),
		LanesStarted: uint64(held.lanes_started),
		Timers:       uint64(held.timers),
		StackBytes:   uint64(held.stack_bytes),
		Now:          time.Duration(held.now_ns),
	}, nil
}

// Close ends the runtime and joins its threads. While runs go on or scopes are open it is [ErrBusy], and
// nothing has ended. Queues are closed apart.
func (r *Runtime) Close() error {
	return refused("weir_runtime_destroy_wait", C.weir_runtime_destroy_wait(r.handle))
}
