// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, Result};
use crate::numbers::Status;
use crate::queue::{Owner, Queue, Shared};
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use weir_sys as sys;

/// A thread of the library's that serves a queue while this lives. All signals are blocked in it.
pub struct Dispatcher {
    queue: Option<Arc<Owner>>, // none: it has ended
}

impl Queue {
    /// Has a thread of the library's serve a queue that nobody else does. Does not block.
    /// [`Status::BAD_STATE`]: there is a dispatcher already;
    /// [`LIMIT`](Status::LIMIT): the process can have no more threads.
    pub fn dispatch(&self) -> Result<Dispatcher> {
        let context: *const Shared = &*self.0 .0;
        // Safety: the queue lives until the dispatcher has ended, in which nothing of it is called any more.
        refused("weir_queue_dispatch", unsafe {
            sys::weir_queue_dispatch(self.0 .0.handle, Some(take), context as *mut c_void)
        })?;
        Ok(Dispatcher { queue: Some(self.0.clone()) })
    }
}

impl Dispatcher {
    /// Ends the thread, and blocks until it has. What it has not handed over stays in the queue.
    pub fn end(mut self) -> Result<()> {
        self.queue.take().map_or(Ok(()), end)
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        self.queue.take().map(end);
    }
}

/// One that is ended on its own thread goes on, and so the queue stays.
fn end(queue: Arc<Owner>) -> Result<()> {
    // Safety: any handle may be given.
    let ended = refused("weir_queue_dispatch_end_wait", unsafe { sys::weir_queue_dispatch_end_wait(queue.0.handle) });
    if matches!(&ended, Err(error) if error.status() == Status::BAD_STATE) {
        std::mem::forget(queue);
    }
    ended
}

unsafe extern "C" fn take(context: *mut c_void, events: *const sys::weir_event, stride: u32, count: u32) {
    debug_assert_eq!(stride as usize, std::mem::size_of::<sys::weir_event>());
    let shared = &*(context as *const Shared);
    let events = std::slice::from_raw_parts(events, count as usize);
    // A panic must not cross into C; observers' own are caught before.
    drop(catch_unwind(AssertUnwindSafe(|| shared.dispatched(events))));
}

impl std::fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dispatcher")
    }
}
