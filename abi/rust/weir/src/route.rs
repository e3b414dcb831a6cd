// SPDX-License-Identifier: BSL-1.0

//! Which event is whose.

use crate::batch::Batches;
use crate::completion::Completes;
use crate::control::{self, Answer, Asked};
use crate::decision::{Decision, Ending};
use crate::event::Event;
use crate::latch::Latch;
use crate::numbers::{Outcome, Reason};
use crate::run;
use crate::scope;
use crate::sync::lock;
use crate::waits::Waits;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::task::Waker;
use weir_sys as sys;

/// How a wait ended.
pub(crate) enum End {
    Arrival(Ending),
    Slot(Outcome),
    Answer(Answer),
}

/// All who are concerned by a queue's events.
pub(crate) struct State {
    pub(crate) waits: Waits<End>,
    pub(crate) batches: Batches,
    pub(crate) runs: HashMap<sys::weir_run, RunEntry>,
    pub(crate) scopes: HashMap<sys::weir_scope, ScopeEntry>,
    pub(crate) barriers: HashMap<sys::weir_barrier, BarrierEntry>,
    last: Option<(sys::weir_barrier, Arc<Decision>)>, // decided last: many ends follow one decision
}

pub(crate) struct RunEntry {
    pub(crate) run: Arc<run::Shared>,
    pub(crate) asked: Vec<Asked>,
}

pub(crate) struct ScopeEntry {
    pub(crate) scope: Arc<scope::Shared>,
    pub(crate) barriers: Vec<sys::weir_barrier>,
}

pub(crate) struct BarrierEntry {
    pub(crate) name: Arc<str>,
    pub(crate) completes: Option<Arc<Completes>>,
    pub(crate) decision: Option<Arc<Decision>>, // of the last generation that has one
    pub(crate) completing: Option<Arc<Latch>>,  // set when that is over
}

impl State {
    pub(crate) fn new() -> Self {
        State {
            waits: Waits::new(),
            batches: Batches::new(),
            runs: HashMap::new(),
            scopes: HashMap::new(),
            barriers: HashMap::new(),
            last: None,
        }
    }

    /// Nothing sends to the queue, and nobody waits for what was sent.
    pub(crate) fn is_idle(&self) -> bool {
        self.runs.is_empty() && self.scopes.is_empty()
    }

    /// Ends the waits that these events are about. Nobody's code runs in here: the lock is held.
    pub(crate) fn route(&mut self, events: &[sys::weir_event], woken: &mut Vec<Waker>) {
        for event in events.iter().map(Event) {
            match event.0.kind {
                sys::WEIR_EVENT_BARRIER_DONE => self.arrival_ended(&event, woken),
                sys::WEIR_EVENT_SLOT_DONE => {
                    let outcome = Outcome(event.0.outcome);
                    self.waits.end(event.tag(), End::Slot(outcome), woken);
                }
                sys::WEIR_EVENT_BARRIER_RELEASED | sys::WEIR_EVENT_BARRIER_BROKEN | sys::WEIR_EVENT_BARRIER_VOIDED => {
                    self.decided(&event)
                }
                sys::WEIR_EVENT_CONTROL | sys::WEIR_EVENT_SNAPSHOT | sys::WEIR_EVENT_RUN_FINISHED => {
                    self.answered(&event, woken)
                }
                _ => {}
            }
        }
    }

    fn decided(&mut self, event: &Event<'_>) {
        if let (Some(entry), Some(decision)) = (self.barriers.get_mut(&event.0.barrier), event.decision()) {
            let decision = Arc::new(decision);
            entry.decision = Some(decision.clone());
            self.last = Some((event.0.barrier, decision));
        }
    }

    fn arrival_ended(&mut self, event: &Event<'_>, woken: &mut Vec<Waker>) {
        let outcome = Outcome(event.0.outcome);
        let by_decision = [Outcome::SUCCEEDED, Outcome::FAILED].contains(&outcome);
        let ending = Ending {
            outcome,
            generation: event.generation(),
            late: event.is_late(),
            decision: by_decision.then(|| self.decision_of(event, outcome)),
        };
        if Batches::has(event.tag()) {
            if let Some(who) = self.batches.end(event.tag(), ending, woken) {
                self.waits.told(who, woken);
            }
        } else {
            self.waits.end(event.tag(), End::Arrival(ending), woken);
        }
    }

    fn decision_of(&self, event: &Event<'_>, outcome: Outcome) -> Arc<Decision> {
        let fits = |decision: &&Arc<Decision>| decision.generation == event.generation();
        let last = self.last.iter().filter(|last| last.0 == event.0.barrier).map(|last| &last.1).next();
        let known = last
            .filter(fits)
            .or_else(|| self.barriers.get(&event.0.barrier).and_then(|entry| entry.decision.as_ref()).filter(fits));
        known.cloned().unwrap_or_else(|| {
            let reason = Reason(event.0.reason);
            Arc::new(Decision::guessed(event.path(), event.generation(), outcome, reason))
        })
    }

    fn answered(&mut self, event: &Event<'_>, woken: &mut Vec<Waker>) {
        if let Some(entry) = self.runs.get_mut(&event.0.run) {
            for (tag, answer) in control::answers(&mut entry.asked, event) {
                self.waits.end(tag, End::Answer(answer), woken);
            }
        }
    }

    /// Tells runs, scopes and barriers, whose code runs here: nothing is locked.
    pub(crate) fn tell(state: &Mutex<State>, events: &[sys::weir_event]) {
        let mut scope: Option<Arc<scope::Shared>> = None;
        for event in events.iter().map(Event) {
            if event.0.run != 0 {
                State::tell_run(state, &event);
                continue;
            }
            if scope.as_ref().map(|scope| scope.handle) != Some(event.0.scope) {
                scope = lock(state).scopes.get(&event.0.scope).map(|entry| entry.scope.clone());
            }
            if let Some(scope) = &scope {
                State::tell_scope(state, scope, &event);
            }
        }
    }

    fn tell_run(state: &Mutex<State>, event: &Event<'_>) {
        let run = lock(state).runs.get(&event.0.run).map(|entry| entry.run.clone());
        if let Some(run) = &run {
            run.tell(event);
        }
        if event.0.kind == sys::WEIR_EVENT_RUN_FINISHED {
            let gone = lock(state).runs.remove(&event.0.run);
            drop(gone);
            if let Some(run) = run {
                run.finished(Outcome(event.0.outcome));
            }
        }
    }

    fn tell_scope(state: &Mutex<State>, scope: &Arc<scope::Shared>, event: &Event<'_>) {
        scope.tell(event);
        match event.0.kind {
            sys::WEIR_EVENT_SCOPE_CLOSED => State::forget(state, scope),
            sys::WEIR_EVENT_BARRIER_COMPLETING => State::complete(state, event),
            sys::WEIR_EVENT_BARRIER_RELEASED | sys::WEIR_EVENT_BARRIER_BROKEN | sys::WEIR_EVENT_BARRIER_VOIDED => {
                let completing =
                    lock(state).barriers.get_mut(&event.0.barrier).and_then(|entry| entry.completing.take());
                if let Some(completing) = completing {
                    completing.set();
                }
            }
            _ => {}
        }
    }

    fn complete(state: &Mutex<State>, event: &Event<'_>) {
        let over = Arc::new(Latch::default());
        let completes = lock(state).barriers.get_mut(&event.0.barrier).and_then(|entry| {
            entry.completing = Some(over.clone());
            entry.completes.clone()
        });
        if let Some(completes) = completes {
            completes.ask(event.0.barrier, event.generation(), over);
        }
    }

    /// Lets go of a scope that has told its last.
    fn forget(state: &Mutex<State>, scope: &Arc<scope::Shared>) {
        let gone = {
            let mut state = lock(state);
            let entry = state.scopes.remove(&scope.handle);
            let barriers = entry.as_ref().map_or_else(Vec::new, |entry| entry.barriers.clone());
            let barriers: Vec<_> = barriers.iter().filter_map(|barrier| state.barriers.remove(barrier)).collect();
            (entry, barriers)
        };
        drop(gone);
        scope.closed.set();
    }
}
