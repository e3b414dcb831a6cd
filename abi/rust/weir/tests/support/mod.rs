// SPDX-License-Identifier: BSL-1.0

//! What the tests share: a host with one of each, which remembers what its scope told.
#![allow(dead_code)] // each test uses some of it

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use weir::*;

/// One stage of two steps; the second has what the first handed over.
pub const PIPELINE: &str = "
pipeline:
  name: Small
  identifier: small
  stages:
    - stage:
        name: Build
        identifier: build
        type: Custom
        spec:
          execution:
            steps:
              - step:
                  type: First
                  name: One
                  identifier: one
                  timeout: 5m
                  spec: {kind: fast}
              - step:
                  type: Second
                  name: Two
                  identifier: two
                  spec:
                    image: <+execution.steps.one.output.outputVariables.image>
";

/// An event that was told.
#[derive(Clone, Debug)]
pub struct Told {
    pub kind: EventKind,
    pub path: String,
    pub tag: u64,
    pub seq: u64,
    pub outcome: Option<Outcome>,
    pub time: Duration,
    pub json: Option<String>,
    pub input: Option<String>,
}

#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Told>>>);

impl Log {
    pub fn observer(&self) -> Option<Observer> {
        let log = self.clone();
        Some(Box::new(move |event| {
            log.0.lock().unwrap().push(Told {
                kind: event.kind(),
                path: event.path().to_owned(),
                tag: event.tag(),
                seq: event.seq(),
                outcome: event.outcome(),
                time: event.time(),
                json: event.json().map(Into::into),
                input: event.input().map(|input| input.text().to_owned()),
            })
        }))
    }

    pub fn all(&self) -> Vec<Told> {
        self.0.lock().unwrap().clone()
    }

    pub fn of(&self, kind: EventKind) -> Vec<Told> {
        self.all().into_iter().filter(|told| told.kind == kind).collect()
    }
}

/// Closed when it is dropped; then nothing of it is left.
pub struct Host {
    pub runtime: Runtime,
    pub queue: Queue,
    pub scope: Scope,
    pub log: Log,
}

impl Host {
    pub fn with(options: RuntimeOptions, queue: Queue) -> Host {
        let (runtime, log) = (Runtime::with(&options).unwrap(), Log::default());
        let named = ScopeOptions { name: "build", tag: 4711, observe: log.observer(), ..Default::default() };
        let scope = runtime.open_scope(&queue, named).unwrap();
        Host { runtime, queue, scope, log }
    }

    pub fn new() -> Host {
        Host::with(RuntimeOptions { workers: 1, ..Default::default() }, Queue::new().unwrap())
    }

    pub fn virtual_clock() -> Host {
        let options = RuntimeOptions { workers: 1, virtual_clock: true, ..Default::default() };
        Host::with(options, Queue::new().unwrap())
    }

    pub fn lanes(&self, count: usize) -> Vec<Lane> {
        (0..count).map(|i| self.scope.open_lane(&i.to_string()).unwrap()).collect()
    }

    /// Declares a barrier that expects the lanes, and opens it.
    pub fn gate<'l>(&self, name: &str, options: BarrierOptions, lanes: impl IntoIterator<Item = &'l Lane>) -> Barrier {
        let gate = self.scope.declare(name, options).unwrap();
        lanes.into_iter().for_each(|lane| lane.expect(&gate).unwrap());
        gate.open().unwrap();
        gate
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let closed = self.scope.close();
        if thread::panicking() {
            return;
        }
        assert!(closed.is_ok() || is(&closed, Status::STALE));
        block_on(self.scope.closed());
        self.queue.close().unwrap();
        self.runtime.close().unwrap();
    }
}

pub fn begin(lane: &Lane, at: &Barrier) -> Arrival {
    lane.begin(at, ArriveOptions::default()).unwrap()
}

/// Whether it was refused so.
pub fn is<T>(result: &Result<T>, status: Status) -> bool {
    matches!(result, Err(error) if error.status() == status)
}

#[track_caller]
pub fn refused<T>(result: Result<T>, status: Status) {
    match result {
        Ok(_) => panic!("not {status}"),
        Err(error) => assert_eq!(error.status(), status),
    }
}

/// The decision of a barrier that broke.
#[track_caller]
pub fn broken(result: Result<Arc<Decision>, ArriveError>) -> Decision {
    result.unwrap_err().broken().expect("it broke").clone()
}

/// How many lanes the barrier says are waiting.
pub fn waiting(gate: &Barrier) -> usize {
    Json::new(&gate.describe().unwrap()).get("waiting").map_or(0, |waiting| waiting.items().count())
}

/// How many things there are in a folder of /proc.
pub fn entries(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// How many threads have a name that begins so.
pub fn threads(prefix: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(task.unwrap().path().join("comm"));
    tasks.filter_map(|task| name(task).ok()).filter(|name| name.starts_with(prefix)).count()
}

/// Waits for what another thread does as its last, of which there is no event.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < until, "not so: {what}");
        thread::yield_now();
    }
}
