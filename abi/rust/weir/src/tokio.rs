// SPDX-License-Identifier: BSL-1.0

//! Serving a queue with a task of tokio.

use crate::error::{Error, Result};
use crate::numbers::Status;
use crate::queue::{Queue, QueueOptions, Shared};
use std::io;
use std::os::unix::io::OwnedFd;
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
        let own = queue.0 .0.descriptor()?.try_clone_to_owned().map_err(refuse)?;
        // What replaces it is not in every tokio 1; an owned descriptor is as safe with this one.
        #[allow(deprecated)]
        let readable = AsyncFd::with_interest(own, Interest::READABLE).map_err(refuse)?;
        tokio.spawn(serve(queue.0 .0.clone(), readable));
        Ok(queue)
    }
}

/// Between a drain that found nothing and `clear_ready` the descriptor may be raised again: tokio keeps that one.
async fn serve(shared: Arc<Shared>, readable: AsyncFd<OwnedFd>) {
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
