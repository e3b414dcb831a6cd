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
        let mut state = lock(&shared.state);
        let tag = state.waits.begin();
        // Of a dispatched queue under the lock: nobody takes it back before it is known who has come.
        let mut held = Some(state).filter(|_| shared.is_dispatched());
        let called = call(tag);
        match (&called, back, &mut held) {
            (Err(_), ..) => held.unwrap_or_else(|| lock(&shared.state)).waits.strike(tag),
            (Ok(()), Some(back), Some(state)) => state.waits.came(back.who, tag),
            _ => {}
        }
        called.map(|()| Wait { shared: shared.clone(), tag, back, over: false })
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
        let (tag, back) = (self.tag, self.back);
        let polled = {
            let mut state = lock(&self.shared.state);
            let polled = state.waits.poll(tag, cx.waker());
            if let (Ok(_), Some(back)) = (&polled, back) {
                state.waits.is_newest(back.who, tag);
            }
            polled
        };
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
        let stands = matches!(end, None | Some(End::Slot(Outcome::SUCCEEDED)));
        if let Some(back) = self.back {
            if state.waits.is_newest(back.who, self.tag) && stands {
                back.take();
            }
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
