// SPDX-License-Identifier: BSL-1.0

use crate::barrier::Barrier;
use crate::decision::Ending;
use crate::error::{refused, Error, Result};
use crate::lane::Lane;
use crate::numbers::Outcome;
use crate::queue::Shared;
use crate::sync::{lock, replaced};
use crate::waits::Who;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use weir_sys as sys;

const MOST: usize = 1024; // lanes a call: their tags lie on the stack
const MARK: u64 = 1 << 63; // of a batch's tags; then come the batch's place and the lane's
const NONE: Ending = Ending { outcome: Outcome(0), generation: 0, late: false, decision: None };

/// Many lanes that have reached one barrier together, by a few calls of the library and without a waker for each.
///
/// It ends when all have: with how each did, in the order of the lanes. Dropped before, it takes those back that still
/// wait; they may arrive again once that has been told.
#[must_use = "a batch that is dropped is taken back"]
pub struct Batch {
    shared: Arc<Shared>,
    place: usize,
    over: bool,
}

/// Some lanes of a batch could not arrive.
#[derive(Debug)]
pub struct BatchError {
    /// Why the first of them could not.
    pub error: Error,
    /// Those before it, which have arrived.
    pub arrived: Batch,
}

impl Barrier {
    /// Lets lanes arrive, without values or timeouts. Does not block. It stops at the first that is refused, as
    /// [`Lane::begin`] would: those before it have arrived.
    pub fn arrive_all(&self, lanes: &[Lane]) -> Result<Batch, BatchError> {
        let handles: Vec<_> = lanes.iter().map(|lane| lane.0).collect();
        let place = lock(&self.queue.state).batches.begin(handles.clone(), self.handle);
        let arrived = Batch { shared: self.queue.clone(), place, over: false };
        let mut accepted = 0;
        let mut refusal = Ok(());
        for some in handles.chunks(MOST) {
            let (count, result) = self.arrive_some(some, tag(place, accepted));
            accepted += count;
            refusal = result;
            if refusal.is_err() {
                break;
            }
        }
        let waker = lock(&self.queue.state).batches.begun(place, accepted);
        debug_assert!(waker.is_none(), "nobody has polled it");
        match refusal {
            Ok(()) => Ok(arrived),
            Err(error) => Err(BatchError { error, arrived }),
        }
    }

    fn arrive_some(&self, lanes: &[sys::weir_lane], first: u64) -> (usize, Result<()>) {
        let mut tags = [0; MOST];
        for (tag, number) in tags.iter_mut().zip(first..) {
            *tag = number;
        }
        let mut accepted = 0;
        // As in Wait::begin.
        let held = self.queue.is_dispatched().then(|| lock(&self.queue.state));
        // Safety: so many lanes and tags are there.
        let status = unsafe {
            let count = lanes.len() as u32;
            sys::weir_lanes_arrive(lanes.as_ptr(), tags.as_ptr(), count, self.handle, &mut accepted)
        };
        if let Some(mut state) = held {
            for (&lane, &tag) in lanes.iter().zip(&tags).take(accepted as usize) {
                state.waits.came((lane, self.handle), tag);
            }
        }
        (accepted as usize, refused("weir_lanes_arrive", status))
    }
}

impl Future for Batch {
    type Output = Vec<Ending>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<Ending>> {
        assert!(!self.over, "polled after its end");
        let mut state = lock(&self.shared.state);
        match state.batches.poll(self.place, cx.waker()) {
            Ok(entry) => {
                if self.shared.is_dispatched() {
                    for (who, tag, _) in entry.iter().flat_map(|entry| entry.arrivals(self.place)) {
                        state.waits.is_newest(who, tag);
                    }
                }
                drop(state);
                self.over = true;
                Poll::Ready(entry.map_or_else(Vec::new, |entry| entry.endings))
            }
            Err(old) => {
                drop(state);
                drop(old);
                Poll::Pending
            }
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let mut state = lock(&self.shared.state);
        let (arrivals, waker) = state.batches.leave(self.place);
        for (who, tag, waits) in arrivals {
            let newest = state.waits.is_newest(who, tag);
            if waits {
                state.waits.left(who);
            }
            if waits && newest {
                // Safety: any handles may be given. Too late is nobody's concern.
                unsafe { sys::weir_lane_retract(who.0, who.1) };
            }
        }
        drop(state);
        drop(waker);
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Batch")
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for BatchError {}

fn tag(place: usize, lane: usize) -> u64 {
    MARK | (place as u64) << 32 | lane as u64
}

/// The batches of a queue, by place.
pub(crate) struct Batches(Vec<Option<Entry>>);

struct Entry {
    lanes: Vec<sys::weir_lane>,
    at: sys::weir_barrier,
    endings: Vec<Ending>,
    left: usize, // of those that were accepted, or may be yet; and 1 until that is known
    waker: Option<Waker>,
    gone: bool, // nobody waits
}

impl Batches {
    pub(crate) fn new() -> Self {
        Batches(Vec::new())
    }

    /// Whether a tag is a batch's.
    pub(crate) fn has(tag: u64) -> bool {
        tag & MARK != 0
    }

    fn begin(&mut self, lanes: Vec<sys::weir_lane>, at: sys::weir_barrier) -> usize {
        let (left, endings) = (lanes.len() + 1, vec![NONE; lanes.len()]);
        let entry = Some(Entry { lanes, at, endings, left, waker: None, gone: false });
        let free = self.0.iter().position(Option::is_none);
        match free {
            Some(place) => self.0[place] = entry,
            None => self.0.push(entry),
        }
        free.unwrap_or(self.0.len() - 1)
    }

    /// So many were accepted.
    fn begun(&mut self, place: usize, accepted: usize) -> Option<Waker> {
        let entry = self.0[place].as_mut()?;
        let refused = entry.lanes.len() - accepted;
        entry.lanes.truncate(accepted);
        entry.endings.truncate(accepted);
        self.less(place, refused + 1)
    }

    /// One has ended; who, when nobody waits for it.
    pub(crate) fn end(&mut self, tag: u64, ending: Ending, woken: &mut Vec<Waker>) -> Option<Who> {
        let (place, lane) = ((tag & !MARK) >> 32, (tag & u64::from(u32::MAX)) as usize);
        let entry = self.0.get_mut(place as usize)?.as_mut()?;
        *entry.endings.get_mut(lane)? = ending;
        let who = entry.gone.then(|| (entry.lanes[lane], entry.at));
        woken.extend(self.less(place as usize, 1));
        who
    }

    fn less(&mut self, place: usize, by: usize) -> Option<Waker> {
        let entry = self.0[place].as_mut()?;
        entry.left -= by;
        if entry.left > 0 {
            return None;
        }
        let waker = entry.waker.take();
        if entry.gone {
            self.0[place] = None;
        }
        waker
    }

    fn poll(&mut self, place: usize, waker: &Waker) -> Result<Option<Entry>, Option<Waker>> {
        match &mut self.0[place] {
            Some(entry) if entry.left > 0 => Err(replaced(&mut entry.waker, waker)),
            entry => Ok(entry.take()),
        }
    }

    /// Nobody waits any more: the arrivals, and the waker, to be dropped without a lock.
    fn leave(&mut self, place: usize) -> (Vec<(Who, u64, bool)>, Option<Waker>) {
        let (arrivals, waker, left) = match &mut self.0[place] {
            Some(entry) => {
                entry.gone = true;
                (entry.arrivals(place).collect(), entry.waker.take(), entry.left)
            }
            None => (Vec::new(), None, 0),
        };
        if left == 0 {
            self.0[place] = None;
        }
        (arrivals, waker)
    }
}

impl Entry {
    /// Who, with which tag, and whether it waits as far as is known here.
    fn arrivals(&self, place: usize) -> impl Iterator<Item = (Who, u64, bool)> + '_ {
        let lanes = self.lanes.iter().zip(&self.endings).enumerate();
        lanes.map(move |(i, (&lane, ending))| ((lane, self.at), tag(place, i), ending.outcome.0 == 0))
    }
}
