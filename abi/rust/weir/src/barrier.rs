// SPDX-License-Identifier: BSL-1.0

use crate::completion::{Completes, Completion};
use crate::error::{refused, told, Error, Result};
use crate::numbers::Status;
use crate::queue::Shared;
use crate::route::BarrierEntry;
use crate::scope::Scope;
use crate::sync::lock;
use crate::text::{given, nanoseconds, written};
use std::sync::Arc;
use std::time::Duration;
use weir_sys as sys;

/// For whom a barrier waits, and how long. The default waits for all lanes that were expected, without limit, once.
#[derive(Default)]
pub struct BarrierOptions {
    /// So many more will come, whoever they are; 0: only those expected. Then it is open from the start.
    pub parties: u32,
    /// So many arrivals release it; 0: all.
    pub quorum: u32,
    /// From the first arrival of a generation.
    pub timeout: Option<Duration>,
    /// A release begins the next generation.
    pub cyclic: bool,
    /// With a quorum: who comes later fails; else passes.
    pub stragglers_fail: bool,
    /// The host's own, in [`Event::tag`](crate::Event::tag).
    pub tag: u64,
    /// Called before anybody goes on, on the thread that serves the queue: it must not wait, but may hand the
    /// completion to who does. One that is dropped without an answer breaks the barrier.
    pub complete: Option<Box<dyn Fn(Completion) + Send + Sync>>,
}

impl BarrierOptions {
    fn flags(&self) -> u32 {
        let flag = |on, flag| if on { flag } else { 0 };
        flag(self.cyclic, sys::WEIR_BARRIER_CYCLIC)
            | flag(self.stragglers_fail, sys::WEIR_BARRIER_STRAGGLERS_FAIL)
            | flag(self.complete.is_some(), sys::WEIR_BARRIER_COMPLETES)
    }
}

/// Where lanes of its scope, and of those below, wait for each other. A clone is the same barrier. It goes with its
/// scope.
#[derive(Clone)]
pub struct Barrier {
    pub(crate) handle: sys::weir_barrier,
    pub(crate) queue: Arc<Shared>,
    name: Arc<str>,
}

impl Scope {
    /// Declares a barrier. Unless it has `parties`, it decides nothing before [`Barrier::open`]. Does not block.
    /// [`Status::EXISTS`]: the scope has one of that name; [`INVALID_ARGUMENT`](Status::INVALID_ARGUMENT): no name;
    /// [`NOT_UTF8`](Status::NOT_UTF8): a zero in it; [`STALE`](Status::STALE): the scope is closed.
    pub fn declare(&self, name: &str, options: BarrierOptions) -> Result<Barrier> {
        let call = "weir_barrier_declare";
        let text = given(call, name)?;
        let how = sys::weir_barrier_options {
            struct_size: std::mem::size_of::<sys::weir_barrier_options>() as u32,
            flags: options.flags(),
            parties: options.parties,
            quorum: options.quorum,
            timeout_ns: options.timeout.map_or(0, |timeout| nanoseconds(timeout).max(1)),
            tag: options.tag,
        };
        let completes = options.complete.map(|call| Arc::new(Completes(call)));
        let (queue, name): (_, Arc<str>) = (self.queue.0.clone(), name.into());
        let mut handle = 0;
        let mut state = lock(&queue.state); // its first event finds it
        let scope = self.shared.handle;
        // Safety: all pointers are good for the call.
        told(call, |error| unsafe {
            sys::weir_barrier_declare(scope, text.data, text.length, &how, &mut handle, error)
        })?;
        let entry = BarrierEntry { name: name.clone(), completes, decision: None, completing: None };
        state.barriers.insert(handle, entry);
        if let Some(entry) = state.scopes.get_mut(&scope) {
            entry.barriers.push(handle);
        }
        drop(state);
        Ok(Barrier { handle, queue, name })
    }

    /// Finds a barrier by name: in this scope, then in its parents. Does not block. [`Status::NOT_FOUND`],
    /// [`STALE`](Status::STALE).
    pub fn find(&self, name: &str) -> Result<Barrier> {
        let call = "weir_barrier_find";
        let (text, mut handle) = (given(call, name)?, 0);
        // Safety: all pointers are good for the call.
        refused(call, unsafe { sys::weir_barrier_find(self.shared.handle, text.data, text.length, &mut handle) })?;
        let name = lock(&self.queue.0.state).barriers.get(&handle).map(|entry| entry.name.clone());
        let name = name.ok_or_else(|| Error::new(call, Status::STALE))?; // its scope has closed meanwhile
        Ok(Barrier { handle, queue: self.queue.0.clone(), name })
    }
}

impl Barrier {
    /// What it was declared as.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says that whoever is known from the start has been expected: from here on it may decide. Does not block.
    /// [`Status::STALE`].
    pub fn open(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_barrier_open", unsafe { sys::weir_barrier_open(self.handle) })
    }

    /// Holds places for parties that are not known yet: until they are settled nobody is released. Does not block.
    /// [`Status::INVALID_ARGUMENT`]: no places, or too many; [`DECIDED`](Status::DECIDED), [`STALE`](Status::STALE).
    pub fn reserve(&self, places: u32) -> Result<()> {
        // Safety: any numbers may be given.
        refused("weir_barrier_reserve", unsafe { sys::weir_barrier_reserve(self.handle, places) })
    }

    /// Gives up places that were reserved. Expect those who have become known before. Does not block.
    /// [`Status::INVALID_ARGUMENT`]: none, or more than are held; [`STALE`](Status::STALE).
    pub fn settle(&self, places: u32) -> Result<()> {
        // Safety: any numbers may be given.
        refused("weir_barrier_settle", unsafe { sys::weir_barrier_settle(self.handle, places) })
    }

    /// Decides by hand, now, for all: they go on. Does not block. [`Status::DECIDED`], [`STALE`](Status::STALE);
    /// [`BUSY`](Status::BUSY): the release before has not been told yet.
    pub fn release_by_hand(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_barrier_release", unsafe { sys::weir_barrier_release(self.handle) })
    }

    /// Decides by hand, now, for all: they fail. Does not block. [`Status::DECIDED`], [`STALE`](Status::STALE).
    pub fn break_by_hand(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_barrier_break", unsafe { sys::weir_barrier_break(self.handle) })
    }

    /// Tells where it stands, as JSON: who has arrived, who is missing. Does not block. [`Status::STALE`].
    pub fn describe(&self) -> Result<String> {
        // Safety: the pointer is good for the call.
        written("weir_barrier_describe", |text| unsafe { sys::weir_barrier_describe(self.handle, text) })
    }
}

impl PartialEq for Barrier {
    fn eq(&self, other: &Barrier) -> bool {
        self.handle == other.handle
    }
}

impl Eq for Barrier {}

impl std::fmt::Debug for Barrier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Barrier").field(&self.name).finish()
    }
}
