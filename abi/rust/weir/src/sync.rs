// SPDX-License-Identifier: BSL-1.0

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// A panic in another thread leaves what is locked as it was: every change here is whole before it can panic.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a waker where another may stand, which is given back: to drop it runs the code of an executor, which must not
/// happen under a lock.
pub(crate) fn replaced(place: &mut Option<Waker>, by: &Waker) -> Option<Waker> {
    match place {
        Some(same) if same.will_wake(by) => None,
        _ => place.replace(by.clone()),
    }
}
