// SPDX-License-Identifier: BSL-1.0

mod support;

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{pending, Future};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;
use support::*;
use weir::*;

/// A run and what it told.
struct Walk {
    host: Host,
    run: Run,
    log: Log,
}

impl Walk {
    fn of(document: &str, host: Host, options: RunOptions<'_>) -> Walk {
        let log = Log::default();
        let plan = Plan::load(document, LoadOptions { file: "small.yaml", ..Default::default() }).unwrap();
        let options = RunOptions { observe: log.observer(), ..options };
        let run = host.runtime.start(&host.queue, &plan, options).unwrap();
        Walk { host, run, log }
    }

    fn new(options: RunOptions<'_>) -> Walk {
        Walk::of(PIPELINE, Host::new(), options)
    }

    /// How the nodes ended, by path.
    fn nodes(&self) -> HashMap<String, Outcome> {
        assert!(self.log.all().iter().map(|told| told.seq).eq(1..=self.log.all().len() as u64));
        let finished = self.log.of(EventKind::NODE_FINISHED);
        finished.into_iter().map(|told| (told.path, told.outcome.unwrap())).collect()
    }

    fn ended(&self, outcome: Outcome, first: Outcome) {
        assert_eq!(block_on(self.run.wait()), outcome);
        assert_eq!(self.run.outcome(), Some(outcome));
        assert_eq!(self.nodes()["build/one"], first);
        refused(self.run.cancel("late"), Status::STALE);
        refused(self.run.pause("late"), Status::STALE);
    }
}

/// Ends with the first of two.
struct Either<A, B>(Pin<Box<A>>, Pin<Box<B>>);

impl<A: Future, B: Future> Future for Either<A, B> {
    type Output = (Option<A::Output>, Option<B::Output>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.0.as_mut().poll(cx) {
            return Poll::Ready((Some(output), None));
        }
        self.1.as_mut().poll(cx).map(|output| (None, Some(output)))
    }
}

#[test]
fn steps_are_carried_out_by_an_async_function() {
    let walk = Walk::new(RunOptions::default());
    let seen = RefCell::new(Vec::new()); // handlers may borrow, and need not be Send
    let seen = &seen;
    let outcome = block_on(walk.run.carry_out(|step| async move {
        seen.borrow_mut().push(format!("{step:?} {}", step.spec()));
        if step.kind() == "Second" {
            return Ok("");
        }
        assert_eq!((step.id(), step.name(), step.path()), ("one", "One", "build/one"));
        assert_eq!((step.attempt(), step.timeout()), (1, Some(Duration::from_secs(300))));
        assert_eq!(step.input().get("id").unwrap().as_str().unwrap(), "one");
        Ok(r#"{"image":"app:1"}"#)
    }));
    assert_eq!(outcome, Outcome::SUCCEEDED);
    let expected = [r#"First build/one {"kind":"fast"}"#, r#"Second build/two {"image":"app:1"}"#];
    assert_eq!(*seen.borrow(), expected);
    walk.ended(Outcome::SUCCEEDED, Outcome::SUCCEEDED);
}

#[test]
fn what_a_handler_returns_is_the_steps_outcome() {
    let skip = StepEnded { outcome: Outcome::SKIPPED, message: String::new() };
    ends(Ok(""), Outcome::SUCCEEDED);
    ends(Err("no\0".into()), Outcome::FAILED);
    ends(Err(skip.into()), Outcome::SKIPPED);
    ends(Ok("5"), Outcome::FAILED);
    ends(Ok("\0"), Outcome::FAILED);
}

#[track_caller]
fn ends(how: Result<&str, StepError>, outcome: Outcome) {
    let (walk, mut how) = (Walk::new(RunOptions::default()), Some(how));
    block_on(walk.run.carry_out(|_| std::future::ready(how.take().unwrap_or(Ok("")))));
    assert_eq!(walk.nodes()["build/one"], outcome);
}

#[test]
fn steps_are_taken_one_by_one() {
    let walk = Walk::new(RunOptions::default());
    let step = block_on(walk.run.next_step()).unwrap();
    let other = thread::spawn(move || step.answer(Ok(r#"{"image":"app:1"}"#)));
    other.join().unwrap().unwrap();
    drop(block_on(walk.run.next_step()).unwrap()); // nobody carries it out to its end
    assert!(block_on(walk.run.next_step()).is_none());
    walk.ended(Outcome::FAILED, Outcome::SUCCEEDED);
    assert_eq!(walk.nodes()["build/two"], Outcome::FAILED);
}

/// A handler that is dropped says so.
struct Says(mpsc::Sender<&'static str>);

impl Drop for Says {
    fn drop(&mut self) {
        self.0.send("dropped").unwrap();
    }
}

#[test]
fn a_run_that_is_cancelled_drops_its_handlers() {
    let walk = Walk::new(RunOptions::default());
    let (send, receive) = mpsc::channel();
    let outcome = block_on(walk.run.carry_out(|_| {
        let says = Says(send.clone());
        walk.run.cancel("enough").unwrap();
        async move {
            let _says = says;
            pending::<Result<(), StepError>>().await
        }
    }));
    assert_eq!(outcome, Outcome::CANCELLED);
    assert_eq!(receive.try_recv(), Ok("dropped"));
    walk.ended(Outcome::CANCELLED, Outcome::CANCELLED);
    assert!(walk.log.of(EventKind::CONTROL)[0].input.as_ref().unwrap().contains("enough"));
}

#[test]
fn a_handler_that_asks_for_it_ends_gracefully() {
    let walk = Walk::new(RunOptions::default());
    let outcome = block_on(walk.run.carry_out(|step| {
        walk.run.cancel("enough").unwrap();
        async move {
            let cancellation = step.cancellation();
            cancellation.cancelled().await;
            assert!(cancellation.is_cancelled() && !cancellation.is_hard());
            Err::<(), _>("ended by itself".into())
        }
    }));
    assert_eq!(outcome, Outcome::CANCELLED);
    walk.ended(Outcome::CANCELLED, Outcome::CANCELLED);
}

#[test]
fn a_handler_whose_grace_is_over_is_dropped() {
    let walk = Walk::new(RunOptions { grace: Some(Duration::from_millis(1)), ..Default::default() });
    let outcome = block_on(walk.run.carry_out(|step| {
        walk.run.cancel("enough").unwrap();
        let cancellation = step.cancellation();
        async move {
            cancellation.cancelled().await;
            pending::<Result<(), StepError>>().await
        }
    }));
    assert_eq!(outcome, Outcome::CANCELLED);
}

#[test]
fn a_run_that_nobody_carries_out_any_more_is_cancelled() {
    let walk = Walk::new(RunOptions::default());
    let (send, receive) = mpsc::channel();
    let begun = RefCell::new(None);
    let carried = walk.run.carry_out(|step| {
        *begun.borrow_mut() = Some(step);
        let says = Says(send.clone());
        async move {
            let _says = says;
            pending::<Result<(), StepError>>().await
        }
    });
    let has_begun = std::iter::repeat(()).take_while(|()| begun.borrow().is_none());
    let first = Either(Box::pin(carried), Box::pin(Spin(has_begun)));
    assert!(block_on(first).1.is_some());
    assert_eq!(receive.try_recv(), Ok("dropped"));
    walk.ended(Outcome::CANCELLED, Outcome::CANCELLED);
}

/// Polled again and again, until the iterator ends.
struct Spin<I>(I);

impl<I: Iterator<Item = ()> + Unpin> Future for Spin<I> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.next().is_none() {
            return Poll::Ready(());
        }
        thread::yield_now();
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn to_stop_waiting_does_not_cancel() {
    let walk = Walk::new(RunOptions::default());
    let step = block_on(walk.run.next_step()).unwrap();
    drop(walk.run.wait());
    drop(walk.run.next_step());
    refused(walk.host.queue.close(), Status::BUSY);
    step.answer(Ok(r#"{"image":"app:1"}"#)).unwrap();
    block_on(walk.run.next_step()).unwrap().answer(Ok(())).unwrap();
    walk.ended(Outcome::SUCCEEDED, Outcome::SUCCEEDED);
}

#[test]
fn the_library_keeps_a_steps_time() {
    let walk = Walk::of(&PIPELINE.replace("5m", "10ms"), Host::new(), RunOptions::default());
    block_on(walk.run.carry_out(|_| pending::<Result<(), StepError>>()));
    assert_eq!(walk.nodes()["build/one"], Outcome::TIMED_OUT);
}

#[test]
fn a_step_says_that_it_is_alive() {
    let walk = Walk::new(RunOptions { heartbeat: Some(Duration::from_secs(3600)), ..Default::default() });
    let step = block_on(walk.run.next_step()).unwrap();
    step.progress(r#"{"percent":5}"#).unwrap();
    step.progress("").unwrap();
    refused(step.progress("5"), Status::NOT_JSON);
    eventually("it was told", || !walk.log.of(EventKind::STEP_PROGRESS).is_empty());
    let alive: Step = step.clone();
    step.answer(Err::<(), _>("enough".into())).unwrap();
    assert!(block_on(walk.run.next_step()).is_none());
    refused(alive.progress(""), Status::STALE);
    assert_eq!(walk.log.of(EventKind::STEP_PROGRESS)[0].input.as_deref(), Some(r#"{"percent":5}"#));
}

const LOOP: &str = "
pipeline:
  name: Wide
  identifier: wide
  flowControl: {barriers: [{name: Meet, identifier: meet}]}
  stages:
    - stage:
        name: Fan
        identifier: fan
        type: Custom
        spec:
          execution:
            steps:
              - step: {type: Work, name: Work, identifier: work, spec: {}, strategy: {matrix: {n: [a, b, c, d], maxConcurrency: 1}}}
              - parallel:
                  - stepGroup: {name: A, identifier: a, steps: [
                      {step: {type: Barrier, name: Meet, identifier: meet_a, spec: {barrierRef: meet}}}]}
                  - stepGroup: {name: B, identifier: b, steps: [
                      {step: {type: Work, name: Last, identifier: last, spec: {}}},
                      {step: {type: Barrier, name: Meet, identifier: meet_b, spec: {barrierRef: meet}}}]}
";

#[test]
fn a_run_is_controlled() {
    let walk = Walk::of(LOOP, Host::new(), RunOptions::default());
    let run = &walk.run;
    let next = || block_on(run.next_step()).unwrap();
    let first = next();
    block_on(run.pause("lunch").unwrap()).unwrap();
    first.answer(Ok(())).unwrap();
    let picture = block_on(run.snapshot().unwrap()).unwrap();
    assert_eq!(Json::new(&picture).get("paused").unwrap().as_bool(), Some(true));
    block_on(run.resume("back").unwrap()).unwrap();
    block_on(run.set_concurrency("fan/work", 0).unwrap()).unwrap();
    let three = [next(), next(), next()];
    let refusal = block_on(run.release_barrier("nobody's", "").unwrap()).unwrap_err();
    assert!(!refusal.to_string().is_empty());
    three.into_iter().for_each(|step| step.answer(Ok(())).unwrap());
    let last = next();
    assert_eq!(last.path(), "fan/b/last");
    block_on(run.break_barrier("meet", "too late").unwrap()).unwrap();
    drop(run.pause("nobody waits for this one").unwrap());
    block_on(run.resume("").unwrap()).unwrap();
    last.answer(Ok(())).unwrap();
    assert!(block_on(run.next_step()).is_none());
    assert_eq!(block_on(run.wait()), Outcome::FAILED);
    let broken = walk.log.of(EventKind::BARRIER_BROKEN);
    assert_eq!(broken.len(), 1);
    assert_eq!(walk.log.of(EventKind::CONTROL).len(), 7);
    refused(run.snapshot(), Status::STALE);
}

#[test]
fn a_simulated_run_asks_for_no_step() {
    let simulation = r#"{"steps": {"build/two": {"outcome": "failed"}}}"#;
    let options = || RunOptions { simulate: true, simulation, ..Default::default() };
    let walk = Walk::of(PIPELINE, Host::virtual_clock(), options());
    assert!(block_on(walk.run.next_step()).is_none());
    walk.ended(Outcome::FAILED, Outcome::SUCCEEDED);
    let plan = Plan::load(PIPELINE, LoadOptions::default()).unwrap();
    let wrong = RunOptions { simulation: "5", ..options() };
    refused(walk.host.runtime.start(&walk.host.queue, &plan, wrong), Status::NOT_JSON);
}

#[test]
fn a_polled_runtime_works_on_the_callers_thread() {
    let host = Host::with(RuntimeOptions { polled: true, ..Default::default() }, Queue::new().unwrap());
    let simulation = r#"{"default_ms": 1, "steps": {"build/one": {"outputs": {"image": "app:1"}}}}"#;
    let walk = Walk::of(PIPELINE, host, RunOptions { simulate: true, simulation, ..Default::default() });
    while walk.run.outcome().is_none() {
        walk.host.runtime.poll(0).unwrap();
    }
    walk.ended(Outcome::SUCCEEDED, Outcome::SUCCEEDED);
    assert_eq!(walk.host.runtime.poll(0).unwrap(), None);
    refused(Host::new().runtime.poll(0), Status::BAD_STATE);
}

#[test]
fn events_come_as_json_when_asked() {
    let host = Host::with(RuntimeOptions::default(), Queue::with(QueueOptions { json: true }).unwrap());
    let simulation = r#"{"default_ms": 0}"#;
    let options = RunOptions { id: "first", tag: 7, simulate: true, simulation, ..Default::default() };
    let walk = Walk::of(PIPELINE, host, options);
    block_on(walk.run.wait());
    let first = &walk.log.all()[0];
    assert_eq!(first.tag, 7);
    let json = Json::new(first.json.as_ref().unwrap());
    assert_eq!(json.get("run").unwrap().as_str().unwrap(), "first");
    assert_eq!(json.get("type").unwrap().as_str().unwrap(), first.kind.name());
}
