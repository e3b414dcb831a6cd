// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Error, Result};
use crate::numbers::Status;
use crate::route::State;
use crate::sync::lock;
use crate::{thread, wake};
use std::os::unix::io::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::task::Waker;
use std::thread::ThreadId;
use weir_sys as sys;

const BATCH: usize = 256;

/// What a queue's events have.
#[derive(Clone, Copy, Debug, Default)]
pub struct QueueOptions {
    /// Fill [`Event::json`](crate::Event::json).
    pub json: bool,
}

/// Carries what runs and scopes tell to those who wait for it. A clone is the same queue.
///
/// Somebody has to serve it: a thread that sleeps while there is nothing to tell ([`Queue::new`]), a task of tokio
/// (`Queue::tokio`, with that feature), or the host ([`Queue::undriven`]). It ends when the last clone and every scope
/// and run on it have gone, and all has been told.
#[derive(Clone)]
pub struct Queue(pub(crate) Arc<Owner>);

/// What keeps a queue served.
pub(crate) struct Owner(pub(crate) Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.closing.store(true, Ordering::Release);
        // Safety: any handle may be given.
        unsafe { sys::weir_queue_wake(self.0.handle) };
    }
}

/// The queue itself, for those who serve it and those who wait.
pub(crate) struct Shared {
    pub(crate) handle: sys::weir_queue,
    pub(crate) state: Mutex<State>,
    pub(crate) readable: OwnedFd, // a duplicate of the library's, which `close` closes under whoever waits for it
    pub(crate) consumer: Mutex<Consumer>,
    serving: Mutex<Option<ThreadId>>, // who is telling what was drained
    closing: AtomicBool,
    dispatched: AtomicBool, // is, or was
    wake: Option<wake::Token>,
}

impl Queue {
    /// Makes a queue that a thread of its own serves. Does not block. [`Status::LIMIT`]: the process can have no more
    /// descriptors, or threads.
    pub fn new() -> Result<Queue> {
        Queue::with(QueueOptions::default())
    }

    /// The same, with options.
    pub fn with(options: QueueOptions) -> Result<Queue> {
        let queue = Queue::undriven(options)?;
        thread::serve(queue.0 .0.clone())?;
        Ok(queue)
    }

    /// Makes a queue that the host serves: with its own reactor, by [`as_fd`](AsFd::as_fd) and [`Queue::drain`], or by
    /// [`Queue::dispatch`]. Nobody who waits goes on otherwise. Does not block. [`Status::LIMIT`].
    ///
    /// Drain until the runs have finished before the last of it is dropped: what nobody serves cannot end.
    pub fn undriven(options: QueueOptions) -> Result<Queue> {
        Shared::create(options, None)
    }

    /// The same, for a host whose loop has a wake-up of its own: `wake` is called where the descriptor becomes
    /// readable, on any thread, and may do no more than signal. Nothing of this crate may be called in it.
    pub fn with_wake(options: QueueOptions, wake: impl Fn() + Send + Sync + 'static) -> Result<Queue> {
        Shared::create(options, Some(wake::Token::new(Arc::new(wake))))
    }

    /// Takes what has been told, up to 256 events, and lets those who waited for it go on. How many they were; after 0
    /// the descriptor will be readable once there is one. Does not block. [`Status::BUSY`]: another thread drains;
    /// [`BAD_STATE`](Status::BAD_STATE): a dispatcher does.
    pub fn drain(&self) -> Result<usize> {
        let shared = &self.0 .0;
        match shared.consumer.try_lock() {
            Ok(consumer) => shared.serve(consumer),
            Err(TryLockError::Poisoned(poisoned)) => shared.serve(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::new("weir_queue_drain", Status::BUSY)),
        }
    }

    /// Makes the descriptor readable without an event, for instance to stop a thread that waits for it. Does not block.
    pub fn wake(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_queue_wake", unsafe { sys::weir_queue_wake(self.0 .0.handle) })
    }

    /// Ends the queue now, for all its clones. Blocks while another thread is telling what it drained.
    /// [`Status::BUSY`]: runs or scopes still send to it, or have something to tell, and nothing has ended;
    /// [`BAD_STATE`](Status::BAD_STATE): this is called by an observer; [`STALE`](Status::STALE): it was closed before.
    pub fn close(&self) -> Result<()> {
        let shared = &self.0 .0;
        let call = "weir_queue_destroy";
        if *lock(&shared.serving) == Some(std::thread::current().id()) {
            return Err(Error::new(call, Status::BAD_STATE));
        }
        let _consumer = lock(&shared.consumer);
        if !lock(&shared.state).is_idle() {
            return Err(Error::new(call, Status::BUSY));
        }
        // Who serves it is woken, and finds it stale once the consumer's lock is given back.
        // Safety: any handle may be given.
        refused(call, unsafe {
            sys::weir_queue_wake(shared.handle);
            sys::weir_queue_destroy(shared.handle)
        })
    }
}

/// The queue's descriptor, for poll, epoll and their like. Only wait on it: drain until there is nothing, then wait. It
/// is readable once for the first event after a drain that found nothing.
impl AsFd for Queue {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0 .0.readable.as_fd()
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Queue").field(&self.0 .0.handle).finish()
    }
}

impl Shared {
    fn create(options: QueueOptions, wake: Option<wake::Token>) -> Result<Queue> {
        let given = sys::weir_queue_options {
            struct_size: std::mem::size_of::<sys::weir_queue_options>() as u32,
            flags: if options.json { sys::WEIR_QUEUE_JSON } else { 0 },
        };
        let mut handle = 0;
        // Safety: all pointers are good for the call.
        told("weir_queue_create", |error| unsafe { sys::weir_queue_create(&given, &mut handle, error) })?;
        let destroy = |error| {
            // Safety: any handle may be given.
            unsafe { sys::weir_queue_destroy(handle) };
            error
        };
        let shared = Arc::new(Shared {
            handle,
            state: Mutex::new(State::new()),
            readable: duplicate(handle).map_err(destroy)?,
            consumer: Mutex::new(Consumer::new()),
            serving: Mutex::new(None),
            closing: AtomicBool::new(false),
            dispatched: AtomicBool::new(false),
            wake,
        });
        if let Some(wake) = &shared.wake {
            let (call, context) = wake.for_c();
            // Safety: the context is a number, good even when nobody knows it any more.
            refused("weir_queue_on_wake", unsafe { sys::weir_queue_on_wake(handle, call, context) })?;
        }
        Ok(Queue(Arc::new(Owner(shared))))
    }

    /// Serves until there is nothing: then it is over, or the descriptor is armed. An error: it was closed.
    pub(crate) fn serve_all(&self) -> Result<()> {
        while self.serve(lock(&self.consumer))? > 0 {}
        Ok(())
    }

    /// Whether what has been drained may not have been routed: the dispatcher does the one without our lock.
    pub(crate) fn is_dispatched(&self) -> bool {
        self.dispatched.load(Ordering::Acquire)
    }

    pub(crate) fn will_be_dispatched(&self) {
        self.dispatched.store(true, Ordering::Release);
    }

    /// Whether nobody will ask for anything any more, and all has been told.
    pub(crate) fn is_over(&self) -> bool {
        self.closing.load(Ordering::Acquire) && lock(&self.state).is_idle()
    }

    /// One batch. What ends waits is routed under the lock under which it was drained: nobody sees an arrival that has
    /// been drained and has not ended, and so nobody takes the lane's next one back instead. Then the others are told,
    /// and those who watch; last, who waited is woken.
    fn serve(&self, mut consumer: MutexGuard<'_, Consumer>) -> Result<usize> {
        let mut woken = Vec::new();
        let events = {
            let mut state = lock(&self.state);
            let events = consumer.drain(self.handle)?;
            state.route(events, &mut woken);
            events
        };
        self.tell(events, woken);
        Ok(events.len())
    }

    /// What a dispatcher hands over.
    pub(crate) fn dispatched(&self, events: &[sys::weir_event]) {
        let _consumer = lock(&self.consumer);
        let mut woken = Vec::new();
        lock(&self.state).route(events, &mut woken);
        self.tell(events, woken);
    }

    fn tell(&self, events: &[sys::weir_event], woken: Vec<Waker>) {
        *lock(&self.serving) = Some(std::thread::current().id());
        State::tell(&self.state, events);
        *lock(&self.serving) = None;
        woken.into_iter().for_each(Waker::wake);
    }
}

fn duplicate(queue: sys::weir_queue) -> Result<OwnedFd> {
    let call = "weir_queue_descriptor";
    let mut descriptor = -1;
    // Safety: the pointer is good for the call.
    refused(call, unsafe { sys::weir_queue_descriptor(queue, &mut descriptor) })?;
    // Safety: nobody else knows this queue yet, who could close it.
    let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
    borrowed.try_clone_to_owned().map_err(|error| Error::with(call, Status::LIMIT, &error.to_string()))
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Safety: any handle may be given; one that was closed before is stale.
        unsafe { sys::weir_queue_destroy(self.handle) };
    }
}

/// The memory that events are drained to.
pub(crate) struct Consumer(Box<[sys::weir_event]>);

// Safety: the pointers in it are the library's, valid until the next drain on whatever thread.
unsafe impl Send for Consumer {}

impl Consumer {
    fn new() -> Self {
        // Safety: of numbers and pointers, all zero is one.
        Consumer(vec![unsafe { std::mem::zeroed() }; BATCH].into())
    }

    fn drain(&mut self, queue: sys::weir_queue) -> Result<&[sys::weir_event]> {
        let (mut count, stride) = (0, std::mem::size_of::<sys::weir_event>() as u32);
        // Safety: there is room for so many events.
        refused("weir_queue_drain", unsafe {
            sys::weir_queue_drain(queue, self.0.as_mut_ptr(), stride, BATCH as u32, &mut count)
        })?;
        Ok(&self.0[..count as usize])
    }
}
