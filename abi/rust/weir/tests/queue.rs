// SPDX-License-Identifier: BSL-1.0

mod support;

use std::os::unix::io::{AsFd, AsRawFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;
use support::*;
use weir::*;

fn one_worker() -> RuntimeOptions {
    RuntimeOptions { workers: 1, ..Default::default() }
}

/// Lanes meet on a queue that is served in whatever way.
fn meet(queue: &Queue, wait: impl FnOnce(Arrival) -> Ending) {
    let runtime = Runtime::with(&one_worker()).unwrap();
    let scope = runtime.open_scope(queue, ScopeOptions::default()).unwrap();
    let gate = scope.declare("gate", BarrierOptions { parties: 2, ..Default::default() }).unwrap();
    let (one, other) = (scope.open_lane("one").unwrap(), scope.open_lane("other").unwrap());
    let (first, _second) = (begin(&one, &gate), begin(&other, &gate));
    assert_eq!(wait(first).outcome, Outcome::SUCCEEDED);
}

#[test]
fn the_host_drains_when_the_descriptor_is_readable() {
    let queue = Queue::undriven(QueueOptions::default()).unwrap();
    assert_eq!(queue.drain().unwrap(), 0);
    assert!(queue.as_fd().as_raw_fd() >= 0);
    meet(&queue, |first| {
        assert_eq!(queue.drain().unwrap(), 3); // the decision, and two ends
        block_on(first)
    });
}

#[test]
fn the_host_is_woken_by_a_function() {
    let woken = Arc::new(AtomicUsize::new(0));
    let counts = woken.clone();
    let wake = move || {
        counts.fetch_add(1, Ordering::Relaxed);
    };
    let queue = Queue::with_wake(QueueOptions::default(), wake).unwrap();
    assert_eq!(queue.drain().unwrap(), 0);
    meet(&queue, |first| {
        assert_eq!(woken.load(Ordering::Relaxed), 1);
        queue.drain().unwrap();
        block_on(first)
    });
    queue.wake().unwrap();
    assert!(woken.load(Ordering::Relaxed) >= 2);
}

#[test]
fn a_thread_of_the_library_serves() {
    let queue = Queue::undriven(QueueOptions::default()).unwrap();
    let dispatcher = queue.dispatch().unwrap();
    refused(queue.dispatch(), Status::BAD_STATE);
    refused(queue.drain(), Status::BAD_STATE);
    meet(&queue, block_on);
    dispatcher.end().unwrap();
    while queue.drain().unwrap() > 0 {}
}

#[test]
fn what_is_closed_twice_is_stale() {
    let host = Host::new();
    host.scope.close().unwrap();
    refused(host.scope.close(), Status::STALE);
    let queue = Queue::new().unwrap();
    queue.close().unwrap();
    refused(queue.close(), Status::STALE);
    refused(queue.wake(), Status::STALE);
    refused(queue.drain(), Status::STALE);
    let other = Runtime::with(&one_worker()).unwrap();
    other.close().unwrap();
    refused(other.close(), Status::STALE);
    refused(other.statistics(), Status::STALE);
    refused(other.open_scope(&host.queue, ScopeOptions::default()), Status::STALE);
    refused(host.runtime.open_scope(&queue, ScopeOptions::default()), Status::STALE);
}

#[test]
fn what_is_used_after_its_end_is_stale() {
    let host = Host::new();
    let lane = host.scope.open_lane("lane").unwrap();
    let gate = host.gate("gate", BarrierOptions::default(), [&lane]);
    let below = host.scope.open_scope(ScopeOptions::default()).unwrap();
    host.scope.close().unwrap();
    block_on(host.scope.closed());
    block_on(below.closed());
    refused(host.scope.open_lane("late"), Status::STALE);
    refused(host.scope.declare("late", BarrierOptions::default()), Status::STALE);
    refused(host.scope.open_gate("late", 1), Status::STALE);
    refused(host.scope.find("gate"), Status::STALE);
    refused(host.scope.describe(), Status::STALE);
    refused(below.open_scope(ScopeOptions::default()), Status::STALE);
    refused(gate.describe(), Status::STALE);
    refused(lane.begin(&gate, ArriveOptions::default()), Status::STALE);
    assert_eq!(gate.arrive_all(std::slice::from_ref(&lane)).unwrap_err().error.status(), Status::STALE);
    for result in [
        gate.open(),
        gate.reserve(1),
        gate.settle(1),
        gate.release_by_hand(),
        gate.break_by_hand(),
        lane.expect(&gate),
        lane.retract(&gate),
        lane.withdraw(&gate),
        lane.finish(Outcome::SUCCEEDED),
    ] {
        refused(result, Status::STALE);
    }
}

#[test]
fn a_queue_in_use_is_not_closed() {
    let host = Host::new();
    refused(host.queue.close(), Status::BUSY);
    refused(host.runtime.close(), Status::BUSY);
    let lane = host.scope.open_lane("lane").unwrap();
    let gate = host.scope.declare("gate", BarrierOptions { parties: 1, ..Default::default() }).unwrap();
    block_on(lane.arrive(&gate)).unwrap(); // and serves on
    let statistics = host.runtime.statistics().unwrap();
    assert_eq!((statistics.workers, statistics.runs), (1, 1));
}

#[test]
fn an_observer_does_not_close_its_queue() {
    let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::new().unwrap());
    let (same, (send, receive)) = (queue.clone(), std::sync::mpsc::channel());
    let observe: Observer = Box::new(move |_| send.send(same.close()).unwrap());
    drop(runtime.open_scope(&queue, ScopeOptions { observe: Some(observe), ..Default::default() }).unwrap());
    refused(receive.recv().unwrap(), Status::BAD_STATE);
}

#[test]
fn an_observer_that_panics_is_not_called_again() {
    let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::new().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counts = calls.clone();
    let observe: Observer = Box::new(move |_| {
        counts.fetch_add(1, Ordering::Relaxed);
        panic!("as the test wants it");
    });
    let scope = runtime.open_scope(&queue, ScopeOptions { observe: Some(observe), ..Default::default() }).unwrap();
    let gate = scope.declare("gate", BarrierOptions { parties: 1, ..Default::default() }).unwrap();
    block_on(scope.open_lane("lane").unwrap().arrive(&gate)).unwrap();
    scope.close().unwrap();
    block_on(scope.closed());
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn scopes_of_many_threads_share_a_queue() {
    let host = Host::new();
    thread::scope(|threads| {
        for _ in 0..20 {
            threads.spawn(|| {
                let scope = host.runtime.open_scope(&host.queue, ScopeOptions::default()).unwrap();
                let gate = scope.declare("gate", BarrierOptions { parties: 2, ..Default::default() }).unwrap();
                let (one, other) = (scope.open_lane("one").unwrap(), scope.open_lane("other").unwrap());
                let first = begin(&one, &gate);
                block_on(other.arrive(&gate)).unwrap();
                block_on(first).result().unwrap();
                scope.close().unwrap();
                block_on(scope.closed());
            });
        }
    });
}

#[test]
fn all_may_be_shared_among_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<(Runtime, Queue, Scope, Lane, Barrier, Gate, Loop, Plan, Run, Step)>();
    shared::<(Arrival, Batch, Completion, Assignment, Cancellation, Control, Snapshot, Dispatcher, Error)>();
}

#[test]
fn what_the_library_refuses_it_says_in_its_own_words() {
    let error = Runtime::with(&RuntimeOptions { polled: true, workers: 2, ..Default::default() }).unwrap_err();
    assert_eq!((error.status(), error.call()), (Status::INVALID_ARGUMENT, "weir_runtime_create"));
    assert!(error.text().contains("workers"), "{error}");
}

#[test]
fn numbers_have_the_librarys_names() {
    assert!(is_supported());
    assert_eq!(abi_version().0, 1);
    assert_eq!(version().split('.').next(), Some("1"));
    assert_eq!(Status::STALE.name(), "WEIR_E_STALE");
    assert_eq!(format!("{} {:?}", Outcome::TIMED_OUT, Reason::BY_HAND), "timed_out by hand (5)");
    assert_eq!(EventKind::BARRIER_RELEASED.name(), "barrier.released");
    assert_eq!(Format::DOT.name(), "dot");
    assert_eq!(Status::DECIDED.number(), -18);
}
