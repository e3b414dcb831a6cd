// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <stdlib.h>
#include <weir/weir.h>

enum { batch = 256 };

static weir_queue_options queue_options(uint32_t flags) {
    weir_queue_options o = {sizeof o, flags};
    return o;
}

static weir_status drain(weir_queue queue, weir_event *events, uint32_t *count) {
    return weir_queue_drain(queue, events, sizeof *events, batch, count);
}
*/
import "C"

import (
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// QueueOptions says what a queue's events have.
type QueueOptions struct {
	JSON bool // fill [Event].JSON
}

// Queue carries what runs and scopes tell to those who wait for it. Its one goroutine sleeps in Go's
// poller while there is nothing.
type Queue struct {
	handle   C.weir_queue
	file     *os.File // a duplicate of the queue's descriptor
	readable syscall.RawConn
	events   *[C.batch]C.weir_event // C's memory: cgo need not look for Go's pointers in it
	count    C.uint32_t
	scope    *Scope // the one of the last event; the goroutine's own

	closeMu sync.Mutex
	closed  bool
	closing chan chan error

	mu       sync.Mutex
	runs     map[C.weir_run]*Run
	scopes   map[C.weir_scope]*Scope
	barriers map[C.weir_barrier]*Barrier
	waiting  slots
}

// NewQueue makes a queue, to be closed by the caller. Runs and scopes of any runtimes may share it.
func NewQueue(o QueueOptions) (*Queue, error) {
	var flags C.uint32_t
	if o.JSON {
		flags |= C.WEIR_QUEUE_JSON
	}
	options := C.queue_options(flags)
	q := &Queue{
		closing:  make(chan chan error, 1),
		runs:     map[C.weir_run]*Run{},
		scopes:   map[C.weir_scope]*Scope{},
		barriers: map[C.weir_barrier]*Barrier{},
	}
	told := newError()
	status := C.weir_queue_create(&options, &q.handle, told)
	if err := refusedWith("weir_queue_create", status, told); err != nil {
		return nil, err
	}
	if err := q.listen(); err != nil {
		C.weir_queue_destroy(q.handle)
		return nil, err
	}
	q.events = (*[C.batch]C.weir_event)(C.calloc(C.batch, C.size_t(unsafe.Sizeof(C.weir_event{}))))
	go q.serve()
	return q, nil
}

// listen gives Go's poller a descriptor of its own: a file closes what it is given, and the queue's is
// the library's to close.
func (q *Queue) listen() error {
	var descriptor C.int32_t
	if err := refused("weir_queue_descriptor", C.weir_queue_descriptor(q.handle, &descriptor)); err != nil {
		return err
	}
	syscall.ForkLock.RLock()
	own, err := syscall.Dup(int(descriptor))
	if err == nil {
		syscall.CloseOnExec(own)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return os.NewSyscallError("dup", err)
	}
	if err := syscall.SetNonblock(own, true); err != nil {
		syscall.Close(own)
		return os.NewSyscallError("fcntl", err)
	}
	q.file = os.NewFile(uintptr(own), "weir queue")
	q.readable, err = q.file.SyscallConn()
	return err
}

// Close ends the queue and its goroutine. While runs or scopes still send to it, it is [ErrBusy] and
// nothing has ended.
func (q *Queue) Close() error {
	q.closeMu.Lock()
	defer q.closeMu.Unlock()
	if q.closed {
		return refused("weir_queue_destroy", C.WEIR_E_STALE)
	}
	answer := make(chan error)
	q.closing <- answer
	C.weir_queue_wake(q.handle)
	err := <-answer
	q.closed = err == nil
	return err
}

// serve is the queue's goroutine, its only consumer, and so the one that may destroy it.
func (q *Queue) serve() {
	for {
		q.readable.Read(q.drain)
		answer := <-q.closing
		err := q.destroy()
		answer <- err
		if err == nil {
			return
		}
	}
}

// destroy ends the queue unless somebody waits for its events, told or not: none is lost.
func (q *Queue) destroy() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	status := C.weir_status(C.WEIR_E_BUSY)
	if len(q.runs) == 0 && len(q.scopes) == 0 {
		status = C.weir_queue_destroy(q.handle)
	}
	if status == C.WEIR_OK {
		q.file.Close()
		C.free(unsafe.Pointer(q.events))
	}
	return refused("weir_queue_destroy", status)
}

// take takes some events. Whoever waits for one knows at once that it has ended, though it is told later: from
// the drain on its lane may come again, and nobody takes that back instead.
func (q *Queue) take() []C.weir_event {
	q.mu.Lock()
	defer q.mu.Unlock()
	if C.drain(q.handle, &q.events[0], &q.count) != C.WEIR_OK {
		return nil
	}
	events := q.events[:q.count]
	for i := range events {
		if endsOne(events[i].kind) {
			waiting := &q.waiting.all[events[i].tag]
			waiting.who.drained(waiting.index, Outcome(events[i].outcome))
		}
	}
	return events
}

// drain takes events until there is none, and asks to be called again when there is one, unless someone
// closes the queue. Whoever does finds all told that was sent before: a drain follows the question. It is
// asked again after a drain that found nothing, which swallows a wake that came before.
func (q *Queue) drain(uintptr) (closing bool) {
	for {
		closing = len(q.closing) > 0
		if events := q.take(); len(events) > 0 {
			q.dispatch(events)
		} else if closing || len(q.closing) == 0 {
			return closing
		}
	}
}
