// SPDX-License-Identifier: BSL-1.0

mod support;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::*;
use weir::*;

/// Polls once, with the waker of who awaits.
struct Once<'f, F>(&'f mut F);

impl<F: Future + Unpin> Future for Once<'_, F> {
    type Output = Poll<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Pin::new(&mut self.0).poll(cx))
    }
}

#[test]
fn slots_are_handed_on() {
    let host = Host::new();
    let lanes = host.lanes(3);
    let gate = host.scope.open_gate("two", 2).unwrap();
    let first = block_on(lanes[0].take_slot(&gate)).unwrap();
    let second = block_on(lanes[1].take_slot(&gate)).unwrap();
    let mut third = Box::pin(lanes[2].take_slot(&gate));
    assert!(block_on(Once(&mut third)).is_pending());
    drop(first);
    let third = block_on(third).unwrap();
    second.give().unwrap();
    third.give().unwrap();
    drop(block_on(lanes[0].take_slot(&gate)).unwrap());
}

#[test]
fn one_who_waits_no_more_takes_no_slot() {
    let host = Host::new();
    let lanes = host.lanes(3);
    let gate = host.scope.open_gate("one", 1).unwrap();
    for _ in 0..200 {
        let held = block_on(lanes[0].take_slot(&gate)).unwrap();
        let mut leaves = Box::pin(lanes[1].take_slot(&gate));
        assert!(block_on(Once(&mut leaves)).is_pending());
        drop(held); // and the slot may be given to one who leaves
        drop(leaves);
        drop(block_on(lanes[2].take_slot(&gate)).unwrap());
    }
    drop(block_on(lanes[1].take_slot(&gate)).unwrap());
}

#[test]
fn more_slots_are_handed_out_at_once() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.scope.open_gate("gate", 1).unwrap();
    let _first = block_on(lanes[0].take_slot(&gate)).unwrap();
    let mut second = Box::pin(lanes[1].take_slot(&gate));
    assert!(block_on(Once(&mut second)).is_pending());
    gate.set_slots(2).unwrap();
    drop(block_on(second).unwrap());
    refused(gate.set_slots(0), Status::INVALID_ARGUMENT);
    refused(host.scope.open_gate("none", 0), Status::INVALID_ARGUMENT);
    match block_on(lanes[0].take_slot(&gate)) {
        Err(SlotError::Refused(error)) => assert_eq!(error.status(), Status::BUSY),
        other => panic!("{other:?}"),
    };
}

#[test]
fn a_gate_goes_with_its_scope() {
    let host = Host::new();
    let lanes = host.lanes(2);
    let gate = host.scope.open_gate("gate", 1).unwrap();
    let _held = block_on(lanes[0].take_slot(&gate)).unwrap();
    let mut waits = Box::pin(lanes[1].take_slot(&gate));
    assert!(block_on(Once(&mut waits)).is_pending());
    host.scope.close().unwrap();
    assert!(matches!(block_on(waits), Err(SlotError::Cancelled)));
    refused(gate.set_slots(2), Status::STALE);
}
