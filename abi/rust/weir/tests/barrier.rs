// SPDX-License-Identifier: BSL-1.0

mod support;

use std::sync::mpsc;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;
use support::*;
use weir::*;

#[test]
fn a_barrier_is_described() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    let _waits = begin(&lanes[1], &gate);
    let said = gate.describe().unwrap();
    let said = Json::new(&said);
    assert_eq!(said.get("barrier").unwrap().as_str().unwrap(), "gate");
    assert_eq!(said.get("waiting").unwrap().text(), r#"["build/1"]"#);
    assert_eq!(said.get("missing").unwrap().text(), r#"["build/0"]"#);
    assert!(host.scope.describe().unwrap().contains("build/1"));
}

#[test]
fn names_are_found_in_parents_and_taken_once() {
    let host = Host::new();
    let gate = host.gate("gate", BarrierOptions::default(), []);
    let below = host.scope.open_scope(ScopeOptions { name: "below", ..Default::default() }).unwrap();
    let found = below.find("gate").unwrap();
    assert_eq!((&found, found.name()), (&gate, "gate"));
    refused(below.find("gatr"), Status::NOT_FOUND);
    refused(host.scope.declare("gate", BarrierOptions::default()), Status::EXISTS);
    refused(host.scope.declare("g\0te", BarrierOptions::default()), Status::NOT_UTF8);
    refused(host.scope.declare("", BarrierOptions::default()), Status::INVALID_ARGUMENT);
    let error = host.scope.declare("", BarrierOptions::default()).unwrap_err();
    assert_eq!(error.call(), "weir_barrier_declare");
    assert_ne!(error.text(), Status::INVALID_ARGUMENT.text(), "the library's own words are lost");
}

#[test]
fn a_childs_lane_meets_at_the_parents_barrier() {
    let host = Host::new();
    let below = host.scope.open_scope(ScopeOptions { name: "below", ..Default::default() }).unwrap();
    let above = host.scope.open_lane("above").unwrap();
    let child = below.open_lane_under(&above, "child").unwrap();
    let gate = host.gate("gate", BarrierOptions::default(), [&above, &child]);
    let waits = begin(&above, &gate);
    block_on(child.arrive(&gate)).unwrap();
    block_on(waits).result().unwrap();
    let own = below.declare("own", BarrierOptions::default()).unwrap();
    refused(above.expect(&own), Status::INVALID_ARGUMENT);
}

#[test]
fn lanes_that_do_nothing_else_while_they_wait_are_told_of_a_circle() {
    let host = Host::new();
    let options = ScopeOptions { name: "circle", sequential: true, ..Default::default() };
    let circle = host.runtime.open_scope(&host.queue, options).unwrap();
    let (a, b) = (circle.open_lane("a").unwrap(), circle.open_lane("b").unwrap());
    let p = circle.declare("p", BarrierOptions::default()).unwrap();
    let q = circle.declare("q", BarrierOptions::default()).unwrap();
    for at in [&p, &q] {
        a.expect(at).unwrap();
        b.expect(at).unwrap();
        at.open().unwrap();
    }
    let waits = begin(&a, &p);
    let refused = block_on(a.arrive(&q)).unwrap_err();
    assert!(matches!(refused, ArriveError::Refused(error) if error.status() == Status::BUSY));
    assert!(block_on(b.arrive(&q)).unwrap_err().broken().is_some());
    let error = block_on(waits).result().unwrap_err();
    let broken = error.broken().unwrap();
    assert_eq!(broken.reason, Reason::DEADLOCK);
    let words = "barrier 'p' waits for circle/b, which waits at barrier 'q' for circle/a, which waits at barrier 'p'";
    assert_eq!(broken.message().unwrap(), words);
    circle.close().unwrap();
    block_on(circle.closed());
}

#[test]
fn a_stranger_is_not_expected() {
    let host = Host::new();
    let lanes = host.lanes(3);
    let gate = host.scope.declare("gate", BarrierOptions { parties: 2, ..Default::default() }).unwrap();
    let first = begin(&lanes[0], &gate);
    refused(lanes[0].begin(&gate, ArriveOptions::default()), Status::BUSY);
    block_on(lanes[1].arrive(&gate)).unwrap();
    block_on(first).result().unwrap();
    match block_on(lanes[2].arrive(&gate)) {
        Err(ArriveError::Refused(error)) => assert_eq!(error.status(), Status::NOT_EXPECTED),
        other => panic!("{other:?}"),
    }
    refused(lanes[2].expect(&gate), Status::DECIDED);
}

#[test]
fn stragglers_pass_or_fail() {
    let host = Host::new();
    let lanes = host.lanes(3);
    for (name, strict) in [("lenient", false), ("strict", true)] {
        let options = BarrierOptions { quorum: 2, stragglers_fail: strict, ..Default::default() };
        let gate = host.gate(name, options, &lanes);
        assert_eq!(block_on(gate.arrive_all(&lanes[..2]).unwrap()).len(), 2);
        let late = block_on(begin(&lanes[2], &gate));
        assert!(late.late);
        assert_eq!(late.result().is_err(), strict, "{name}");
    }
}

#[test]
fn reservations_hold_a_barrier() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.scope.declare("gate", BarrierOptions::default()).unwrap();
    lanes[0].expect(&gate).unwrap();
    gate.reserve(1).unwrap();
    gate.open().unwrap();
    let first = begin(&lanes[0], &gate);
    refused(gate.settle(2), Status::INVALID_ARGUMENT);
    lanes[1].expect(&gate).unwrap();
    gate.settle(1).unwrap();
    assert_eq!(waiting(&gate), 1);
    block_on(lanes[1].arrive(&gate)).unwrap();
    block_on(first).result().unwrap();
    refused(gate.reserve(1), Status::DECIDED);
}

#[test]
fn a_hand_releases_and_breaks() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.gate("released", BarrierOptions::default(), &lanes);
    let first = begin(&lanes[0], &gate);
    gate.release_by_hand().unwrap();
    assert_eq!(block_on(first).result().unwrap().reason, Reason::BY_HAND);
    refused(gate.release_by_hand(), Status::DECIDED);
    let gate = host.gate("broken", BarrierOptions::default(), &lanes);
    let second = begin(&lanes[0], &gate);
    gate.break_by_hand().unwrap();
    assert_eq!(broken(block_on(second).result()).reason, Reason::BY_HAND);
}

#[test]
fn a_barriers_own_patience() {
    let host = Host::virtual_clock();
    let lanes = host.lanes(2);
    let timeout = Some(Duration::from_secs(60));
    let gate = host.gate("gate", BarrierOptions { timeout, ..Default::default() }, &lanes);
    assert_eq!(broken(block_on(lanes[0].arrive(&gate))).reason, Reason::TIMED_OUT);
}

/// A barrier whose completions are sent to the test.
fn completing(host: &Host, lanes: &[Lane], cyclic: bool) -> (Barrier, mpsc::Receiver<Completion>) {
    let (send, receive) = mpsc::channel();
    let send = Mutex::new(send);
    let complete = Box::new(move |completion| send.lock().unwrap().send(completion).unwrap());
    let options = BarrierOptions { cyclic, complete: Some(complete), ..Default::default() };
    (host.gate("gate", options, lanes), receive)
}

#[test]
fn a_completion_comes_before_anybody_goes_on() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let (gate, asked) = completing(&host, &lanes, true);
    for (generation, outcome) in [(1, Outcome::SUCCEEDED), (2, Outcome::FAILED)] {
        let all = gate.arrive_all(&lanes).unwrap();
        let completion = asked.recv().unwrap();
        assert_eq!(completion.generation(), generation);
        assert_eq!(host.log.of(EventKind::BARRIER_DONE).len(), 2 * (generation as usize - 1));
        completion.finish(outcome).unwrap();
        assert!(block_on(all).iter().all(|ending| ending.outcome == outcome));
    }
}

#[test]
fn a_completion_that_is_dropped_breaks_the_barrier() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let (gate, asked) = completing(&host, &lanes, false);
    let all = gate.arrive_all(&lanes).unwrap();
    drop(asked.recv().unwrap());
    assert!(block_on(all).iter().all(|ending| ending.outcome == Outcome::FAILED));
}

#[test]
fn a_completion_is_told_of_a_break() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let (gate, asked) = completing(&host, &lanes, false);
    let all = gate.arrive_all(&lanes).unwrap();
    let completion = asked.recv().unwrap();
    let decided = completion.decided();
    let waits = thread::spawn(move || block_on(decided));
    gate.break_by_hand().unwrap();
    waits.join().unwrap();
    refused(completion.finish(Outcome::SUCCEEDED), Status::DECIDED);
    assert!(block_on(all).iter().all(|ending| ending.outcome == Outcome::FAILED));
}

#[test]
fn who_completes_and_panics_breaks_the_barrier_and_no_more() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let complete: Box<dyn Fn(Completion) + Send + Sync> = Box::new(|_| panic!("as the test wants it"));
    let gate = host.gate("gate", BarrierOptions { complete: Some(complete), ..Default::default() }, &lanes);
    assert!(block_on(gate.arrive_all(&lanes).unwrap()).iter().all(|ending| ending.outcome == Outcome::FAILED));
    let other = host.gate("other", BarrierOptions::default(), &lanes);
    assert_eq!(block_on(other.arrive_all(&lanes).unwrap())[0].outcome, Outcome::SUCCEEDED);
}
