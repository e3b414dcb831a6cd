// SPDX-License-Identifier: BSL-1.0

//! Serving a queue with a thread that sleeps in poll(2).

use crate::error::{Error, Result};
use crate::numbers::Status;
use crate::queue::Shared;
use std::os::raw::{c_int, c_short};
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::sync::Arc;

#[repr(C)]
struct PollFd {
    fd: RawFd,
    events: c_short,
    revents: c_short,
}

#[cfg(any(target_os = "linux", target_os = "android"))]
type Count = std::os::raw::c_ulong;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
type Count = std::os::raw::c_uint;

const POLLIN: c_short = 1;

extern "C" {
    fn poll(fds: *mut PollFd, count: Count, timeout: c_int) -> c_int;
}

fn wait_readable(fd: &OwnedFd) {
    let mut readable = PollFd { fd: fd.as_raw_fd(), events: POLLIN, revents: 0 };
    // Safety: one record, of a descriptor that is open. Interrupted, it is as if woken for nothing.
    unsafe { poll(&mut readable, 1, -1) };
}

/// Starts the thread.
pub(crate) fn serve(shared: Arc<Shared>) -> Result<()> {
    let serve = move || {
        while shared.serve_all().is_ok() && !shared.is_over() {
            wait_readable(&shared.readable);
        }
    };
    let started = std::thread::Builder::new().name("weir-queue".into()).spawn(serve);
    started.map(drop).map_err(|error| Error::with("Queue::with", Status::LIMIT, &error.to_string()))
}
