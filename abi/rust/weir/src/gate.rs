// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Error, Result};
use crate::lane::Lane;
use crate::numbers::Outcome;
use crate::queue::Shared;
use crate::route::End;
use crate::scope::Scope;
use crate::text::given;
use crate::wait::{Back, Settled, Wait};
use std::fmt;
use std::sync::Arc;
use weir_sys as sys;

/// So many slots, which lanes take and give. It closes with its scope. A clone is the same gate.
#[derive(Clone)]
pub struct Gate {
    handle: sys::weir_gate,
    queue: Arc<Shared>,
}

impl Scope {
    /// Opens a gate. Does not block. [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT): no slots;
    /// [`NOT_UTF8`](crate::Status::NOT_UTF8): a zero in the name; [`STALE`](crate::Status::STALE).
    pub fn open_gate(&self, name: &str, slots: u32) -> Result<Gate> {
        let call = "weir_gate_open";
        let (name, mut handle) = (given(call, name)?, 0);
        // Safety: all pointers are good for the call.
        told(call, |error| unsafe {
            sys::weir_gate_open(self.shared.handle, name.data, name.length, slots, &mut handle, error)
        })?;
        Ok(Gate { handle, queue: self.queue.0.clone() })
    }
}

impl Gate {
    /// More slots are handed out at once; fewer take effect as slots are given back. Does not block.
    /// [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT): none; [`STALE`](crate::Status::STALE).
    pub fn set_slots(&self, slots: u32) -> Result<()> {
        // Safety: any numbers may be given.
        refused("weir_gate_set_slots", unsafe { sys::weir_gate_set_slots(self.handle, slots) })
    }
}

/// A slot that a lane holds, and gives when this is dropped.
#[derive(Debug)]
#[must_use = "a slot that is dropped is given back"]
pub struct Slot<'l> {
    lane: &'l Lane,
    gate: Gate,
    given: bool,
}

impl Slot<'_> {
    /// Gives it to the first who waits. Does not block. [`Status::STALE`](crate::Status::STALE): the lane has ended, and
    /// gave it by that.
    pub fn give(mut self) -> Result<()> {
        self.given = true;
        refused("weir_lane_give_slot", self.give_back())
    }

    fn give_back(&self) -> sys::weir_status {
        // Safety: any handles may be given; a slot that went with its lane is not held.
        unsafe { sys::weir_lane_give_slot(self.lane.0, self.gate.handle) }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if !self.given {
            self.give_back();
        }
    }
}

/// Why a lane has no slot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SlotError {
    /// It did not wait for one.
    Refused(Error),
    /// The lane ended, or the scope closed, before it had one.
    Cancelled,
}

impl fmt::Display for SlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SlotError::Refused(error) => error.fmt(f),
            SlotError::Cancelled => f.write_str("the lane ended, or the scope closed, before it had a slot"),
        }
    }
}

impl std::error::Error for SlotError {}

impl From<Error> for SlotError {
    fn from(error: Error) -> Self {
        SlotError::Refused(error)
    }
}

impl Lane {
    /// Waits for a slot of the gate, behind all who wait already. To keep a gate from starving a barrier, drop the slot
    /// before [`Lane::arrive`] and take one again when that has ended.
    ///
    /// Nothing happens before the first poll. Dropped while it waits, the lane waits no more; a slot that was given
    /// meanwhile goes to the next.
    ///
    /// [`SlotError::Refused`] with [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT): the gate is not in
    /// the lane's scope or a parent of it; [`BUSY`](crate::Status::BUSY): it holds a slot of it, or waits for one;
    /// [`STALE`](crate::Status::STALE).
    pub async fn take_slot(&self, gate: &Gate) -> Result<Slot<'_>, SlotError> {
        let who = (self.0, gate.handle);
        Settled { shared: &gate.queue, who }.await;
        let back = Back { who, call: sys::weir_lane_give_slot };
        let wait = Wait::begin(&gate.queue, Some(back), |tag| {
            // Safety: any numbers may be given.
            refused("weir_lane_take_slot", unsafe { sys::weir_lane_take_slot(self.0, gate.handle, tag) })
        })?;
        match wait.await {
            End::Slot(Outcome::SUCCEEDED) => Ok(Slot { lane: self, gate: gate.clone(), given: false }),
            _ => Err(SlotError::Cancelled),
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate").field(&self.handle).finish()
    }
}
