// SPDX-License-Identifier: BSL-1.0

//! Control of a run under way: each call that was accepted is answered by one event.

use crate::error::{refused, Error, Result};
use crate::event::Event;
use crate::json::Json;
use crate::numbers::{EventKind, Outcome, Status};
use crate::route::End;
use crate::run::Run;
use crate::sync::lock;
use crate::text::{given, words};
use crate::wait::Wait;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use weir_sys as sys;

/// What a call has asked for, and who waits for the answer.
pub(crate) struct Asked {
    action: &'static str,
    target: String,
    tag: u64,
}

/// The answer to a call.
pub(crate) enum Answer {
    Done,
    Refused(String),
    Picture(String),
}

const SNAPSHOT: &str = "snapshot";

/// The calls that an event answers, and how; they are not asked any more. Of calls that are the same the first is meant.
pub(crate) fn answers(asked: &mut Vec<Asked>, event: &Event<'_>) -> Vec<(u64, Answer)> {
    if event.kind() == EventKind::RUN_FINISHED {
        let late = || Answer::Refused("the run has finished".to_owned());
        return asked.drain(..).map(|asked| (asked.tag, late())).collect();
    }
    let input = event.input().unwrap_or_else(|| Json::new("{}"));
    let word = |name| input.get(name).and_then(Json::as_str).unwrap_or_default();
    let place = if event.kind() == EventKind::SNAPSHOT {
        asked.iter().position(|asked| asked.action == SNAPSHOT && asked.tag == event.tag())
    } else {
        asked.iter().position(|asked| asked.action == word("action") && asked.target == word("target"))
    };
    let answer = match event.kind() {
        EventKind::SNAPSHOT => Answer::Picture(input.text().to_owned()),
        _ if event.outcome() == Some(Outcome::SUCCEEDED) => Answer::Done,
        _ => Answer::Refused(word("message").into_owned()),
    };
    place.map(|place| (asked.remove(place).tag, answer)).into_iter().collect()
}

/// Nothing came of a call that was accepted.
#[derive(Clone, Debug)]
pub struct ControlError(String);

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ControlError {}

/// What becomes of a call that controls a run. It has been made: to await this is to learn how it ended, and to drop it
/// takes nothing back.
pub struct Control(Wait);

impl Future for Control {
    type Output = Result<(), ControlError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|end| match end {
            End::Answer(Answer::Refused(why)) => Err(ControlError(why)),
            _ => Ok(()),
        })
    }
}

/// A picture of a run that is being taken. Dropped, nobody sees it.
#[must_use = "a picture that nobody awaits is taken in vain"]
pub struct Snapshot(Wait);

impl Future for Snapshot {
    type Output = Result<String, ControlError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|end| match end {
            End::Answer(Answer::Picture(picture)) => Ok(picture),
            End::Answer(Answer::Refused(why)) => Err(ControlError(why)),
            _ => Err(ControlError("it was not taken".to_owned())),
        })
    }
}

/// Each call does not block; [`Status::STALE`]: the run has finished.
impl Run {
    /// Nothing further starts until [`Run::resume`]; steps under way go on, and barriers decide. `why` is told.
    pub fn pause(&self, why: &str) -> Result<Control> {
        let (call, why) = ("weir_run_pause", words(why));
        let text = given(call, &why)?;
        // Safety: the text is good for the call.
        self.ask(call, "pause", "", |run, _| unsafe { sys::weir_run_pause(run, text.data, text.length) }).map(Control)
    }

    /// Goes on after [`Run::pause`].
    pub fn resume(&self, why: &str) -> Result<Control> {
        let (call, why) = ("weir_run_resume", words(why));
        let text = given(call, &why)?;
        // Safety: the text is good for the call.
        self.ask(call, "resume", "", |run, _| unsafe { sys::weir_run_resume(run, text.data, text.length) }).map(Control)
    }

    /// Breaks a barrier of the document by hand; it is named by its identifier there.
    pub fn break_barrier(&self, barrier: &str, why: &str) -> Result<Control> {
        let (call, why) = ("weir_run_break_barrier", words(why));
        let (name, text) = (given(call, barrier)?, given(call, &why)?);
        // Safety: the texts are good for the call.
        self.ask(call, "break", barrier, |run, _| unsafe {
            sys::weir_run_break_barrier(run, name.data, name.length, text.data, text.length)
        })
        .map(Control)
    }

    /// Releases by hand who waits at a barrier of the document, and lets the others pass.
    pub fn release_barrier(&self, barrier: &str, why: &str) -> Result<Control> {
        let (call, why) = ("weir_run_release_barrier", words(why));
        let (name, text) = (given(call, barrier)?, given(call, &why)?);
        // Safety: the texts are good for the call.
        self.ask(call, "release", barrier, |run, _| unsafe {
            sys::weir_run_release_barrier(run, name.data, name.length, text.data, text.length)
        })
        .map(Control)
    }

    /// Changes how many instances of the loop at `path` run at once; 0: no limit. Fewer than a barrier needs is refused:
    /// a [`ControlError`].
    pub fn set_concurrency(&self, path: &str, concurrency: u32) -> Result<Control> {
        let call = "weir_run_set_concurrency";
        let text = given(call, path)?;
        // Safety: the text is good for the call.
        self.ask(call, "set_concurrency", path, |run, _| unsafe {
            sys::weir_run_set_concurrency(run, text.data, text.length, concurrency)
        })
        .map(Control)
    }

    /// Answers an intervention that is wanted at `path`: "retry", "ignore" and so on (`weir_run_intervene`). `attempt` is
    /// the event's; 0: whichever is open. An answer that comes too late is refused: a [`ControlError`].
    pub fn intervene(&self, path: &str, action: &str, attempt: u32, why: &str) -> Result<Control> {
        let (call, why) = ("weir_run_intervene", words(why));
        let (at, what, text) = (given(call, path)?, given(call, action)?, given(call, &why)?);
        // Safety: the texts are good for the call.
        self.ask(call, "intervene", path, |run, _| unsafe {
            sys::weir_run_intervene(run, at.data, at.length, attempt, what.data, what.length, text.data, text.length)
        })
        .map(Control)
    }

    /// Takes a picture of the run, as JSON: what is under way and what it waits for (docs/events.md).
    pub fn snapshot(&self) -> Result<Snapshot> {
        // Safety: any numbers may be given.
        self.ask("weir_run_snapshot", SNAPSHOT, "", |run, tag| unsafe { sys::weir_run_snapshot(run, tag) })
            .map(Snapshot)
    }

    /// Makes a call under the lock: its answer finds who asked.
    fn ask(
        &self,
        call: &'static str,
        action: &'static str,
        target: &str,
        make: impl FnOnce(sys::weir_run, u64) -> sys::weir_status,
    ) -> Result<Wait, Error> {
        let queue = &self.queue.0;
        let mut guard = lock(&queue.state);
        let state = &mut *guard;
        let entry = state.runs.get_mut(&self.shared.handle).ok_or_else(|| Error::new(call, Status::STALE))?;
        let tag = state.waits.begin();
        if let Err(error) = refused(call, make(self.shared.handle, tag)) {
            state.waits.strike(tag);
            return Err(error);
        }
        entry.asked.push(Asked { action, target: target.to_owned(), tag });
        drop(guard);
        Ok(Wait::of(queue, tag))
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Control")
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}
