// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, Result};
use crate::latch::Latch;
use crate::numbers::Outcome;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use weir_sys as sys;

/// A barrier that all have reached, and that waits for the host's word before anybody goes on.
///
/// Dropped without an answer, it breaks the barrier for all.
#[derive(Debug)]
pub struct Completion {
    barrier: sys::weir_barrier,
    generation: u32,
    over: Over,
}

struct Over(Arc<Latch>);

impl Completion {
    /// The barrier's, 1, 2, 3 ...
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Answers: [`Outcome::SUCCEEDED`] releases all, any other breaks the barrier for all. Does not block.
    /// [`Status::DECIDED`](crate::Status::DECIDED): it broke meanwhile; [`STALE`](crate::Status::STALE).
    pub fn finish(self, outcome: Outcome) -> Result<()> {
        let status = self.answer(outcome);
        self.over.0.set(); // no second answer, by dropping
        refused("weir_barrier_complete", status)
    }

    /// Waits until the barrier has decided: when it broke meanwhile, there is no need to go on. Dropped, it waits no
    /// more, and that is all.
    pub fn decided(&self) -> impl Future<Output = ()> + Send + Unpin + 'static {
        self.over.0.wait()
    }

    fn answer(&self, outcome: Outcome) -> sys::weir_status {
        // Safety: any numbers may be given.
        unsafe { sys::weir_barrier_complete(self.barrier, self.generation, outcome.0) }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        if !self.over.0.is_set() {
            self.answer(Outcome::FAILED);
        }
    }
}

impl std::fmt::Debug for Over {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_set() { "over" } else { "asked" })
    }
}

/// Who is asked.
pub(crate) struct Completes(pub(crate) Box<dyn Fn(Completion) + Send + Sync>);

impl Completes {
    /// A panic drops the completion, which breaks the barrier; others on the queue are not concerned.
    pub(crate) fn ask(&self, barrier: sys::weir_barrier, generation: u32, over: Arc<Latch>) {
        let completion = Completion { barrier, generation, over: Over(over) };
        drop(catch_unwind(AssertUnwindSafe(|| (self.0)(completion))));
    }
}
