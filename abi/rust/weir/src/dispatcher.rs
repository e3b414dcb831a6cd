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
        self.0 .0.will_be_dispatched();
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

#[cfg(all(test, not(miri)))]
mod tests {
    use crate::sync::lock;
    use crate::*;

    /// A host whose dispatcher can be held up between the drain and what it tells.
    struct Host {
        gate: Barrier,
        lane: Lane,
        other: Lane,
        scope: Scope,
        queue: Queue,
        _dispatcher: Dispatcher,
    }

    impl Host {
        fn new() -> Host {
            let queue = Queue::undriven(QueueOptions::default()).unwrap();
            let _dispatcher = queue.dispatch().unwrap();
            let runtime = Runtime::with(&RuntimeOptions { workers: 1, ..Default::default() }).unwrap();
            let scope = runtime.open_scope(&queue, ScopeOptions::default()).unwrap();
            let options = BarrierOptions { parties: 2, cyclic: true, ..Default::default() };
            let gate = scope.declare("gate", options).unwrap();
            let (lane, other) = (scope.open_lane("lane").unwrap(), scope.open_lane("other").unwrap());
            Host { gate, lane, other, scope, queue, _dispatcher }
        }

        fn begin(&self, lane: &Lane) -> Arrival {
            loop {
                match lane.begin(&self.gate, ArriveOptions::default()) {
                    Ok(arrival) => return arrival,
                    Err(error) => assert_eq!(error.status(), Status::BUSY), // not drained yet
                }
                std::thread::yield_now();
            }
        }

        fn close(self) {
            self.scope.close().unwrap();
            block_on(self.scope.closed());
        }
    }

    #[test]
    fn an_arrival_that_has_been_drained_takes_nobody_elses_back() {
        let host = Host::new();
        let held = lock(&host.queue.0 .0.consumer);
        let (first, _other) = (host.begin(&host.lane), host.begin(&host.other));
        let second = host.begin(&host.lane); // by another task: the first has ended, and nobody was told
        drop(first);
        drop(held);
        let last = host.begin(&host.other);
        assert_eq!(block_on(second).outcome, Outcome::SUCCEEDED);
        assert_eq!(block_on(last).outcome, Outcome::SUCCEEDED);
        host.close();
    }

    #[test]
    fn nor_does_a_batch() {
        let host = Host::new();
        let held = lock(&host.queue.0 .0.consumer);
        let first = host.gate.arrive_all(std::slice::from_ref(&host.lane)).unwrap();
        let _other = host.begin(&host.other);
        let second = host.begin(&host.lane);
        drop(first);
        drop(held);
        let last = host.begin(&host.other);
        assert_eq!(block_on(second).outcome, Outcome::SUCCEEDED);
        assert_eq!(block_on(last).outcome, Outcome::SUCCEEDED);
        host.close();
    }

    #[test]
    fn who_was_taken_back_twice_may_arrive_once_more() {
        let host = Host::new();
        let held = lock(&host.queue.0 .0.consumer);
        let (first, other) = (host.begin(&host.lane), host.begin(&host.other));
        let second = host.begin(&host.lane);
        drop(second);
        drop(first);
        drop(held);
        assert_eq!(block_on(other).outcome, Outcome::SUCCEEDED);
        let last = host.begin(&host.other);
        assert_eq!(block_on(host.lane.arrive(&host.gate)).unwrap().generation, 2);
        assert_eq!(block_on(last).outcome, Outcome::SUCCEEDED);
        host.close();
    }

    #[test]
    fn an_arrival_that_waits_is_taken_back_as_ever() {
        let host = Host::new();
        drop(host.begin(&host.lane));
        let other = host.begin(&host.other);
        assert_eq!(block_on(host.lane.arrive(&host.gate)).unwrap().generation, 1);
        assert_eq!(block_on(other).outcome, Outcome::SUCCEEDED);
        host.close();
    }
}
