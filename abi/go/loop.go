// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <stdlib.h>
#include <weir/weir.h>

#include "length.h"

enum { instances = 64 };

static weir_status loop_open(_GoString_ strategy, uint32_t flags, uint64_t most,
                             _GoString_ dialect, weir_loop *loop, uint64_t *count,
                             uint64_t *concurrency, weir_error *error) {
    weir_loop_options o = {.struct_size = sizeof o, .flags = flags, .most = most};
    o.dialect = _GoStringPtr(dialect);
    o.dialect_length = LENGTH(dialect);
    return weir_loop_open(_GoStringPtr(strategy), LENGTH(strategy), &o, loop, count,
                          concurrency, NULL, error);
}

static weir_status loop_next(weir_loop loop, weir_instance *into, uint32_t *count) {
    return weir_loop_next(loop, into, sizeof *into, instances, count);
}
*/
import "C"

import (
	"encoding/json"
	"unsafe"
)

// LoopOptions says how a strategy is read.
type LoopOptions struct {
	CompatHarness bool   // Harness's own order and suffixes: docs/compat.md
	Labels        bool   // suffixes name the values of a matrix instead of their places
	Most          uint64 // refuse a loop of more instances; 0: as the engine of the dialect does
	Dialect       string // "harness", "github", "gitlab", "tekton" or "argo"; empty: "harness"
}

// Loop is the instances of a strategy by itself, expanded as they are asked for: a million take no more
// memory than ten. One goroutine at a time uses it.
//
//	for loop.Next() {
//		start(loop.Instance())
//	}
//	return loop.Err()
type Loop struct {
	Count       uint64 // of the instances
	Concurrency uint64 // how many run at once; 0: no limit

	handle C.weir_loop
	ahead  []Instance // the current one, and those after it
	err    error
}

// Instance is one turn of a loop.
type Instance struct {
	Index  uint64          // 0, 1, 2 ...
	Suffix string          // behind its name, as the engine has it: "_0_1", " 1/5", "(0:blue)"
	Values json.RawMessage // an object: the axes of a matrix; `item` or `partition` of a repeat
}

// OpenLoop reads how something loops, in YAML or JSON, as the engine of the dialect has it. One that is refused
// is [ErrDocument], and the error says why and where. The loop is closed by the caller.
func OpenLoop(strategy string, o LoopOptions) (*Loop, error) {
	var flags C.uint32_t
	if o.CompatHarness {
		flags |= C.WEIR_LOOP_COMPAT_HARNESS
	}
	if o.Labels {
		flags |= C.WEIR_LOOP_LABELS
	}
	var l Loop
	var count, concurrency C.uint64_t
	told := newError()
	status := C.loop_open(strategy, flags, C.uint64_t(o.Most), o.Dialect, &l.handle, &count, &concurrency, told)
	if err := refusedWith("weir_loop_open", status, told); err != nil {
		return nil, err
	}
	l.Count, l.Concurrency = uint64(count), uint64(concurrency)
	return &l, nil
}

// Next goes to the next instance. There is none after the last, or after an error.
func (l *Loop) Next() bool {
	if len(l.ahead) > 1 {
		l.ahead = l.ahead[1:]
		return true
	}
	l.ahead = nil
	if l.err == nil {
		l.ahead, l.err = l.expand()
	}
	return len(l.ahead) > 0
}

// Instance is the one that Next has gone to.
func (l *Loop) Instance() Instance { return l.ahead[0] }

// Err is why there was no next instance, if not for the loop's end.
func (l *Loop) Err() error { return l.err }

// Close ends the loop.
func (l *Loop) Close() error { return refused("weir_loop_close", C.weir_loop_close(l.handle)) }

// expand copies the next instances: the library's texts live until the next call.
func (l *Loop) expand() ([]Instance, error) {
	var into *C.weir_instance // C's memory, since the library writes pointers of its own there
	into = (*C.weir_instance)(C.calloc(C.instances, C.size_t(unsafe.Sizeof(*into))))
	defer C.free(unsafe.Pointer(into))
	var count C.uint32_t
	if err := refused("weir_loop_next", C.loop_next(l.handle, into, &count)); err != nil {
		return nil, err
	}
	expanded := make([]Instance, count)
	for i, from := range unsafe.Slice(into, int(count)) {
		expanded[i] = Instance{
			Index:  uint64(from.index),
			Suffix: stringOf(from.suffix, from.suffix_length),
			Values: bytesOf(from.values, from.values_length),
		}
	}
	return expanded, nil
}
