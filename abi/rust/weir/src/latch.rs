// SPDX-License-Identifier: BSL-1.0

//! Something that happens once, for any number of tasks that wait for it.

use crate::sync::{lock, replaced};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Default)]
pub(crate) struct Latch(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    set: bool,
    places: Vec<Option<Waker>>, // of those who wait
}

impl Latch {
    /// It has happened. Once more is once.
    pub(crate) fn set(&self) {
        let places = {
            let mut inner = lock(&self.0);
            inner.set = true;
            std::mem::take(&mut inner.places)
        };
        places.into_iter().flatten().for_each(Waker::wake);
    }

    pub(crate) fn is_set(&self) -> bool {
        lock(&self.0).set
    }

    pub(crate) fn wait(self: &Arc<Self>) -> Wait {
        Wait { latch: self.clone(), place: None }
    }
}

/// Ends when the latch is set. Dropped, it leaves nothing behind.
pub(crate) struct Wait {
    latch: Arc<Latch>,
    place: Option<usize>,
}

impl Wait {
    /// Where this one's waker stands: a place that is free, or a new one.
    fn take_place(&mut self, places: &mut Vec<Option<Waker>>) -> usize {
        let place = self.place.unwrap_or_else(|| {
            places.iter().position(Option::is_none).unwrap_or_else(|| {
                places.push(None);
                places.len() - 1
            })
        });
        self.place = Some(place);
        place
    }
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let latch = self.latch.clone();
        let mut inner = lock(&latch.0);
        if inner.set {
            self.place = None;
            return Poll::Ready(());
        }
        let place = self.take_place(&mut inner.places);
        let old = replaced(&mut inner.places[place], cx.waker());
        drop(inner);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            let old = lock(&self.latch.0).places.get_mut(place).and_then(Option::take);
            drop(old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use std::thread;

    #[test]
    fn all_who_wait_go_on() {
        let latch = Arc::new(Latch::default());
        assert!(!latch.is_set());
        let waiting: Vec<_> = (0..3).map(|_| latch.wait()).map(|wait| thread::spawn(|| block_on(wait))).collect();
        latch.set();
        latch.set();
        waiting.into_iter().for_each(|thread| thread.join().unwrap());
        block_on(latch.wait());
    }

    #[test]
    fn who_does_not_wait_any_more_leaves_nothing() {
        let latch = Arc::new(Latch::default());
        let noop = Waker::from(Arc::new(Noop));
        for _ in 0..10 {
            let (mut one, mut other) = (latch.wait(), latch.wait());
            for wait in [&mut one, &mut other] {
                assert!(Pin::new(wait).poll(&mut Context::from_waker(&noop)).is_pending());
            }
        }
        assert_eq!(lock(&latch.0).places.len(), 2);
        assert!(lock(&latch.0).places.iter().all(Option::is_none));
    }

    struct Noop;

    impl std::task::Wake for Noop {
        fn wake(self: Arc<Self>) {}
    }
}
