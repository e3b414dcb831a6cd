// SPDX-License-Identifier: BSL-1.0

use crate::barrier::Barrier;
use crate::error::{refused, Result};
use crate::numbers::Outcome;
use crate::scope::Scope;
use crate::text::given;
use weir_sys as sys;

/// A line of work that meets others: a stage, a step group, an instance of a loop, a child pipeline.
///
/// One that is dropped without [`Lane::finish`] was cancelled: barriers that it owes break at once, and name it. So
/// nobody waits in vain for a task that was dropped, or panicked.
#[derive(Debug)]
pub struct Lane(pub(crate) sys::weir_lane);

impl Scope {
    /// Opens a lane. `name` is how barriers name it when it is missing. Does not block.
    /// [`Status::STALE`](crate::Status::STALE): the scope is closed; [`NOT_UTF8`](crate::Status::NOT_UTF8): a zero in
    /// the name; [`LIMIT`](crate::Status::LIMIT).
    pub fn open_lane(&self, name: &str) -> Result<Lane> {
        self.lane_under(0, name)
    }

    /// Opens a lane under another one of this scope or a parent's, with which it ends.
    /// [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT): that one is of another tree; else as
    /// [`Scope::open_lane`].
    pub fn open_lane_under(&self, parent: &Lane, name: &str) -> Result<Lane> {
        self.lane_under(parent.0, name)
    }

    fn lane_under(&self, parent: sys::weir_lane, name: &str) -> Result<Lane> {
        let call = "weir_lane_open";
        let (name, mut lane) = (given(call, name)?, 0);
        // Safety: all pointers are good for the call.
        refused(call, unsafe {
            sys::weir_lane_open(self.shared.handle, parent, name.data, name.length, 0, &mut lane)
        })?;
        Ok(Lane(lane))
    }
}

impl Lane {
    /// Ends the lane and those under it. After `SUCCEEDED`, `SKIPPED` or `IGNORED_FAILURE` it withdraws from the
    /// barriers that it has not reached; after any other outcome it breaks them. Does not block.
    /// [`Status::STALE`](crate::Status::STALE): it has ended before, or its scope is closed.
    pub fn finish(self, outcome: Outcome) -> Result<()> {
        let handle = self.0;
        std::mem::forget(self);
        // Safety: any numbers may be given.
        refused("weir_lane_finish", unsafe { sys::weir_lane_finish(handle, outcome.0) })
    }

    /// Makes the lane a party: the barrier waits for it. Once more is once. Does not block.
    /// [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT): the barrier is not in its scope or a parent of
    /// it; [`DECIDED`](crate::Status::DECIDED), [`STALE`](crate::Status::STALE); [`BUSY`](crate::Status::BUSY): its
    /// last end there has not been told yet.
    pub fn expect(&self, at: &Barrier) -> Result<()> {
        // Safety: any handles may be given.
        refused("weir_lane_expect", unsafe { sys::weir_lane_expect(self.0, at.handle) })
    }

    /// Takes an arrival back that waits: it ends as cancelled, and the lane is expected again. To drop an
    /// [`Arrival`](crate::Arrival) does the same. Does not block. [`Status::DECIDED`](crate::Status::DECIDED): too
    /// late, the decision counts; [`NOT_EXPECTED`](crate::Status::NOT_EXPECTED): it has not arrived;
    /// [`STALE`](crate::Status::STALE).
    pub fn retract(&self, at: &Barrier) -> Result<()> {
        // Safety: any handles may be given.
        refused("weir_lane_retract", unsafe { sys::weir_lane_retract(self.0, at.handle) })
    }

    /// Makes the lane no party any more. If it waits, that arrival ends as cancelled. As [`Lane::retract`].
    pub fn withdraw(&self, at: &Barrier) -> Result<()> {
        // Safety: any handles may be given.
        refused("weir_lane_withdraw", unsafe { sys::weir_lane_withdraw(self.0, at.handle) })
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // Safety: any numbers may be given; one that has ended is stale.
        unsafe { sys::weir_lane_finish(self.0, sys::WEIR_CANCELLED) };
    }
}
