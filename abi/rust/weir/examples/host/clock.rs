// SPDX-License-Identifier: BSL-1.0

//! What this host has of an executor: a future that ends in time, or early.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

/// Something that happens once, for any who poll.
#[derive(Clone, Default)]
pub struct Flag(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    set: bool,
    wakers: Vec<Waker>,
}

impl Flag {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.set = true;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// A flag that is set in so long, by a thread of its own.
    pub fn after(time: Duration) -> Flag {
        let flag = Flag::default();
        let set = flag.clone();
        thread::spawn(move || {
            thread::sleep(time);
            set.set();
        });
        flag
    }
}

impl Future for Flag {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap();
        if state.set {
            return Poll::Ready(());
        }
        state.wakers.push(cx.waker().clone());
        Poll::Pending
    }
}

/// Ends with the future, or with nothing when the flag is set: then the future is dropped.
pub struct Unless<F> {
    pub flag: Flag,
    pub future: Pin<Box<F>>,
}

impl<F: Future> Future for Unless<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        Pin::new(&mut self.flag).poll(cx).map(|()| None)
    }
}
