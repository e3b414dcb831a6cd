// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

// dispatch gives events to whom they concern, in order. Those who watch come first: who was waiting
// finds that all has been told.
func (q *Queue) dispatch(events []C.weir_event) {
	for len(events) > 0 {
		count := ends(events)
		if count > 0 {
			q.end(events[:count])
		} else {
			count = 1
			q.tell(&events[0])
		}
		events = events[count:]
	}
}

// ends counts the events at the front that each end one wait.
func ends(events []C.weir_event) (count int) {
	for count < len(events) && endsOne(events[count].kind) {
		count++
	}
	return count
}

func endsOne(kind C.weir_event_kind) bool {
	return kind == C.WEIR_EVENT_BARRIER_DONE || kind == C.WEIR_EVENT_SLOT_DONE
}

// end finds by tag who waits for these events: many of them under one lock.
func (q *Queue) end(events []C.weir_event) {
	for i := range events {
		if scope := q.scopeOf(&events[i]); scope != nil && scope.observe != nil {
			scope.observe(newEvent(&events[i]))
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range events {
		who, index := q.waiting.take(events[i].tag)
		who.ended(index, &events[i])
	}
}

func (q *Queue) tell(event *C.weir_event) {
	if event.run != 0 {
		if run := q.runOf(event); run != nil {
			run.tell(event)
		}
		return
	}
	scope := q.scopeOf(event)
	if scope == nil {
		return
	}
	if scope.observe != nil {
		scope.observe(newEvent(event))
	}
	if event.kind == C.WEIR_EVENT_SCOPE_CLOSED {
		q.forget(scope)
	} else if barrier := q.barrierOf(event); barrier != nil {
		barrier.tell(event)
	}
}

// runOf finds the run of an event, and forgets it with its last one.
func (q *Queue) runOf(event *C.weir_event) *Run {
	q.mu.Lock()
	defer q.mu.Unlock()
	run := q.runs[event.run]
	if event.kind == C.WEIR_EVENT_RUN_FINISHED {
		delete(q.runs, event.run)
	}
	return run
}

func (q *Queue) scopeOf(event *C.weir_event) *Scope {
	if q.scope == nil || q.scope.handle != event.scope {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.scope = q.scopes[event.scope]
	}
	return q.scope
}

func (q *Queue) barrierOf(event *C.weir_event) *Barrier {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.barriers[C.weir_barrier(event.barrier)]
}

// forget lets go of a scope that has told its last.
func (q *Queue) forget(scope *Scope) {
	q.mu.Lock()
	for _, barrier := range scope.barriers {
		delete(q.barriers, barrier.handle)
	}
	delete(q.scopes, scope.handle)
	q.mu.Unlock()
	q.scope = nil
	close(scope.closed)
}
