// SPDX-License-Identifier: BSL-1.0

//! What a host wants to be called for. The library may be about to call when its queue ends, so it is given a number
//! instead of a pointer: one that nobody knows any more calls nobody.

use crate::sync::lock;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use weir_sys::weir_wake_function;

type Wake = dyn Fn() + Send + Sync;

static KNOWN: Mutex<Vec<(usize, Arc<Wake>)>> = Mutex::new(Vec::new());
static NEXT: AtomicUsize = AtomicUsize::new(1);

/// While it lives, its number calls.
pub(crate) struct Token(usize);

impl Token {
    pub(crate) fn new(wake: Arc<Wake>) -> Token {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        lock(&KNOWN).push((number, wake));
        Token(number)
    }

    pub(crate) fn for_c(&self) -> (weir_wake_function, *mut c_void) {
        (Some(call), self.0 as *mut c_void)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let mut known = lock(&KNOWN);
        let place = known.iter().position(|entry| entry.0 == self.0);
        let gone = place.map(|place| known.swap_remove(place));
        drop(known);
        drop(gone);
    }
}

unsafe extern "C" fn call(context: *mut c_void) {
    let known = lock(&KNOWN).iter().find(|entry| entry.0 == context as usize).map(|entry| entry.1.clone());
    if let Some(wake) = known {
        // There is nobody to tell: a panic must not cross into C.
        drop(catch_unwind(AssertUnwindSafe(|| wake())));
    }
}
