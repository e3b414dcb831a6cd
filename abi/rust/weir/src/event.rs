// SPDX-License-Identifier: BSL-1.0

use crate::decision::Decision;
use crate::json::Json;
use crate::numbers::{EventKind, Outcome, Reason};
use crate::sync::lock;
use crate::text::seen;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Mutex;
use std::time::Duration;
use weir_sys as sys;

/// One thing that happened, for those who watch: [`ScopeOptions::observe`](crate::ScopeOptions::observe) and
/// [`RunOptions::observe`](crate::RunOptions::observe). It lies in the library's memory: copy what is to be kept.
#[derive(Clone, Copy)]
pub struct Event<'a>(pub(crate) &'a sys::weir_event);

impl<'a> Event<'a> {
    /// Its number in its run, or root scope: 1, 2, 3 ... without a gap.
    pub fn seq(&self) -> u64 {
        self.0.seq
    }

    /// When: since the start of its run; of a scope, on the runtime's clock.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.0.t_ns.max(0) as u64)
    }

    /// What it tells.
    pub fn kind(&self) -> EventKind {
        EventKind(self.0.kind)
    }

    /// How something ended, of an event that tells that.
    pub fn outcome(&self) -> Option<Outcome> {
        Some(Outcome(self.0.outcome)).filter(|outcome| outcome.0 != 0)
    }

    /// Why a scope's barrier broke.
    pub fn reason(&self) -> Reason {
        Reason(self.0.reason)
    }

    /// Of a step: 1 for the first try. Else 0.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Of a scope's barrier: 1, 2, 3 ... Else 0.
    pub fn generation(&self) -> u32 {
        self.0.generation
    }

    /// Of a scope's barrier that has decided: how many had arrived.
    pub fn arrived(&self) -> u32 {
        self.0.arrived
    }

    /// Of [`EventKind::STEP_CANCEL`]: the time for a graceful end is over.
    pub fn is_hard(&self) -> bool {
        self.0.flags & sys::WEIR_EVENT_HARD != 0
    }

    /// It came after the barrier's decision.
    pub fn is_late(&self) -> bool {
        self.0.flags & sys::WEIR_EVENT_LATE != 0
    }

    /// The run's, the scope's or the barrier's; of what ends a wait, this crate's own.
    pub fn tag(&self) -> u64 {
        self.0.tag
    }

    /// The node's path, or the barrier's or the scope's name.
    pub fn path(&self) -> &'a str {
        // Safety: valid until the next drain, which is after the event's life.
        unsafe { seen(self.0.path, self.0.path_length) }
    }

    /// What comes with it (docs/events.md): of a step, what to do.
    pub fn input(&self) -> Option<Json<'a>> {
        // Safety: as above.
        let text = unsafe { seen(self.0.input, self.0.input_length) };
        (!self.0.input.is_null()).then(|| Json::new(text))
    }

    /// A run's event as one JSON object, when the queue was asked for it.
    pub fn json(&self) -> Option<&'a str> {
        // Safety: as above.
        let text = unsafe { seen(self.0.json, self.0.json_length) };
        (!self.0.json.is_null()).then_some(text)
    }

    /// What a scope's barrier has decided, of an event that tells that.
    pub fn decision(&self) -> Option<Decision> {
        Decision::of(self)
    }
}

impl std::fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.seq(), self.kind(), self.path())
    }
}

/// Sees events, in order, on the thread that serves the queue: it must not wait, nor close the queue. One that panics
/// is not called again.
pub type Observer = Box<dyn FnMut(&Event<'_>) + Send>;

/// An observer, and whether it still watches.
pub(crate) struct Watch(Mutex<Option<Observer>>);

impl Watch {
    pub(crate) fn new(observer: Option<Observer>) -> Option<Self> {
        observer.map(|observer| Watch(Mutex::new(Some(observer))))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        let mut place = lock(&self.0);
        if let Some(observer) = place.as_mut() {
            if catch_unwind(AssertUnwindSafe(|| observer(event))).is_err() {
                *place = None;
            }
        }
    }
}
