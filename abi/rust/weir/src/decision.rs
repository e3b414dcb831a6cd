// SPDX-License-Identifier: BSL-1.0

use crate::error::Error;
use crate::event::Event;
use crate::json::Json;
use crate::numbers::{EventKind, Outcome, Reason};
use std::fmt;
use std::sync::Arc;

/// How a generation of a barrier ended, for all.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The barrier's name.
    pub barrier: String,
    /// 1, 2, 3 ...
    pub generation: u32,
    /// [`EventKind::BARRIER_RELEASED`], [`BARRIER_BROKEN`](EventKind::BARRIER_BROKEN) or
    /// [`BARRIER_VOIDED`](EventKind::BARRIER_VOIDED).
    pub kind: EventKind,
    /// Why it broke.
    pub reason: Reason,
    /// How many had arrived.
    pub arrived: u32,
    more: String,
}

impl Decision {
    pub(crate) fn of(event: &Event<'_>) -> Option<Decision> {
        let decides = [EventKind::BARRIER_RELEASED, EventKind::BARRIER_BROKEN, EventKind::BARRIER_VOIDED];
        (event.0.run == 0 && decides.contains(&event.kind())).then(|| Decision {
            barrier: event.path().to_owned(),
            generation: event.generation(),
            kind: event.kind(),
            reason: event.reason(),
            arrived: event.arrived(),
            more: event.input().map_or_else(String::new, |input| input.text().to_owned()),
        })
    }

    /// What an arrival alone tells of a decision that was made before anybody listened.
    pub(crate) fn guessed(barrier: &str, generation: u32, outcome: Outcome, reason: Reason) -> Decision {
        let kind = match outcome {
            Outcome::SUCCEEDED => EventKind::BARRIER_RELEASED,
            _ => EventKind::BARRIER_BROKEN,
        };
        Decision { barrier: barrier.to_owned(), generation, kind, reason, arrived: 0, more: String::new() }
    }

    fn member(&self, name: &str) -> Option<Json<'_>> {
        Json::new(&self.more).get(name)
    }

    /// The path of the lane that is to blame for a break.
    pub fn culprit(&self) -> Option<String> {
        self.member("culprit")?.as_str().map(Into::into)
    }

    /// Of a deadlock: who waits for whom.
    pub fn message(&self) -> Option<String> {
        self.member("message")?.as_str().map(Into::into)
    }

    /// The paths of the lanes that had not arrived.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.member("missing").into_iter().flat_map(Json::items);
        missing.filter_map(|path| path.as_str().map(Into::into)).collect()
    }

    /// How many more were missing, of whom only the number was known.
    pub fn unnamed(&self) -> u64 {
        self.member("unnamed").and_then(Json::as_u64).unwrap_or(0)
    }

    /// How many places were held for parties that were not known yet.
    pub fn reserved(&self) -> u64 {
        self.member("reserved").and_then(Json::as_u64).unwrap_or(0)
    }

    /// What lanes handed over: their paths and their values, in the order in which the lanes were expected.
    pub fn values(&self) -> impl Iterator<Item = (String, Json<'_>)> {
        let values = self.member("values").into_iter().flat_map(Json::members);
        values.map(|(path, value)| (path.into_owned(), value))
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did = match self.kind {
            EventKind::BARRIER_RELEASED => "was released",
            EventKind::BARRIER_VOIDED => "was voided",
            _ => "broke",
        };
        write!(f, "barrier '{}' {did}", self.barrier)?;
        if let Some(culprit) = self.culprit() {
            write!(f, ": {culprit}")?;
        }
        if self.reason != Reason::NONE {
            write!(f, ": {}", self.reason)?;
        }
        Ok(())
    }
}

/// How one arrival ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// [`Outcome::SUCCEEDED`]: the lane may go on.
    pub outcome: Outcome,
    /// The barrier's, 1, 2, 3 ...
    pub generation: u32,
    /// It came after the decision.
    pub late: bool,
    /// None when it was taken back before there was one.
    pub decision: Option<Arc<Decision>>,
}

impl Ending {
    /// The decision when the lane may go on, else why it may not.
    pub fn result(self) -> Result<Arc<Decision>, ArriveError> {
        match (self.outcome, self.decision) {
            (Outcome::SUCCEEDED, Some(decision)) => Ok(decision),
            (_, Some(decision)) => Err(ArriveError::Broken(decision)),
            (Outcome::TIMED_OUT, None) => Err(ArriveError::TimedOut),
            _ => Err(ArriveError::TakenBack),
        }
    }
}

/// Why a lane may not go on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ArriveError {
    /// It did not arrive.
    Refused(Error),
    /// The barrier broke.
    Broken(Arc<Decision>),
    /// Its own time is over, and the barrier can do without it.
    TimedOut,
    /// The arrival was taken back, or its lane ended.
    TakenBack,
}

impl ArriveError {
    /// The decision of a barrier that broke.
    pub fn broken(&self) -> Option<&Decision> {
        match self {
            ArriveError::Broken(decision) => Some(decision),
            _ => None,
        }
    }
}

impl fmt::Display for ArriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArriveError::Refused(error) => error.fmt(f),
            ArriveError::Broken(decision) => decision.fmt(f),
            ArriveError::TimedOut => f.write_str("the arrival's time is over, and the barrier can do without it"),
            ArriveError::TakenBack => f.write_str("the arrival was taken back"),
        }
    }
}

impl std::error::Error for ArriveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ArriveError::Refused(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for ArriveError {
    fn from(error: Error) -> Self {
        ArriveError::Refused(error)
    }
}
