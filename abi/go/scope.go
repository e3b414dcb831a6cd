// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status scope_open(weir_runtime runtime, weir_queue queue, weir_scope parent,
                              _GoString_ name, uint64_t tag, uint32_t flags, weir_scope *scope,
                              weir_error *error) {
    weir_scope_options o = {.struct_size = sizeof o, .parent = parent, .tag = tag, .flags = flags};
    o.name = _GoStringLen(name) != 0 ? _GoStringPtr(name) : NULL;
    o.name_length = LENGTH(name);
    return weir_scope_open(runtime, queue, &o, scope, error);
}
*/
import "C"

import "encoding/json"

// ScopeOptions says what a scope is called and who watches it.
type ScopeOptions struct {
	Name string
	Tag  uint64
	// A lane that waits does nothing else until it is told: then lanes that wait for each other in a
	// circle are told so, with [ReasonDeadlock], at the moment it is certain, and to wait twice is
	// [ErrBusy]. A root's, for all below it.
	Sequential bool

	Observe func(Event) // sees every event, in order, on the queue's goroutine; nil in a child: its parent's
}

// Scope is where lanes meet: it has lanes, barriers and scopes below it, whose lanes see its barriers.
type Scope struct {
	handle   C.weir_scope
	queue    *Queue
	observe  func(Event)
	closed   chan struct{}
	barriers []*Barrier // guarded by queue.mu
}

// OpenScope opens a root scope, which keeps the runtime's time and tells to q.
func (r *Runtime) OpenScope(q *Queue, o ScopeOptions) (*Scope, error) {
	return openScope(r.handle, q, 0, o)
}

// OpenScope opens a scope below this one.
func (s *Scope) OpenScope(o ScopeOptions) (*Scope, error) {
	if o.Observe == nil {
		o.Observe = s.observe
	}
	return openScope(0, s.queue, s.handle, o)
}

func openScope(runtime C.weir_runtime, q *Queue, parent C.weir_scope, o ScopeOptions) (*Scope, error) {
	s := &Scope{queue: q, observe: o.Observe, closed: make(chan struct{})}
	told := newError()
	q.mu.Lock() // its first event finds it
	defer q.mu.Unlock()
	queue := q.handle
	if parent != 0 {
		queue = 0 // the parent's
	}
	flags := C.uint32_t(0)
	if o.Sequential {
		flags = C.WEIR_SCOPE_SEQUENTIAL
	}
	status := C.scope_open(runtime, queue, parent, o.Name, C.uint64_t(o.Tag), flags, &s.handle, told)
	if err := refusedWith("weir_scope_open", status, told); err != nil {
		return nil, err
	}
	q.scopes[s.handle] = s
	return s, nil
}

// Close closes the scope and those below it: lanes that are open end as cancelled, barriers that have
// not decided break, and each who waits is told.
func (s *Scope) Close() error { return refused("weir_scope_close", C.weir_scope_close(s.handle)) }

// Closed is closed when the scope is, and all of it has been told.
func (s *Scope) Closed() <-chan struct{} { return s.closed }

// Describe tells the scope and all below it: lanes, barriers, who waits where and for whom.
func (s *Scope) Describe() (json.RawMessage, error) {
	var written C.weir_text
	if err := refused("weir_scope_describe", C.weir_scope_describe(s.handle, &written)); err != nil {
		return nil, err
	}
	return json.RawMessage(text(written)), nil
}
