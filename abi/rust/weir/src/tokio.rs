// SPDX-License-Identifier: BSL-1.0

//! Serving a queue with a task of tokio.

use crate::error::{Error, Result};
use crate::numbers::Status;
use crate::queue::{Queue, QueueOptions, Shared};
use std::io;
use std::os::unix::io::{AsRawFd, RawFd};
use std::sync::Arc;
use tokio::io::unix::AsyncFd;
use tokio::io::Interest;
use tokio::runtime::Handle;

impl Queue {
    /// Makes a queue that a task of the current tokio runtime serves: no thread is held while there is nothing to tell.
    /// Does not block. [`Status::BAD_STATE`]: there is no tokio runtime here; [`LIMIT`](Status::LIMIT).
    ///
    /// # Panics
    /// When that runtime has no I/O driver: `enable_io`.
    pub fn tokio(options: QueueOptions) -> Result<Queue> {
        let call = "Queue::tokio";
        let refuse = |error: io::Error| Error::with(call, Status::LIMIT, &error.to_string());
        let tokio = Handle::try_current().map_err(|error| Error::with(call, Status::BAD_STATE, &error.to_string()))?;
        let queue = Queue::undriven(options)?;
        let served = Served(queue.0 .0.clone());
        // What replaces it is not in every tokio 1; what owns its descriptor is as safe with this one.
        #[allow(deprecated)]
        let readable = AsyncFd::with_interest(served, Interest::READABLE).map_err(refuse)?;
        tokio.spawn(serve(readable));
        Ok(queue)
    }
}

/// A queue, as what tokio waits for.
struct Served(Arc<Shared>);

impl AsRawFd for Served {
    fn as_raw_fd(&self) -> RawFd {
        self.0.readable.as_raw_fd()
    }
}

/// Between a drain that found nothing and `clear_ready` the descriptor may be raised again: tokio keeps that one.
async fn serve(readable: AsyncFd<Served>) {
    let shared = readable.get_ref().0.clone();
    while shared.serve_all().is_ok() && !shared.is_over() {
        let mut guard = match readable.readable().await {
            Ok(guard) => guard,
            Err(_) => return, // tokio is shutting down
        };
        if shared.serve_all().is_err() || shared.is_over() {
            return;
        }
        guard.clear_ready();
    }
}
