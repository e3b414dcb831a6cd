// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Result};
use crate::log::LogSink;
use std::sync::Arc;
use std::time::Duration;
use weir_sys as sys;

/// How a runtime works. The default is one worker a core, on the machine's clock.
#[derive(Clone, Debug, Default)]
pub struct RuntimeOptions {
    /// No worker threads: the host calls [`Runtime::poll`].
    pub polled: bool,
    /// A clock that jumps to the next timer whenever nothing else can happen, and stands still while the host owes an
    /// answer to a step.
    pub virtual_clock: bool,
    /// Threads; 0: one a core. At most 1024.
    pub workers: u32,
    /// Of a plan's lane, in bytes of address space; 0: 28 KiB.
    pub stack_size: u32,
    /// In which order lanes run; 0: as they became ready.
    pub seed: u64,
    /// Lines for people about what goes wrong between host and library; none: nowhere.
    pub log: Option<LogSink>,
}

/// Keeps the time and walks plans. A process may have several; they share nothing. A clone is the same runtime.
///
/// It ends when the last clone, and every scope and run of it, has gone; that blocks until its threads have ended.
#[derive(Clone, Debug)]
pub struct Runtime(pub(crate) Arc<Owned>);

#[derive(Debug)]
pub(crate) struct Owned(pub(crate) sys::weir_runtime, Option<LogSink>);

impl Drop for Owned {
    fn drop(&mut self) {
        // Safety: any handle may be given; one that was closed before is stale.
        if unsafe { sys::weir_runtime_destroy_wait(self.0) } != sys::WEIR_OK {
            std::mem::forget(self.1.take()); // it goes on, and so does its log
        }
    }
}

/// What a runtime holds at a moment, for people and graphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Threads; 0: polled.
    pub workers: u32,
    /// Under way, and root scopes that are open.
    pub runs: u64,
    /// Fibers that exist.
    pub lanes: u64,
    /// Since the runtime was made.
    pub lanes_started: u64,
    /// Pending.
    pub timers: u64,
    /// Address space mapped for stacks; touched pages alone are resident.
    pub stack_bytes: u64,
    /// The runtime's clock.
    pub now: Duration,
}

impl Runtime {
    /// Makes a runtime of one worker a core. Does not block. [`Status::LIMIT`](crate::Status::LIMIT),
    /// [`NO_MEMORY`](crate::Status::NO_MEMORY).
    pub fn new() -> Result<Runtime> {
        Runtime::with(&RuntimeOptions::default())
    }

    /// Makes a runtime. Does not block. [`Status::INVALID_ARGUMENT`](crate::Status::INVALID_ARGUMENT) names the option
    /// that is out of range; [`LIMIT`](crate::Status::LIMIT), [`NO_MEMORY`](crate::Status::NO_MEMORY).
    pub fn with(options: &RuntimeOptions) -> Result<Runtime> {
        let none = (None, std::ptr::null_mut(), 0);
        let (log, log_context, log_level) = options.log.as_ref().map_or(none, LogSink::for_c);
        let given = sys::weir_runtime_options {
            struct_size: std::mem::size_of::<sys::weir_runtime_options>() as u32,
            flags: if options.polled { sys::WEIR_RUNTIME_POLLED } else { 0 },
            workers: options.workers,
            stack_size: options.stack_size,
            clock: if options.virtual_clock { sys::WEIR_CLOCK_VIRTUAL } else { sys::WEIR_CLOCK_REAL },
            reserved0: 0,
            seed: options.seed,
            log,
            log_context,
            log_level,
            reserved1: 0,
        };
        let mut handle = 0;
        // Safety: all pointers are good for the call.
        told("weir_runtime_create", |error| unsafe { sys::weir_runtime_create(&given, &mut handle, error) })?;
        Ok(Runtime(Arc::new(Owned(handle, options.log.clone()))))
    }

    /// Runs what is ready in a polled runtime, on the calling thread, and returns the time until the next timer: zero
    /// when something is ready already, `None` when there is none. `budget` bounds how many times lanes are resumed;
    /// 0: until nothing is ready. Does not block. [`Status::BAD_STATE`](crate::Status::BAD_STATE): it has workers of
    /// its own; [`BUSY`](crate::Status::BUSY): another thread polls.
    pub fn poll(&self, budget: u32) -> Result<Option<Duration>> {
        let mut next = 0;
        // Safety: all pointers are good for the call.
        refused("weir_runtime_poll", unsafe { sys::weir_runtime_poll(self.0 .0, budget, &mut next) })?;
        Ok(u64::try_from(next).ok().map(Duration::from_nanos))
    }

    /// What it holds at this moment. Does not block. [`Status::CLOSED`](crate::Status::CLOSED): it is being closed.
    pub fn statistics(&self) -> Result<Statistics> {
        let size = std::mem::size_of::<sys::weir_statistics>() as u32;
        // Safety: of plain numbers, all zero is one.
        let mut seen: sys::weir_statistics = unsafe { std::mem::zeroed() };
        seen.struct_size = size;
        // Safety: all pointers are good for the call.
        refused("weir_runtime_statistics", unsafe { sys::weir_runtime_statistics(self.0 .0, &mut seen) })?;
        Ok(Statistics {
            workers: seen.workers,
            runs: seen.runs,
            lanes: seen.lanes,
            lanes_started: seen.lanes_started,
            timers: seen.timers,
            stack_bytes: seen.stack_bytes,
            now: Duration::from_nanos(seen.now_ns),
        })
    }

    /// Ends the runtime now, for all its clones, and blocks until its threads have ended.
    /// [`Status::BUSY`](crate::Status::BUSY): runs go on or scopes are open, and nothing has ended;
    /// [`STALE`](crate::Status::STALE): it was closed before.
    pub fn close(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_runtime_destroy_wait", unsafe { sys::weir_runtime_destroy_wait(self.0 .0) })
    }
}
