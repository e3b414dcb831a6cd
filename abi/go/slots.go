// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

// A waiter has asked for something that one event ends. Both are called once for each tag, on the queue's
// goroutine and under its lock: when the event has been drained, and when those who watch have seen it.
type waiter interface {
	drained(index uint32, outcome Outcome)
	ended(index uint32, event *C.weir_event)
}

// slots gives tags to those who wait. A tag is a place in a slice, used again once its event has come:
// of an accepted call exactly one comes.
type slots struct {
	all  []slot
	free uint32 // 1 + the first free place; 0: none
}

// A free place has no waiter, and in `index` what slots.free was before.
type slot struct {
	who   waiter
	index uint32
}

func (s *slots) put(who waiter, index uint32) (tag C.uint64_t) {
	if s.free == 0 {
		s.all = append(s.all, slot{who, index})
		return C.uint64_t(len(s.all) - 1)
	}
	tag = C.uint64_t(s.free - 1)
	s.free = s.all[tag].index
	s.all[tag] = slot{who, index}
	return tag
}

func (s *slots) take(tag C.uint64_t) (waiter, uint32) {
	was := s.all[tag]
	s.all[tag] = slot{nil, s.free}
	s.free = uint32(tag) + 1
	return was.who, was.index
}
