// SPDX-License-Identifier: BSL-1.0

//! What this host has of an executor: a future that ends in time, or early.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// Something that is told once, to one who polls and any who block.
#[derive(Clone, Default)]
pub struct Flag(Arc<(Mutex<(bool, Vec<Waker>)>, Condvar)>);

impl Flag {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0 .0.lock().unwrap();
            state.0 = true;
            std::mem::take(&mut state.1)
        };
        self.0 .1.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Blocks so long, or until it is set.
    fn wait_for(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut state = self.0 .0.lock().unwrap();
        while !state.0 {
            match until.checked_duration_since(Instant::now()) {
                Some(left) => state = self.0 .1.wait_timeout(state, left).unwrap().0,
                None => return,
            }
        }
    }

    /// A flag that is set in so long, by a thread of its own.
    pub fn after(time: Duration) -> Flag {
        let (flag, timer) = (Flag::default(), Flag::default());
        let set = flag.clone();
        thread::spawn(move || {
            timer.wait_for(time);
            set.set();
        });
        flag
    }
}

impl Future for Flag {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0 .0.lock().unwrap();
        if state.0 {
            return Poll::Ready(());
        }
        state.1.push(cx.waker().clone());
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
