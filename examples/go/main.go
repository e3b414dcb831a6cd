// SPDX-License-Identifier: BSL-1.0

// A host in Go, through cgo: the queue's descriptor is polled by Go's own poller, so no OS thread waits. Every
// step "runs" by being printed, and succeeds.
//
// Build with CGO_CFLAGS=-I<include> and CGO_LDFLAGS="-L<lib> -lweir".
package main

// #include <weir/weir.h>
import "C"

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

const usual = "examples/pipelines/two-stages.yaml"

// check turns a status into an error.
func check(what string, status C.weir_status) {
	if status != C.WEIR_OK {
		fmt.Fprintf(os.Stderr, "%s: %s\n", what, C.GoString(C.weir_status_text(status)))
		os.Exit(1)
	}
}

func load(name string) C.weir_plan {
	document, err := os.ReadFile(name)
	if err != nil || len(document) == 0 {
		fmt.Fprintln(os.Stderr, name, "cannot be read:", err)
		os.Exit(1)
	}
	var plan C.weir_plan
	var findings C.weir_text
	status := C.weir_plan_load((*C.char)(unsafe.Pointer(&document[0])), C.uint64_t(len(document)), nil,
		&plan, &findings, nil)
	defer C.weir_text_release(findings)
	if status == C.WEIR_E_DOCUMENT {
		var json *C.char
		var length C.uint32_t
		C.weir_text_view(findings, &json, &length)
		fmt.Fprintln(os.Stderr, C.GoStringN(json, C.int(length)))
	}
	check(name, status)
	return plan
}

// take acts on one event; the pointers in it are valid until the next drain.
func take(event *C.weir_event) {
	fmt.Printf("%3d %-18s %s\n", event.seq, C.GoString(C.weir_event_name(event.kind)),
		C.GoStringN(event.path, C.int(event.path_length)))
	if event.kind == C.WEIR_EVENT_STEP_STARTED {
		C.weir_step_finish(event.step, C.WEIR_SUCCEEDED, nil, 0, nil, 0)
	}
}

// serve drains the queue until the run has finished. The descriptor is the library's: a duplicate of it is
// given to Go's poller, which closes what it is given.
func serve(queue C.weir_queue) C.weir_outcome {
	var descriptor C.int32_t
	check("descriptor", C.weir_queue_descriptor(queue, &descriptor))
	ours, err := syscall.Dup(int(descriptor))
	if err != nil {
		panic(err)
	}
	syscall.SetNonblock(ours, true)
	file := os.NewFile(uintptr(ours), "weir")
	defer file.Close()
	readable, err := file.SyscallConn()
	if err != nil {
		panic(err)
	}
	var events [64]C.weir_event
	var outcome C.weir_outcome
	drain := func(uintptr) bool {
		for {
			var count C.uint32_t
			check("drain", C.weir_queue_drain(queue, &events[0], C.uint32_t(unsafe.Sizeof(events[0])),
				C.uint32_t(len(events)), &count))
			for i := range events[:count] {
				take(&events[i])
				if events[i].kind == C.WEIR_EVENT_RUN_FINISHED {
					outcome = events[i].outcome
				}
			}
			if outcome != 0 {
				return true
			}
			if count == 0 {
				return false // the goroutine waits until the descriptor is readable
			}
		}
	}
	if err := readable.Read(drain); err != nil {
		panic(err)
	}
	return outcome
}

func main() {
	name := usual
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	plan := load(name)
	var queue C.weir_queue
	var runtime C.weir_runtime
	var run C.weir_run
	check("queue", C.weir_queue_create(nil, &queue, nil))
	check("runtime", C.weir_runtime_create(nil, &runtime, nil))
	check("run", C.weir_run_start(runtime, plan, queue, nil, &run, nil))
	outcome := serve(queue)
	fmt.Println(C.GoString(C.weir_outcome_name(outcome)))
	check("runtime", C.weir_runtime_destroy_wait(runtime))
	check("queue", C.weir_queue_destroy(queue))
	check("plan", C.weir_plan_release(plan))
	if outcome != C.WEIR_SUCCEEDED {
		os.Exit(1)
	}
}
