// SPDX-License-Identifier: BSL-1.0

//! One who waits for the end of one accepted call.

use crate::numbers::Outcome;
use crate::queue::Shared;
use crate::route::End;
use crate::sync::lock;
use crate::waits::Who;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use weir_sys as sys;

/// Ends with the event. Dropped before, it takes the call back, where that can be done.
pub(crate) struct Wait {
    shared: Arc<Shared>,
    tag: u64,
    back: Option<Back>,
    over: bool,
}

/// How a call is taken back.
#[derive(Clone, Copy)]
pub(crate) struct Back {
    pub(crate) who: Who,
    pub(crate) call: unsafe extern "C" fn(u64, u64) -> sys::weir_status,
}

impl Back {
    fn take(self) {
        // Safety: handles may be any numbers. Too late is nobody's concern.
        unsafe { (self.call)(self.who.0, self.who.1) };
    }
}

impl Wait {
    /// Makes a call that is to be given a tag; its event may come before it has returned.
    pub(crate) fn begin<E>(
        shared: &Arc<Shared>,
        back: Option<Back>,
        call: impl FnOnce(u64) -> Result<(), E>,
    ) -> Result<Wait, E> {
        let tag = lock(&shared.state).waits.begin();
        match call(tag) {
            Ok(()) => Ok(Wait { shared: shared.clone(), tag, back, over: false }),
            Err(refusal) => {
                lock(&shared.state).waits.strike(tag);
                Err(refusal)
            }
        }
    }

    /// Of a call that was made under the queue's lock.
    pub(crate) fn of(shared: &Arc<Shared>, tag: u64) -> Wait {
        Wait { shared: shared.clone(), tag, back: None, over: false }
    }
}

impl Future for Wait {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        assert!(!self.over, "polled after its end");
        let polled = lock(&self.shared.state).waits.poll(self.tag, cx.waker());
        match polled {
            Ok(end) => {
                self.over = true;
                Poll::Ready(end)
            }
            Err(_old) => Poll::Pending,
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let mut state = lock(&self.shared.state);
        let (end, waker) = state.waits.leave(self.tag, self.back.map(|back| back.who));
        // An arrival that has ended is over; a slot that was given is held.
        if matches!(end, None | Some(End::Slot(Outcome::SUCCEEDED))) {
            self.back.into_iter().for_each(Back::take);
        }
        drop(state);
        drop(waker);
    }
}

/// Waits until what this lane left behind at that barrier or gate has ended: until then it may not come again.
pub(crate) struct Settled<'s> {
    pub(crate) shared: &'s Arc<Shared>,
    pub(crate) who: Who,
}

impl Future for Settled<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let left = lock(&self.shared.state).waits.is_left(self.who, cx.waker());
        if left {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}
