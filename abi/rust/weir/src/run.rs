// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Result};
use crate::event::{Event, Observer, Watch};
use crate::intervention::Intervention;
use crate::latch::Latch;
use crate::numbers::{EventKind, Outcome};
use crate::plan::Plan;
use crate::queue::{Owner, Queue};
use crate::route::RunEntry;
use crate::runtime::{self, Runtime};
use crate::step::{Assignment, Step};
use crate::sync::lock;
use crate::text::{given, nanoseconds, words};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use weir_sys as sys;

/// What a run is called, who watches it, and how long it is patient.
#[derive(Default)]
pub struct RunOptions<'a> {
    /// Sees every event of the run.
    pub observe: Option<Observer>,
    /// Between a graceful and a hard cancel of a step; none: 10 s.
    pub grace: Option<Duration>,
    /// A step of which nothing is heard for so long times out: [`Step::progress`].
    pub heartbeat: Option<Duration>,
    /// Of the run in [`Event::json`]; empty: the pipeline's identifier.
    pub id: &'a str,
    /// The host's own, in every event of the run.
    pub tag: u64,
    /// No step goes to the host: each takes its time and ends as told.
    pub simulate: bool,
    /// As [`LoadOptions::slots_release`](crate::LoadOptions), of this run only.
    pub slots_release: bool,
    /// How, as JSON: docs/simulate.md. Empty: a second each, with success.
    pub simulation: &'a str,
}

/// One walk through a plan.
///
/// Its steps are carried out by whoever takes them: [`Run::carry_out`] or [`Run::next_step`]. Dropped before it has
/// finished, it is cancelled, and what it still asks for is answered so.
pub struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) queue: Arc<Owner>,
}

pub(crate) struct Shared {
    pub(crate) handle: sys::weir_run,
    watch: Option<Watch>,
    done: Arc<Latch>,
    desk: Mutex<Desk>,
    _runtime: Arc<runtime::Owned>,
}

/// What the run has asked for, and who takes it.
#[derive(Default)]
pub(crate) struct Desk {
    asked: VecDeque<Assignment>,
    pub(crate) wanted: VecDeque<Intervention>,
    under_way: HashMap<sys::weir_step, Step>,
    takers: Vec<Waker>,
    outcome: Option<Outcome>,
    left: bool, // nobody takes anything any more
}

impl Runtime {
    /// Starts a run of a plan, whose events go to the queue. Does not block.
    /// [`Status::NOT_JSON`](crate::Status::NOT_JSON): the simulation is not what docs/simulate.md says;
    /// [`STALE`](crate::Status::STALE), [`CLOSED`](crate::Status::CLOSED): the runtime or the queue was closed.
    pub fn start(&self, queue: &Queue, plan: &Plan, options: RunOptions<'_>) -> Result<Run> {
        let call = "weir_run_start";
        let (id, simulation) = (given(call, options.id)?, given(call, options.simulation)?);
        let how = sys::weir_run_options {
            struct_size: std::mem::size_of::<sys::weir_run_options>() as u32,
            flags: if options.simulate { sys::WEIR_RUN_SIMULATE } else { 0 }
                | if options.slots_release { sys::WEIR_RUN_SLOTS_RELEASE } else { 0 },
            tag: options.tag,
            grace_ns: options.grace.map_or(0, |grace| nanoseconds(grace).max(1)),
            id: id.data,
            simulation: simulation.data,
            id_length: id.length,
            simulation_length: simulation.length,
            heartbeat_ns: options.heartbeat.map_or(0, |heartbeat| nanoseconds(heartbeat).max(1)),
        };
        let (mut handle, watch) = (0, Watch::new(options.observe));
        let mut state = lock(&queue.0 .0.state); // its first event finds it
        let (runtime, queued) = (self.0 .0, queue.0 .0.handle);
        // Safety: all pointers are good for the call.
        told(call, |error| unsafe { sys::weir_run_start(runtime, plan.handle, queued, &how, &mut handle, error) })?;
        let (done, desk, _runtime) = (Arc::default(), Mutex::default(), self.0.clone());
        let shared = Arc::new(Shared { handle, watch, done, desk, _runtime });
        state.runs.insert(handle, RunEntry { run: shared.clone(), asked: Vec::new() });
        drop(state);
        Ok(Run { shared, queue: queue.0.clone() })
    }
}

impl Run {
    /// Cancels the run: nothing further starts, and steps under way are asked to end. It finishes once each was
    /// answered, or its grace is over. Does not block. [`Status::STALE`](crate::Status::STALE): it has finished.
    pub fn cancel(&self, why: &str) -> Result<()> {
        let (call, why) = ("weir_run_cancel", words(why));
        let text = given(call, &why)?;
        // Safety: the text is good for the call.
        refused(call, unsafe { sys::weir_run_cancel(self.shared.handle, text.data, text.length) })
    }

    /// Waits until the run has finished and all of it has been told; how it ended. Dropped, it waits no more, and the run
    /// goes on.
    pub async fn wait(&self) -> Outcome {
        self.shared.done.wait().await;
        self.outcome().expect("it is done")
    }

    /// How the run ended; none: it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        lock(&self.shared.desk).outcome
    }

    /// Waits for the next step to carry out, in whatever way the host likes; none: the run has finished. Dropped, it
    /// takes no step.
    pub async fn next_step(&self) -> Option<Assignment> {
        NextStep { run: &self.shared }.await
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let asked = {
            let mut desk = lock(&self.shared.desk);
            desk.left = true;
            std::mem::take(&mut desk.asked)
        };
        if self.outcome().is_none() {
            drop(self.cancel("the run was dropped"));
        }
        asked.iter().for_each(|step| step.cancel(false));
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("handle", &self.shared.handle).field("outcome", &self.outcome()).finish()
    }
}

struct NextStep<'r> {
    run: &'r Shared,
}

impl Future for NextStep<'_> {
    type Output = Option<Assignment>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Assignment>> {
        self.run.poll_step(cx)
    }
}

impl Shared {
    pub(crate) fn poll_step(&self, cx: &mut Context<'_>) -> Poll<Option<Assignment>> {
        self.poll_taken(cx, |desk| desk.asked.pop_front())
    }

    /// What is taken from the desk; none: nothing more comes.
    pub(crate) fn poll_taken<T>(
        &self,
        cx: &mut Context<'_>,
        take: impl FnOnce(&mut Desk) -> Option<T>,
    ) -> Poll<Option<T>> {
        let mut desk = lock(&self.desk);
        if let Some(taken) = take(&mut desk) {
            return Poll::Ready(Some(taken));
        }
        if desk.outcome.is_some() {
            return Poll::Ready(None);
        }
        if !desk.takers.iter().any(|known| known.will_wake(cx.waker())) {
            desk.takers.push(cx.waker().clone());
        }
        Poll::Pending
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(watch) = &self.watch {
            watch.tell(event);
        }
        match event.kind() {
            EventKind::STEP_STARTED if event.0.step != 0 => self.asks_for(Step::of(event)),
            EventKind::INTERVENTION_WANTED => self.wants(Intervention::of(event)),
            EventKind::INTERVENTION_CLOSED => {
                lock(&self.desk).wanted.retain(|wanted| wanted.path != event.path());
            }
            EventKind::STEP_CANCEL => {
                let step = lock(&self.desk).under_way.get(&event.0.step).cloned();
                step.into_iter().for_each(|step| step.cancel(event.is_hard()));
            }
            EventKind::STEP_FINISHED => {
                let step = lock(&self.desk).under_way.remove(&event.0.step);
                step.into_iter().for_each(|step| step.cancel(true));
            }
            _ => {}
        }
    }

    fn wants(&self, intervention: Intervention) {
        let takers = {
            let mut desk = lock(&self.desk);
            desk.wanted.push_back(intervention);
            std::mem::take(&mut desk.takers)
        };
        takers.into_iter().for_each(Waker::wake);
    }

    fn asks_for(&self, step: Step) {
        let assignment = Assignment::new(step.clone());
        let mut desk = lock(&self.desk);
        if desk.left {
            drop(desk);
            step.cancel(false); // dropped, it is answered so
            return;
        }
        desk.under_way.insert(step.handle(), step);
        desk.asked.push_back(assignment);
        let takers = std::mem::take(&mut desk.takers);
        drop(desk);
        takers.into_iter().for_each(Waker::wake);
    }

    /// It has told its last.
    pub(crate) fn finished(&self, outcome: Outcome) {
        let (takers, steps) = {
            let mut desk = lock(&self.desk);
            desk.outcome = Some(outcome);
            (std::mem::take(&mut desk.takers), std::mem::take(&mut desk.under_way))
        };
        steps.values().for_each(|step| step.cancel(true));
        self.done.set();
        takers.into_iter().for_each(Waker::wake);
    }
}
