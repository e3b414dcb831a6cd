// SPDX-License-Identifier: BSL-1.0

//! Futures that are carried out side by side by the one who polls them all; each is polled only when it was woken.

use crate::sync::{lock, replaced};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

pub(crate) struct Tasks<F> {
    places: Vec<Option<(F, Arc<Doorbell>)>>,
    free: Vec<usize>,
    hall: Arc<Mutex<Hall>>,
}

/// Who has rung, and who is to be told of it.
#[derive(Default)]
struct Hall {
    rung: Vec<usize>,
    waker: Option<Waker>,
}

struct Doorbell {
    hall: Arc<Mutex<Hall>>,
    place: usize,
    rung: AtomicBool,
}

impl Wake for Doorbell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.rung.swap(true, Ordering::AcqRel) {
            return;
        }
        let waker = {
            let mut hall = lock(&self.hall);
            hall.rung.push(self.place);
            hall.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<F> Tasks<F> {
    pub(crate) fn new() -> Self {
        Tasks { places: Vec::new(), free: Vec::new(), hall: Arc::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.free.len() == self.places.len()
    }

    pub(crate) fn each(&self, look: impl FnMut(&F)) {
        self.places.iter().flatten().map(|task| &task.0).for_each(look);
    }
}

impl<F: Future + Unpin> Tasks<F> {
    /// Begins with a future: the next poll polls it.
    pub(crate) fn push(&mut self, future: F) {
        let place = self.free.pop().unwrap_or(self.places.len());
        let bell = Arc::new(Doorbell { hall: self.hall.clone(), place, rung: AtomicBool::new(false) });
        bell.wake_by_ref();
        if place == self.places.len() {
            self.places.push(None);
        }
        self.places[place] = Some((future, bell));
    }

    /// Polls those that were woken, until one ends.
    pub(crate) fn poll_one(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        let old = replaced(&mut lock(&self.hall).waker, cx.waker());
        drop(old);
        loop {
            let place = match lock(&self.hall).rung.pop() {
                Some(place) => place,
                None => return Poll::Pending,
            };
            if let Poll::Ready(output) = self.poll_at(place) {
                return Poll::Ready(output);
            }
        }
    }

    /// A bell may ring for one who has gone, and whose place another has taken: it is polled once in vain.
    fn poll_at(&mut self, place: usize) -> Poll<F::Output> {
        let (future, bell) = match &mut self.places[place] {
            Some(there) => there,
            None => return Poll::Pending,
        };
        bell.rung.store(false, Ordering::Release);
        let waker = Waker::from(bell.clone());
        let polled = Pin::new(future).poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            self.places[place] = None;
            self.free.push(place);
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::latch::Latch;
    use std::thread;

    struct One<'t, F>(&'t mut Tasks<F>);

    impl<F: Future + Unpin> Future for One<'_, F> {
        type Output = F::Output;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
            self.0.poll_one(cx)
        }
    }

    #[test]
    fn each_ends_in_its_time() {
        let latches: Vec<_> = (0..4).map(|_| Arc::new(Latch::default())).collect();
        let mut tasks = Tasks::new();
        for (name, latch) in latches.iter().enumerate() {
            let wait = latch.wait();
            tasks.push(Box::pin(async move {
                wait.await;
                name
            }));
        }
        for name in [2, 0, 3, 1] {
            let latch = latches[name].clone();
            let other = thread::spawn(move || latch.set());
            assert_eq!(block_on(One(&mut tasks)), name);
            other.join().unwrap();
        }
        assert!(tasks.is_empty());
    }

    #[test]
    fn places_are_used_again() {
        let mut tasks = Tasks::new();
        for round in 0..100 {
            tasks.push(Box::pin(std::future::ready(round)));
            assert!(!tasks.is_empty());
            assert_eq!(block_on(One(&mut tasks)), round);
        }
        assert_eq!(tasks.places.len(), 1);
    }
}
