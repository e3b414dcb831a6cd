// SPDX-License-Identifier: BSL-1.0

mod support;

use support::*;
use weir::*;

const MANY: usize = 10_000;

#[test]
fn many_lanes_arrive_together() {
    let host = Host::new();
    let lanes = host.lanes(MANY);
    let options = BarrierOptions { parties: MANY as u32, cyclic: true, ..Default::default() };
    let gate = host.scope.declare("gate", options).unwrap();
    for generation in 1..=5 {
        let endings = block_on(gate.arrive_all(&lanes).unwrap());
        assert_eq!(endings.len(), MANY);
        assert!(endings.iter().all(|end| end.outcome == Outcome::SUCCEEDED && end.generation == generation));
    }
    told(&host, 5 * MANY);
}

#[test]
fn a_batch_that_is_dropped_is_taken_back() {
    let host = Host::new();
    let lanes = host.lanes(3000);
    let gate = host.gate("gate", BarrierOptions::default(), &lanes);
    drop(gate.arrive_all(&lanes[1..]).unwrap());
    assert_eq!(waiting(&gate), 0);
    // What was left behind is waited for, lane by lane.
    let arrivals: Vec<_> = lanes.iter().map(|lane| lane.arrive(&gate)).collect();
    drop(block_on(join(arrivals)));
    told(&host, 2999 + 3000);
}

/// Those who watch are told a moment after it is known to those who ask.
fn told(host: &Host, ends: usize) {
    eventually("all are told", || host.log.of(EventKind::BARRIER_DONE).len() == ends);
}

/// Polls all until each has ended.
async fn join<F: std::future::Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    Join(&mut futures).await;
    futures.into_iter().map(|future| future.1.unwrap()).collect()
}

type Joined<F> = (std::pin::Pin<Box<F>>, Option<<F as std::future::Future>::Output>);

struct Join<'f, F: std::future::Future>(&'f mut Vec<Joined<F>>);

impl<F: std::future::Future> std::future::Future for Join<'_, F> {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        let mut left = false;
        for (future, output) in self.0.iter_mut().filter(|future| future.1.is_none()) {
            match future.as_mut().poll(cx) {
                std::task::Poll::Ready(end) => *output = Some(end),
                std::task::Poll::Pending => left = true,
            }
        }
        if left {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    }
}

impl<F: std::future::Future> Unpin for Join<'_, F> {}

#[test]
fn a_batch_stops_at_the_first_that_is_refused() {
    let host = Host::new();
    let mut lanes = host.lanes(2000);
    let gate = host.scope.declare("gate", BarrierOptions { parties: 2000, ..Default::default() }).unwrap();
    let middle = host.scope.open_lane("another").unwrap();
    std::mem::replace(&mut lanes[1500], middle).finish(Outcome::SUCCEEDED).unwrap();
    let _busy = begin(&lanes[1500], &gate);
    let stopped = gate.arrive_all(&lanes).unwrap_err();
    assert_eq!(stopped.error.status(), Status::BUSY);
    gate.release_by_hand().unwrap();
    assert_eq!(block_on(stopped.arrived).len(), 1500);
    assert!(block_on(gate.arrive_all(&[]).unwrap()).is_empty());
}
