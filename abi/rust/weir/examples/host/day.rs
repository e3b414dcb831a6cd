// SPDX-License-Identifier: BSL-1.0

use crate::scenario::{self, Failure, Scenario};
use crate::steps;
use crate::task::{Flags, Report, Task};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use weir::{
    block_on, Barrier, BarrierOptions, Decision, EventKind, LoadOptions, Outcome, Plan, Queue, RunOptions, Runtime,
    ScopeOptions,
};

/// A scenario that was carried out.
pub struct Day {
    pub scenario: Scenario,
    pub reports: Vec<Report>,
    pub decisions: Vec<Decision>,
    pub nodes: BTreeMap<String, Outcome>,
    pub outcome: Outcome,
}

/// What the tasks share.
pub struct Stage {
    barriers: HashMap<String, Barrier>,
    flags: HashMap<String, Flags>,
}

impl Stage {
    pub fn barrier(&self, name: &str) -> Result<&Barrier, Failure> {
        self.barriers.get(name).ok_or_else(|| format!("no barrier is called '{name}'").into())
    }

    pub fn flags(&self, task: &str) -> Result<Flags, Failure> {
        self.flags.get(task).cloned().ok_or_else(|| format!("no task is called '{task}'").into())
    }
}

/// Does the tasks, then the pipeline.
pub fn carry_out(folder: &Path) -> Result<Day, Failure> {
    let scenario = scenario::read(folder)?;
    let (runtime, queue) = (Runtime::new()?, Queue::new()?);
    let (reports, decisions) = do_tasks(&scenario, &runtime, &queue)?;
    let (nodes, outcome) = do_pipeline(&folder.join(&scenario.pipeline), &runtime, &queue)?;
    Ok(Day { scenario, reports, decisions, nodes, outcome })
}

type Done = (Vec<Report>, Vec<Decision>);

fn do_tasks(scenario: &Scenario, runtime: &Runtime, queue: &Queue) -> Result<Done, Failure> {
    let decisions = Arc::new(Mutex::new(Vec::new()));
    let seen = decisions.clone();
    let observe = Box::new(move |event: &weir::Event<'_>| seen.lock().unwrap().extend(event.decision()));
    let options = ScopeOptions { name: &scenario.name, observe: Some(observe), ..Default::default() };
    let scope = runtime.open_scope(queue, options)?;
    let mut stage = Stage { barriers: HashMap::new(), flags: HashMap::new() };
    for planned in &scenario.barriers {
        let options = BarrierOptions { cyclic: planned.cyclic, ..Default::default() };
        stage.barriers.insert(planned.name.clone(), scope.declare(&planned.name, options)?);
    }
    let tasks = enlist(scenario, &scope, &mut stage)?;
    for barrier in stage.barriers.values() {
        barrier.open()?;
    }
    let reports = side_by_side(tasks, &stage)?;
    scope.close()?;
    block_on(scope.closed());
    let decisions = std::mem::take(&mut *decisions.lock().unwrap());
    Ok((reports, decisions))
}

/// Makes a lane for each: all are expected before the first starts.
fn enlist(scenario: &Scenario, scope: &weir::Scope, stage: &mut Stage) -> Result<Vec<Task>, Failure> {
    let mut tasks = Vec::new();
    for planned in &scenario.tasks {
        let (lane, flags) = (scope.open_lane(&planned.name)?, Flags::default());
        for step in &planned.steps {
            if let scenario::PlannedStep::Meet { at, .. } = step {
                lane.expect(stage.barrier(at)?)?;
            }
        }
        stage.flags.insert(planned.name.clone(), flags.clone());
        tasks.push(Task { lane, planned: planned.clone(), flags });
    }
    Ok(tasks)
}

fn side_by_side(tasks: Vec<Task>, stage: &Stage) -> Result<Vec<Report>, Failure> {
    thread::scope(|scope| {
        let start = |task: Task| scope.spawn(move || block_on(task.run(stage)));
        let threads: Vec<_> = tasks.into_iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("no task panics")).collect()
    })
}

type Walked = (BTreeMap<String, Outcome>, Outcome);

fn do_pipeline(file: &Path, runtime: &Runtime, queue: &Queue) -> Result<Walked, Failure> {
    let name = file.display().to_string();
    let plan = Plan::load(&std::fs::read_to_string(file)?, LoadOptions { file: &name, ..Default::default() })?;
    let nodes = Arc::new(Mutex::new(BTreeMap::new()));
    let seen = nodes.clone();
    let observe = Box::new(move |event: &weir::Event<'_>| {
        if event.kind() == EventKind::NODE_FINISHED {
            let outcome = event.outcome().expect("it has finished");
            seen.lock().unwrap().insert(event.path().to_owned(), outcome);
        }
    });
    let run = runtime.start(queue, &plan, RunOptions { observe: Some(observe), ..Default::default() })?;
    let outcome = block_on(run.carry_out(steps::carry_out));
    let nodes = std::mem::take(&mut *nodes.lock().unwrap());
    Ok((nodes, outcome))
}
