// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"

static weir_status lane_open(weir_scope scope, weir_lane parent, _GoString_ name, weir_lane *lane) {
    return weir_lane_open(scope, parent, _GoStringPtr(name), LENGTH(name), 0, lane);
}
*/
import "C"

// Lane is a line of work that meets others: a stage, a step group, an instance of a loop, a child
// pipeline. It is a small value, to be copied; the zero Lane is [ErrStale].
type Lane struct{ handle C.weir_lane }

// OpenLane opens a lane. Barriers name it when it is missing.
func (s *Scope) OpenLane(name string) (Lane, error) { return s.OpenLaneUnder(Lane{}, name) }

// OpenLaneUnder opens a lane under another one of this scope or a parent's, with which it ends.
func (s *Scope) OpenLaneUnder(parent Lane, name string) (Lane, error) {
	var l Lane
	status := C.lane_open(s.handle, parent.handle, name, &l.handle)
	if err := refused("weir_lane_open", status); err != nil {
		return Lane{}, err
	}
	return l, nil
}

// Finish ends the lane and those under it. After Succeeded, Skipped or IgnoredFailure it withdraws from
// the barriers that it has not reached; after Failed, TimedOut or Cancelled it breaks them.
func (l Lane) Finish(how Outcome) error {
	return refused("weir_lane_finish", C.weir_lane_finish(l.handle, C.weir_outcome(how)))
}

// Expect makes the lane a party: the barrier waits for it. Once more is once.
func (l Lane) Expect(at *Barrier) error {
	return refused("weir_lane_expect", C.weir_lane_expect(l.handle, at.handle))
}

// Retract takes an arrival back that waits; the lane is expected again.
func (l Lane) Retract(at *Barrier) error {
	return refused("weir_lane_retract", C.weir_lane_retract(l.handle, at.handle))
}

// Withdraw makes the lane no party any more. If it waits, that arrival ends as cancelled.
func (l Lane) Withdraw(at *Barrier) error {
	return refused("weir_lane_withdraw", C.weir_lane_withdraw(l.handle, at.handle))
}
