// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Result};
use crate::event::{Event, Observer, Watch};
use crate::latch::Latch;
use crate::queue::{Owner, Queue};
use crate::route::ScopeEntry;
use crate::runtime::{self, Runtime};
use crate::sync::lock;
use crate::text::{given, written};
use std::future::Future;
use std::sync::Arc;
use weir_sys as sys;

/// What a scope is called and who watches it.
#[derive(Default)]
pub struct ScopeOptions<'a> {
    /// For people, and in what is told.
    pub name: &'a str,
    /// The host's own, in [`Event::tag`].
    pub tag: u64,
    /// A lane that waits does nothing else until it is told. Then a stall, lanes that wait for each other in a circle,
    /// breaks its barriers with [`Reason::DEADLOCK`](crate::Reason::DEADLOCK) at the moment it is certain; to wait
    /// twice is [`Status::BUSY`](crate::Status::BUSY). A root's, for all below it.
    pub sequential: bool,
    /// Sees every event of the scope; none in a child: its parent's does.
    pub observe: Option<Observer>,
}

/// Where lanes meet: it has lanes, barriers, gates and scopes below it, whose lanes see its barriers.
///
/// Dropped, it closes as by [`Scope::close`].
pub struct Scope {
    pub(crate) shared: Arc<Shared>,
    pub(crate) queue: Arc<Owner>,
}

pub(crate) struct Shared {
    pub(crate) handle: sys::weir_scope,
    pub(crate) closed: Arc<Latch>,
    watch: Option<Arc<Watch>>,
    runtime: Arc<runtime::Owned>,
}

impl Shared {
    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(watch) = &self.watch {
            watch.tell(event);
        }
    }
}

impl Runtime {
    /// Opens a root scope, which keeps the runtime's time and tells to the queue. Does not block.
    /// [`Status::CLOSED`](crate::Status::CLOSED): the runtime is being closed; [`STALE`](crate::Status::STALE): it, or
    /// the queue, was closed; [`NOT_UTF8`](crate::Status::NOT_UTF8): a zero in the name.
    pub fn open_scope(&self, queue: &Queue, options: ScopeOptions<'_>) -> Result<Scope> {
        open((self.0 .0, queue.0 .0.handle, 0), &self.0, &queue.0, options, None)
    }
}

/// `under` is the handles of the runtime, the queue and the parent.
fn open(
    under: (sys::weir_runtime, sys::weir_queue, sys::weir_scope),
    runtime: &Arc<runtime::Owned>,
    queue: &Arc<Owner>,
    options: ScopeOptions<'_>,
    parents: Option<Arc<Watch>>,
) -> Result<Scope> {
    let call = "weir_scope_open";
    let name = given(call, options.name)?;
    let how = sys::weir_scope_options {
        struct_size: std::mem::size_of::<sys::weir_scope_options>() as u32,
        name_length: name.length,
        name: name.data,
        parent: under.2,
        tag: options.tag,
        flags: if options.sequential { sys::WEIR_SCOPE_SEQUENTIAL } else { 0 },
        reserved0: 0,
    };
    let watch = Watch::new(options.observe).map(Arc::new).or(parents);
    let mut handle = 0;
    // Its first event finds it.
    let mut state = lock(&queue.0.state);
    // Safety: all pointers are good for the call.
    told(call, |error| unsafe { sys::weir_scope_open(under.0, under.1, &how, &mut handle, error) })?;
    let shared = Arc::new(Shared { handle, closed: Arc::default(), watch, runtime: runtime.clone() });
    state.scopes.insert(handle, ScopeEntry { scope: shared.clone(), barriers: Vec::new() });
    drop(state);
    Ok(Scope { shared, queue: queue.clone() })
}

impl Scope {
    /// Opens a scope below this one. Does not block. [`Status::CLOSED`](crate::Status::CLOSED) or
    /// [`STALE`](crate::Status::STALE): this one is closed; [`NOT_UTF8`](crate::Status::NOT_UTF8).
    pub fn open_scope(&self, options: ScopeOptions<'_>) -> Result<Scope> {
        let of = &self.shared;
        open((0, 0, of.handle), &of.runtime, &self.queue, options, of.watch.clone())
    }

    /// Closes the scope and those below it: lanes that are open end as cancelled, barriers that have not decided break,
    /// and each who waits is told. Does not block; [`Scope::closed`] says when all has been told.
    /// [`Status::STALE`](crate::Status::STALE): it was closed before.
    pub fn close(&self) -> Result<()> {
        // Safety: any handle may be given.
        refused("weir_scope_close", unsafe { sys::weir_scope_close(self.shared.handle) })
    }

    /// Waits until the scope is closed and all of it has been told. Dropped, it waits no more, and that is all.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + Unpin + 'static {
        self.shared.closed.wait()
    }

    /// Tells the scope and all below it as JSON: lanes, barriers, who waits where and for whom. Does not block.
    /// [`Status::STALE`](crate::Status::STALE).
    pub fn describe(&self) -> Result<String> {
        // Safety: the pointer is good for the call.
        written("weir_scope_describe", |text| unsafe { sys::weir_scope_describe(self.shared.handle, text) })
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // Safety: any handle may be given; one that was closed before is stale.
        unsafe { sys::weir_scope_close(self.shared.handle) };
    }
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Scope").field(&self.shared.handle).finish()
    }
}
