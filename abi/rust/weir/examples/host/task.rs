// SPDX-License-Identifier: BSL-1.0

use crate::clock::{Flag, Unless};
use crate::day::Stage;
use crate::scenario::{Failure, PlannedStep, PlannedTask};
use std::future::Future;
use std::time::Duration;
use weir::{ArriveError, ArriveOptions, Barrier, Ending, Lane, Outcome};

/// A task is a thread and a lane: others cancel it, and wait until it is done.
pub struct Task {
    pub lane: Lane,
    pub planned: PlannedTask,
    pub flags: Flags,
}

#[derive(Clone, Default)]
pub struct Flags {
    pub cancelled: Flag,
    pub done: Flag,
}

/// What is left of a task.
pub struct Report {
    pub name: String,
    pub outcome: Outcome,
    pub met: Vec<Meeting>,
}

/// How one arrival ended.
pub struct Meeting {
    pub barrier: String,
    pub ending: Ending,
}

/// A task's end before its last step.
enum End {
    Cancelled,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for End {
    fn from(error: E) -> Self {
        End::Failed(error.into())
    }
}

impl Task {
    /// Takes the steps in order. Its lane ends as it ends, before anybody is told.
    pub async fn run(self, stage: &Stage) -> Result<Report, Failure> {
        let mut met = Vec::new();
        let mut end = Ok(());
        for step in self.planned.steps.clone() {
            end = self.take(stage, step, &mut met).await;
            if end.is_err() {
                break;
            }
        }
        let outcome = match end {
            Ok(()) => Outcome::SUCCEEDED,
            Err(End::Cancelled) => Outcome::CANCELLED,
            Err(End::Failed(why)) => {
                eprintln!("{}: {why}", self.planned.name);
                Outcome::FAILED
            }
        };
        let finished = self.lane.finish(outcome);
        self.flags.done.set();
        finished?;
        Ok(Report { name: self.planned.name, outcome, met })
    }

    async fn take(&self, stage: &Stage, step: PlannedStep, met: &mut Vec<Meeting>) -> Result<(), End> {
        match step {
            PlannedStep::Work(time) => self.unless_cancelled(Flag::after(time)).await,
            PlannedStep::Meet { at, value, patience, times } => {
                for _ in 0..times {
                    self.meet(stage.barrier(&at)?, &value, patience, met).await?;
                }
                Ok(())
            }
            PlannedStep::Fail(why) => Err(End::Failed(why.into())),
            PlannedStep::Cancel(task) => {
                stage.flags(&task)?.cancelled.set();
                self.unless_cancelled(stage.flags(&task)?.done).await
            }
            PlannedStep::Join(task) => self.unless_cancelled(stage.flags(&task)?.done).await,
        }
    }

    async fn unless_cancelled<T>(&self, future: impl Future<Output = T>) -> Result<T, End> {
        let unless = Unless { flag: self.flags.cancelled.clone(), future: Box::pin(future) };
        unless.await.ok_or(End::Cancelled)
    }

    /// One who is cancelled while it waits takes its arrival back, and so learns whether the decision was faster.
    async fn meet(
        &self,
        at: &Barrier,
        value: &str,
        timeout: Option<Duration>,
        met: &mut Vec<Meeting>,
    ) -> Result<(), End> {
        let mut arrival = self.lane.begin(at, ArriveOptions { value, timeout })?;
        let ending = match self.unless_cancelled(&mut arrival).await {
            Ok(ending) => ending,
            Err(_) => {
                drop(self.lane.retract(at)); // too late is nobody's concern
                arrival.await
            }
        };
        let result = ending.clone().result();
        met.push(Meeting { barrier: at.name().to_owned(), ending });
        match result {
            Ok(_) => Ok(()),
            Err(ArriveError::TakenBack) => Err(End::Cancelled),
            Err(error) => Err(error.into()),
        }
    }
}
