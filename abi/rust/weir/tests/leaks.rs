// SPDX-License-Identifier: BSL-1.0

//! What is counted here is the whole process's, so these tests take turns.

mod support;

use std::sync::{Mutex, MutexGuard, PoisonError};
use support::*;
use weir::*;

static TURN: Mutex<()> = Mutex::new(());

/// Descriptors, and threads of the library and of this crate.
fn held() -> (usize, usize) {
    (entries("/proc/self/fd"), threads("weir-"))
}

/// A test's turn, which ends when all that it held has been given back.
struct Turn {
    before: (usize, usize),
    _alone: MutexGuard<'static, ()>,
}

fn turn() -> Turn {
    let _alone = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Turn { before: held(), _alone }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let no_more = |now: (usize, usize)| now.0 <= self.before.0 && now.1 <= self.before.1;
            eventually("all that was held is given back", || no_more(held()));
        }
    }
}

fn one_worker() -> RuntimeOptions {
    RuntimeOptions { workers: 1, ..Default::default() }
}

#[test]
fn many_who_wait_need_no_thread() {
    let _turn = turn();
    let host = Host::new();
    let lanes = host.lanes(10_000);
    let gate = host.scope.declare("gate", BarrierOptions { parties: 10_000, ..Default::default() }).unwrap();
    let alone = host.scope.declare("alone", BarrierOptions { parties: 1, ..Default::default() }).unwrap();
    block_on(lanes[0].arrive(&alone)).unwrap(); // then each thread has its name
    let before = threads("weir-");
    let arrivals: Vec<_> = lanes[1..].iter().map(|lane| begin(lane, &gate)).collect();
    assert_eq!(threads("weir-"), before);
    let last = block_on(lanes[0].arrive(&gate)).unwrap();
    let generations = arrivals.into_iter().map(|arrival| block_on(arrival).result().unwrap().generation);
    assert!(generations.into_iter().all(|generation| generation == last.generation));
}

#[test]
fn what_is_dropped_in_any_order_ends() {
    let _turn = turn();
    for _ in 0..50 {
        let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::new().unwrap());
        let scope = runtime.open_scope(&queue, ScopeOptions::default()).unwrap();
        let gate = scope.declare("gate", BarrierOptions { parties: 2, ..Default::default() }).unwrap();
        let lane = scope.open_lane("lane").unwrap();
        let waits = begin(&lane, &gate);
        drop((queue, runtime));
        drop((gate, scope));
        assert_eq!(block_on(waits).outcome, Outcome::FAILED);
    }
}

#[test]
fn a_run_that_is_dropped_is_cancelled_and_ends() {
    let _turn = turn();
    for taken in [false, true] {
        let log = Log::default();
        let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::new().unwrap());
        let plan = Plan::load(PIPELINE, LoadOptions::default()).unwrap();
        let options = RunOptions { observe: log.observer(), ..Default::default() };
        let run = runtime.start(&queue, &plan, options).unwrap();
        let step = if taken { block_on(run.next_step()) } else { None };
        drop((run, queue, runtime, plan));
        drop(step);
        eventually("the run has finished", || !log.of(EventKind::RUN_FINISHED).is_empty());
        assert_eq!(log.of(EventKind::RUN_FINISHED)[0].outcome, Some(Outcome::CANCELLED));
    }
}

#[test]
fn queues_and_runtimes_that_are_closed_leave_nothing() {
    let turn = turn();
    let runtime = Runtime::with(&RuntimeOptions { workers: 3, ..Default::default() }).unwrap();
    let queues: Vec<_> = (0..20).map(|_| Queue::new().unwrap()).collect();
    eventually("each has its threads", || held().1 >= turn.before.1 + 3 + 20);
    queues.iter().for_each(|queue| queue.close().unwrap());
    runtime.close().unwrap();
}

#[test]
fn a_queue_that_is_dropped_behind_its_scope_tells_all() {
    let _turn = turn();
    let runtime = Runtime::with(&one_worker()).unwrap();
    for _ in 0..500 {
        let queue = Queue::new().unwrap();
        let scope = runtime.open_scope(&queue, ScopeOptions::default()).unwrap();
        let gate = scope.declare("gate", BarrierOptions { parties: 2, ..Default::default() }).unwrap();
        let waits = begin(&scope.open_lane("a").unwrap(), &gate);
        let closed = scope.closed();
        drop((gate, scope, queue));
        assert_eq!(block_on(waits).outcome, Outcome::FAILED);
        block_on(closed);
    }
    runtime.close().unwrap();
}
