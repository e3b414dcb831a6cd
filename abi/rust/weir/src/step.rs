// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, Error, Result};
use crate::event::Event;
use crate::json::Json;
use crate::latch::Latch;
use crate::numbers::{Outcome, Status};
use crate::text::{given, words};
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;
use weir_sys as sys;

/// What a host is to carry out: docs/steps.md. A clone is the same step.
#[derive(Clone)]
pub struct Step(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    handle: sys::weir_step,
    input: String,
    kind: String,
    id: String,
    name: String,
    path: String,
    attempt: u32,
    timeout: Option<Duration>,
    graceful: AtomicBool, // somebody listens to the cancellation
    soft: Arc<Latch>,
    hard: Arc<Latch>,
}

impl Step {
    pub(crate) fn of(event: &Event<'_>) -> Step {
        let input = event.input().unwrap_or_else(|| Json::new("{}"));
        let word = |name| input.get(name).and_then(Json::as_str).map_or_else(String::new, Into::into);
        Step(Arc::new(Inner {
            handle: event.0.step,
            kind: word("type"),
            id: word("id"),
            name: word("name"),
            path: event.path().to_owned(),
            attempt: event.attempt(),
            timeout: input.get("timeout_ms").and_then(Json::as_u64).map(Duration::from_millis),
            input: input.text().to_owned(),
            graceful: AtomicBool::new(false),
            soft: Arc::default(),
            hard: Arc::default(),
        }))
    }

    /// Its type, as the document has it.
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it stands in the run, of which no other step has the same.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// 1 for the first try.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Its time, which the library keeps.
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// What the document says of it, with its expressions resolved.
    pub fn spec(&self) -> Json<'_> {
        self.input().get("spec").unwrap_or_else(|| Json::new("{}"))
    }

    /// All that was said about it.
    pub fn input(&self) -> Json<'_> {
        Json::new(&self.0.input)
    }

    /// Says that it is alive, for the run's `heartbeat`. `progress`, a JSON object, is told in an event; empty, there is
    /// none. Does not block. [`Status::NOT_JSON`]: it is not one; [`STALE`](Status::STALE): it was answered, or its
    /// time for an answer is over.
    pub fn progress(&self, progress: &str) -> Result<()> {
        let call = "weir_step_progress";
        let text = given(call, progress)?;
        // Safety: the text is good for the call.
        refused(call, unsafe { sys::weir_step_progress(self.0.handle, text.data, text.length) })
    }

    /// Asks to be told when the step is to end, so that it can end gracefully.
    ///
    /// In [`Run::carry_out`](crate::Run::carry_out), a handler that never asked is dropped when its step is to end; one
    /// that has is dropped only when the time for a graceful end is over.
    pub fn cancellation(&self) -> Cancellation {
        self.0.graceful.store(true, Ordering::Release);
        Cancellation(self.0.clone())
    }

    pub(crate) fn handle(&self) -> sys::weir_step {
        self.0.handle
    }

    /// The library asks for its end.
    pub(crate) fn cancel(&self, hard: bool) {
        if hard {
            self.0.hard.set();
        }
        self.0.soft.set();
    }

    pub(crate) fn soft(&self) -> &Arc<Latch> {
        &self.0.soft
    }

    pub(crate) fn hard(&self) -> &Arc<Latch> {
        &self.0.hard
    }

    /// Whether a handler may still end by itself.
    pub(crate) fn is_graceful(&self) -> bool {
        self.0.graceful.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.kind, self.0.path)
    }
}

/// Whether a step is to end: it was cancelled, or its time is over.
#[derive(Clone)]
pub struct Cancellation(Arc<Inner>);

impl Cancellation {
    /// Whether it is to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.soft.is_set()
    }

    /// Whether the time for a graceful end is over: what is not answered soon counts no more.
    pub fn is_hard(&self) -> bool {
        self.0.hard.is_set()
    }

    /// Waits until the step is to end. Dropped, it waits no more, and that is all.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + Unpin + 'static {
        self.0.soft.wait()
    }

    /// Waits until the time for a graceful end is over.
    pub fn hard(&self) -> impl Future<Output = ()> + Send + Unpin + 'static {
        self.0.hard.wait()
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_hard() { "hard" } else { "graceful" };
        f.write_str(if self.is_cancelled() { state } else { "not cancelled" })
    }
}

/// What a step hands to later expressions: nothing, or a JSON object.
#[derive(Clone, Debug, Default)]
pub struct Outputs(String);

impl From<()> for Outputs {
    fn from(_: ()) -> Self {
        Outputs::default()
    }
}

impl From<String> for Outputs {
    fn from(json: String) -> Self {
        Outputs(json)
    }
}

impl From<&str> for Outputs {
    fn from(json: &str) -> Self {
        Outputs(json.to_owned())
    }
}

/// Why a step did not succeed: any error fails it, and a [`StepEnded`] in it ends it otherwise.
pub type StepError = Box<dyn std::error::Error + Send + Sync>;

/// Ends a step otherwise than by success or failure, such as [`Outcome::SKIPPED`].
#[derive(Clone, Debug)]
pub struct StepEnded {
    /// `FAILED`, `SKIPPED`, `CANCELLED` or `TIMED_OUT`.
    pub outcome: Outcome,
    /// Why, for people.
    pub message: String,
}

impl fmt::Display for StepEnded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StepEnded {}

/// A step that has been given to the host, who owes one answer.
///
/// One that is dropped without an answer was cancelled, if that was asked for; else it has failed.
#[derive(Debug)]
pub struct Assignment(Option<Step>); // none: it was answered

impl Assignment {
    pub(crate) fn new(step: Step) -> Self {
        Assignment(Some(step))
    }

    /// Answers. An error ends the step as [`StepError`] says; outputs that are no JSON object fail it. Does not block.
    /// [`Status::STALE`]: the time for an answer is over.
    pub fn answer<O: Into<Outputs>>(mut self, how: Result<O, StepError>) -> Result<()> {
        match self.0.take() {
            Some(step) => answer(&step, how.map(Into::into)),
            None => Ok(()),
        }
    }
}

impl Deref for Assignment {
    type Target = Step;

    fn deref(&self) -> &Step {
        self.0.as_ref().expect("it is taken only when it is answered")
    }
}

impl Drop for Assignment {
    fn drop(&mut self) {
        if let Some(step) = self.0.take() {
            let outcome = if step.0.soft.is_set() { Outcome::CANCELLED } else { Outcome::FAILED };
            drop(finish(&step, outcome, "", "nobody carried it out to its end"));
        }
    }
}

fn answer(step: &Step, how: Result<Outputs, StepError>) -> Result<()> {
    let outputs = match how {
        Ok(outputs) => outputs.0,
        Err(error) => return fail(step, &*error),
    };
    match finish(step, Outcome::SUCCEEDED, &outputs, "") {
        Err(error) if [Status::NOT_JSON, Status::NOT_UTF8].contains(&error.status()) => {
            finish(step, Outcome::FAILED, "", &format!("outputs: {}", error.text()))
        }
        finished => finished,
    }
}

fn fail(step: &Step, error: &(dyn std::error::Error + Send + Sync + 'static)) -> Result<()> {
    let outcome = match error.downcast_ref::<StepEnded>() {
        Some(ended) => ended.outcome,
        None if step.0.soft.is_set() => Outcome::CANCELLED,
        None => Outcome::FAILED,
    };
    finish(step, outcome, "", &error.to_string())
}

fn finish(step: &Step, outcome: Outcome, outputs: &str, message: &str) -> Result<(), Error> {
    let (call, message) = ("weir_step_finish", words(message));
    let (outputs, message) = (given(call, outputs)?, given(call, &message)?);
    // Safety: the texts are good for the call.
    refused(call, unsafe {
        let step = step.0.handle;
        sys::weir_step_finish(step, outcome.0, outputs.data, outputs.length, message.data, message.length)
    })
}
