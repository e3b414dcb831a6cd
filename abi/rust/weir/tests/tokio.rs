// SPDX-License-Identifier: BSL-1.0
#![cfg(feature = "tokio")]

mod support;

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use support::*;
use tokio::runtime::Builder;
use weir::*;

fn in_tokio<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread().enable_io().build().unwrap().block_on(future)
}

fn one_worker() -> RuntimeOptions {
    RuntimeOptions { workers: 1, ..Default::default() }
}

#[test]
fn tasks_meet_and_no_thread_is_held() {
    in_tokio(async {
        let before = threads("");
        let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::tokio(QueueOptions::default()).unwrap());
        let scope = runtime.open_scope(&queue, ScopeOptions::default()).unwrap();
        let options = BarrierOptions { parties: 1000, cyclic: true, ..Default::default() };
        let gate = scope.declare("gate", options).unwrap();
        let tasks: Vec<_> = (0..1000)
            .map(|i| (scope.open_lane(&i.to_string()).unwrap(), gate.clone()))
            .map(|(lane, gate)| {
                tokio::spawn(async move {
                    for generation in 1..=5 {
                        assert_eq!(lane.arrive(&gate).await.unwrap().generation, generation);
                    }
                    lane.finish(Outcome::SUCCEEDED).unwrap();
                })
            })
            .collect();
        assert!(threads("") <= before + 2, "the worker, and the library's clock");
        for task in tasks {
            task.await.unwrap();
        }
        scope.close().unwrap();
        scope.closed().await;
        queue.close().unwrap();
        runtime.close().unwrap();
    });
}

#[test]
fn a_task_that_is_aborted_takes_its_arrival_back() {
    in_tokio(async {
        let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::tokio(QueueOptions::default()).unwrap());
        let scope = runtime.open_scope(&queue, ScopeOptions::default()).unwrap();
        let lanes: Vec<_> = (0..2).map(|i| Arc::new(scope.open_lane(&i.to_string()).unwrap())).collect();
        let gate = scope.declare("gate", BarrierOptions::default()).unwrap();
        lanes.iter().for_each(|lane| lane.expect(&gate).unwrap());
        gate.open().unwrap();
        for _ in 0..100 {
            let (lane, there) = (lanes[0].clone(), gate.clone());
            let task = tokio::spawn(async move { drop(lane.arrive(&there).await) });
            while waiting(&gate) == 0 {
                tokio::task::yield_now().await;
            }
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            assert_eq!(waiting(&gate), 0);
        }
        let (lane, there) = (lanes[0].clone(), gate.clone());
        let again = tokio::spawn(async move { lane.arrive(&there).await.unwrap().arrived });
        lanes[1].arrive(&gate).await.unwrap();
        assert_eq!(again.await.unwrap(), 2);
    });
}

#[test]
fn a_run_is_carried_out_beside_others() {
    in_tokio(async {
        let (runtime, queue) = (Runtime::with(&one_worker()).unwrap(), Queue::tokio(QueueOptions::default()).unwrap());
        let plan = Plan::load(PIPELINE, LoadOptions::default()).unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        let runs: Vec<_> = (0..20)
            .map(|_| runtime.start(&queue, &plan, RunOptions::default()).unwrap())
            .map(|run| {
                let done = done.clone();
                tokio::spawn(async move {
                    run.carry_out(|_| async {
                        done.fetch_add(1, Ordering::Relaxed);
                        tokio::task::yield_now().await;
                        Ok(r#"{"image":"app:1"}"#)
                    })
                    .await
                })
            })
            .collect();
        for run in runs {
            assert_eq!(run.await.unwrap(), Outcome::SUCCEEDED);
        }
        assert_eq!(done.load(Ordering::Relaxed), 40);
    });
}

#[test]
fn a_queue_asks_for_a_tokio_runtime() {
    refused(Queue::tokio(QueueOptions::default()), Status::BAD_STATE);
}

#[test]
fn a_queue_that_is_dropped_ends_its_task() {
    let descriptors = entries("/proc/self/fd");
    in_tokio(async {
        let queue = Queue::tokio(QueueOptions::default()).unwrap();
        drop(queue);
        tokio::task::yield_now().await;
    });
    eventually("its descriptors are closed", || entries("/proc/self/fd") <= descriptors + 20);
}
