// SPDX-License-Identifier: BSL-1.0

use crate::latch::Wait;
use crate::numbers::Outcome;
use crate::run::{Run, Shared};
use crate::step::{Assignment, Outputs, Step, StepEnded, StepError};
use crate::tasks::Tasks;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

impl Run {
    /// Carries out the run's steps with an async function, until the run has finished: how it ended.
    ///
    /// Handlers run side by side inside this future, so they may borrow, and need not be `Send`. One that computes for
    /// long, or blocks, should do so elsewhere and await that: a thread, a task of its executor.
    ///
    /// What a handler returns is the step's end: outputs that later expressions find, or an error that fails it. When the
    /// step is to end, because it was cancelled or its time is over, its handler is dropped; to end gracefully, it asks
    /// for the [`Step::cancellation`].
    ///
    /// Dropped before its end, this drops the handlers and cancels the run.
    ///
    /// ```no_run
    /// # async fn example(run: weir::Run) {
    /// let outcome = run
    ///     .carry_out(|step| async move {
    ///         match step.kind() {
    ///             "Say" => println!("{}", step.spec().get("text").ok_or("no text")?),
    ///             other => return Err(format!("nobody here does {other}").into()),
    ///         }
    ///         Ok(r#"{"said": 1}"#)
    ///     })
    ///     .await;
    /// # }
    /// ```
    pub fn carry_out<F, A, O>(&self, handler: F) -> CarryOut<'_, F, A>
    where
        F: FnMut(Step) -> A,
        A: Future<Output = Result<O, StepError>>,
        O: Into<Outputs>,
    {
        CarryOut { run: self, handler, attempts: Tasks::new(), over: false }
    }
}

/// See [`Run::carry_out`].
#[must_use = "nobody carries out what is not awaited"]
pub struct CarryOut<'r, F, A> {
    run: &'r Run,
    handler: F,
    attempts: Tasks<Attempt<A>>,
    over: bool,
}

/// A handler that is under way.
struct Attempt<A> {
    handler: Pin<Box<A>>,
    assignment: Option<Assignment>, // none: it was answered
    soft: Wait,
    hard: Wait,
}

// Neither the closure nor a handler is pinned in here: handlers are in boxes.
impl<F, A> Unpin for CarryOut<'_, F, A> {}

impl<F, A, O> CarryOut<'_, F, A>
where
    F: FnMut(Step) -> A,
    A: Future<Output = Result<O, StepError>>,
    O: Into<Outputs>,
{
    /// Begins with what the run has asked for. True: it will ask for nothing any more.
    fn begin(&mut self, run: &Shared, cx: &mut Context<'_>) -> bool {
        loop {
            match run.poll_step(cx) {
                Poll::Ready(Some(assignment)) => {
                    let handler = Box::pin((self.handler)(assignment.clone()));
                    self.attempts.push(Attempt::new(handler, assignment));
                }
                Poll::Ready(None) => return true,
                Poll::Pending => return false,
            }
        }
    }
}

impl<F, A, O> Future for CarryOut<'_, F, A>
where
    F: FnMut(Step) -> A,
    A: Future<Output = Result<O, StepError>>,
    O: Into<Outputs>,
{
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let this = &mut *self;
        loop {
            let finished = this.begin(&this.run.shared, cx);
            if this.attempts.poll_one(cx).is_ready() {
                continue; // its answer may have made the run ask for more
            }
            match this.run.outcome() {
                Some(outcome) if finished && this.attempts.is_empty() => {
                    this.over = true;
                    return Poll::Ready(outcome);
                }
                _ => return Poll::Pending,
            }
        }
    }
}

impl<F, A> Drop for CarryOut<'_, F, A> {
    fn drop(&mut self) {
        if !self.over && self.run.outcome().is_none() {
            drop(self.run.cancel("nobody carries out its steps any more"));
            self.attempts.each(|attempt| attempt.assignment.iter().for_each(|step| step.cancel(false)));
        }
    }
}

impl<A> Attempt<A> {
    fn new(handler: Pin<Box<A>>, assignment: Assignment) -> Self {
        let (soft, hard) = (assignment.soft().wait(), assignment.hard().wait());
        Attempt { handler, assignment: Some(assignment), soft, hard }
    }

    /// Whether the handler is to be dropped.
    fn is_to_end(&mut self, step: &Step, cx: &mut Context<'_>) -> bool {
        let soft = step.soft().is_set() || Pin::new(&mut self.soft).poll(cx).is_ready();
        let hard = step.hard().is_set() || Pin::new(&mut self.hard).poll(cx).is_ready();
        hard || (soft && !step.is_graceful())
    }
}

impl<A, O> Future for Attempt<A>
where
    A: Future<Output = Result<O, StepError>>,
    O: Into<Outputs>,
{
    type Output = ();

    /// An answer that comes too late is nobody's concern.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let assignment = match this.assignment.take() {
            Some(assignment) => assignment,
            None => return Poll::Ready(()),
        };
        if this.is_to_end(&assignment, cx) {
            let ended = StepEnded { outcome: Outcome::CANCELLED, message: "it was cancelled".to_owned() };
            drop(assignment.answer::<()>(Err(ended.into())));
            return Poll::Ready(());
        }
        match this.handler.as_mut().poll(cx) {
            Poll::Ready(how) => {
                drop(assignment.answer(how));
                Poll::Ready(())
            }
            Poll::Pending => {
                this.assignment = Some(assignment);
                Poll::Pending
            }
        }
    }
}

impl<F, A> std::fmt::Debug for CarryOut<'_, F, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CarryOut").field(self.run).finish()
    }
}
