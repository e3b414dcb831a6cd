// SPDX-License-Identifier: BSL-1.0

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;
use support::*;
use weir::*;

struct Noop;

impl Wake for Noop {
    fn wake(self: Arc<Self>) {}
}

fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(&Waker::from(Arc::new(Noop))))
}

#[test]
fn lanes_that_are_expected_go_on_together() {
    let host = Host::new();
    let lanes = host.lanes(3);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let (mut first, second) = (begin(&lanes[0], &gate), begin(&lanes[1], &gate));
    assert!(poll_once(&mut first).is_pending());
    let decision = block_on(lanes[2].arrive(&gate)).unwrap();
    assert_eq!((decision.kind, decision.arrived), (EventKind::BARRIER_RELEASED, 3));
    assert_eq!((decision.barrier.as_str(), decision.reason), ("gate", Reason::NONE));
    for arrival in [first, second] {
        let ending = block_on(arrival);
        assert_eq!((ending.generation, ending.late), (1, false));
        assert!(Arc::ptr_eq(&ending.result().unwrap(), &decision));
    }
}

#[test]
fn a_lane_that_fails_is_named_to_those_who_waited() {
    let host = Host::new();
    let mut lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let waits = begin(&lanes[0], &gate);
    lanes.pop().unwrap().finish(Outcome::FAILED).unwrap();
    let error = block_on(waits).result().unwrap_err();
    assert_eq!(error.to_string(), "barrier 'gate' broke: build/1: failed");
    assert_eq!(error.broken().unwrap().culprit().unwrap(), "build/1");
    assert_eq!(error.broken().unwrap().reason, Reason::FAILED);
}

#[test]
fn a_lane_that_is_dropped_was_cancelled_and_nobody_waits_for_it() {
    let host = Host::new();
    let mut lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let waits = begin(&lanes[0], &gate);
    drop(lanes.pop());
    let broken = broken(block_on(waits).result());
    assert_eq!((broken.reason, broken.culprit().as_deref()), (Reason::CANCELLED, Some("build/1")));
}

#[test]
fn values_are_handed_to_all_in_the_order_in_which_lanes_were_expected() {
    let host = Host::new();
    let lanes = host.lanes(3);
    let gate = host.gate("gate", BarrierOptions::default(), [&lanes[2], &lanes[0], &lanes[1]]);
    let give = |lane: usize, value| lanes[lane].begin(&gate, ArriveOptions { value, ..Default::default() }).unwrap();
    let (first, second) = (give(0, r#"{"size":7}"#), give(1, "[1]"));
    let last = ArriveOptions { value: &Json::quote("x"), ..Default::default() };
    let decision = block_on(lanes[2].arrive_with(&gate, last)).unwrap();
    let values: Vec<_> = decision.values().map(|(path, value)| (path, value.text().to_owned())).collect();
    let expected = [("build/2", "\"x\""), ("build/0", "{\"size\":7}"), ("build/1", "[1]")];
    assert_eq!(values, expected.map(|(path, value)| (path.to_owned(), value.to_owned())));
    block_on(async { (first.await, second.await) });
    refused(lanes[0].begin(&gate, ArriveOptions { value: "{", ..Default::default() }), Status::NOT_JSON);
    refused(lanes[0].begin(&gate, ArriveOptions { value: "\"\0\"", ..Default::default() }), Status::NOT_UTF8);
}

#[test]
fn an_arrival_that_is_dropped_is_taken_back_and_may_be_made_again() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    for _ in 0..100 {
        let mut arrival = Box::pin(lanes[0].arrive(&gate));
        block_on(Here { arrival: &mut arrival, at: &gate });
        drop(arrival);
        assert_eq!(waiting(&gate), 0);
    }
    let mut again = Box::pin(lanes[0].arrive(&gate));
    block_on(Here { arrival: &mut again, at: &gate });
    assert_eq!(block_on(lanes[1].arrive(&gate)).unwrap().generation, 1);
    block_on(again).unwrap();
}

/// Ends when the arrival waits at its barrier: what was left there before must have been told.
struct Here<'h, F> {
    arrival: &'h mut F,
    at: &'h Barrier,
}

impl<F: Future + Unpin> Future for Here<'_, F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        assert!(Pin::new(&mut *self.arrival).poll(cx).is_pending());
        if waiting(self.at) == 1 {
            Poll::Ready(())
        } else {
            Poll::Pending // woken when it may come
        }
    }
}

#[test]
fn an_arrival_that_nobody_polls_has_not_come() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    drop(lanes[0].arrive(&gate));
    assert_eq!(waiting(&gate), 0);
}

#[test]
fn dropping_and_deciding_at_once_ends_each_arrival_once() {
    let host = Host::new();
    let lanes = Arc::new(host.lanes(2));
    let gate = host.gate("gate", BarrierOptions { cyclic: true, ..Default::default() }, &*lanes);
    let mut taken_back = 0;
    for round in 1..=2000 {
        let one = begin(&lanes[0], &gate);
        let (others, there) = (lanes.clone(), gate.clone());
        let other = thread::spawn(move || block_on(others[1].arrive(&there)).unwrap().generation);
        drop(one);
        // Either the decision was faster, and the other has it; or the lane is expected again.
        if generation(&gate) == u64::from(round) {
            taken_back += 1;
            assert_eq!(block_on(lanes[0].arrive(&gate)).unwrap().generation, round);
        }
        assert_eq!(other.join().unwrap(), round);
    }
    assert_eq!(host.log.of(EventKind::BARRIER_RELEASED).len(), 2000);
    println!("{taken_back} of 2000 were taken back");
}

/// Which generation waits at the barrier, as the library says.
fn generation(gate: &Barrier) -> u64 {
    Json::new(&gate.describe().unwrap()).get("generation").and_then(Json::as_u64).unwrap()
}

#[test]
fn what_a_taken_back_arrival_says() {
    let host = Host::new();
    let mut lanes = host.lanes(3);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let (retracted, withdrawn) = (begin(&lanes[0], &gate), begin(&lanes[1], &gate));
    lanes[0].retract(&gate).unwrap();
    lanes[1].withdraw(&gate).unwrap();
    for arrival in [retracted, withdrawn] {
        let ending = block_on(arrival);
        assert_eq!(ending.outcome, Outcome::CANCELLED);
        assert!(matches!(ending.result(), Err(ArriveError::TakenBack)));
    }
    refused(lanes[0].retract(&gate), Status::NOT_EXPECTED);
    let again = begin(&lanes[0], &gate);
    lanes.remove(0).finish(Outcome::SUCCEEDED).unwrap();
    assert!(matches!(block_on(again).result(), Err(ArriveError::TakenBack)));
}

#[test]
fn patience_is_of_the_runtimes_clock() {
    let host = Host::virtual_clock();
    let lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let patience = ArriveOptions { timeout: Some(Duration::from_secs(5 * 3600)), ..Default::default() };
    let decision = broken(block_on(lanes[0].arrive_with(&gate, patience)));
    assert_eq!((decision.reason, decision.culprit().as_deref()), (Reason::TIMED_OUT, Some("build/0")));
    assert_eq!(decision.missing(), ["build/1"]);
    assert_eq!(host.log.of(EventKind::BARRIER_BROKEN)[0].time, Duration::from_secs(5 * 3600));
}

#[test]
fn a_quorum_does_without_one_whose_patience_ends() {
    let host = Host::virtual_clock();
    let lanes = host.lanes(3);
    let gate = host.gate("gate", BarrierOptions { quorum: 2, ..Default::default() }, &lanes);
    let patience = ArriveOptions { timeout: Some(Duration::from_secs(1)), ..Default::default() };
    let error = block_on(lanes[0].arrive_with(&gate, patience)).unwrap_err();
    assert!(matches!(error, ArriveError::TimedOut), "{error}");
    let second = begin(&lanes[1], &gate);
    block_on(lanes[2].arrive(&gate)).unwrap();
    block_on(second).result().unwrap();
}

#[test]
fn closing_the_scope_ends_who_waits() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let waits = begin(&lanes[0], &gate);
    host.scope.close().unwrap();
    broken(block_on(waits).result());
    block_on(host.scope.closed());
    let closed = host.log.of(EventKind::SCOPE_CLOSED);
    assert_eq!((closed[0].tag, closed[0].path.as_str()), (4711, "build"));
}
