// SPDX-License-Identifier: BSL-1.0

use crate::barrier::Barrier;
use crate::decision::{ArriveError, Decision, Ending};
use crate::error::{refused, Result};
use crate::lane::Lane;
use crate::route::End;
use crate::text::{given, nanoseconds};
use crate::wait::{Back, Settled, Wait};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use weir_sys as sys;

/// What a lane brings to a barrier.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArriveOptions<'a> {
    /// JSON that is handed to all with the release; empty: none. [`Json::quote`](crate::Json::quote) makes it of a text.
    pub value: &'a str,
    /// This lane's own patience, on the runtime's clock.
    pub timeout: Option<Duration>,
}

/// A lane that has reached a barrier, and ends once, with the decision or without.
///
/// Dropped while it waits, it takes the arrival back, and the lane is expected again; unless the barrier was faster: then
/// that decision counts, and nobody hears of it here.
#[must_use = "an arrival that is dropped is taken back"]
pub struct Arrival(Wait);

impl Future for Arrival {
    type Output = Ending;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ending> {
        Pin::new(&mut self.0).poll(cx).map(|end| match end {
            End::Arrival(ending) => ending,
            _ => unreachable!("the tag is an arrival's"),
        })
    }
}

impl Lane {
    /// Arrives and waits until the barrier has decided: then the lane may go on, or learns why not.
    ///
    /// Nothing happens before the first poll. Dropped while it waits, it takes the arrival back, and the lane is
    /// expected again; it may arrive once more at once. If the barrier had decided by then, that decision stands.
    ///
    /// [`ArriveError::Refused`] with [`Status::NOT_EXPECTED`](crate::Status::NOT_EXPECTED): say [`Lane::expect`]
    /// before, or declare a number of parties; [`BUSY`](crate::Status::BUSY): it waits there already;
    /// [`STALE`](crate::Status::STALE): it has ended.
    pub async fn arrive(&self, at: &Barrier) -> Result<Arc<Decision>, ArriveError> {
        self.arrive_with(at, ArriveOptions::default()).await
    }

    /// The same with a value or a patience. [`ArriveError::TimedOut`]: that is over, and the barrier can do without the
    /// lane; [`ArriveError::Refused`] with [`Status::NOT_JSON`](crate::Status::NOT_JSON): the value is not.
    pub async fn arrive_with(&self, at: &Barrier, options: ArriveOptions<'_>) -> Result<Arc<Decision>, ArriveError> {
        Settled { shared: &at.queue, who: (self.0, at.handle) }.await;
        self.begin(at, options)?.await.result()
    }

    /// Arrives without waiting. Does not block. As [`Lane::arrive_with`]; and [`Status::BUSY`](crate::Status::BUSY)
    /// also when its last end there has not been told yet.
    pub fn begin(&self, at: &Barrier, options: ArriveOptions<'_>) -> Result<Arrival> {
        let call = "weir_lane_arrive";
        let value = given(call, options.value)?;
        let timeout = options.timeout.map_or(-1, nanoseconds);
        let back = Back { who: (self.0, at.handle), call: sys::weir_lane_retract };
        // Safety: all pointers are good for the call.
        let arrive = |tag| unsafe { sys::weir_lane_arrive(self.0, at.handle, value.data, value.length, timeout, tag) };
        Wait::begin(&at.queue, Some(back), |tag| refused(call, arrive(tag))).map(Arrival)
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Arrival")
    }
}
