// SPDX-License-Identifier: BSL-1.0

//! scenario.json: examples/scenario/README.md.

use std::path::Path;
use std::time::Duration;
use weir::Json;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

pub struct Scenario {
    pub name: String,
    pub barriers: Vec<PlannedBarrier>,
    pub tasks: Vec<PlannedTask>,
    pub pipeline: String,
}

pub struct PlannedBarrier {
    pub name: String,
    pub cyclic: bool,
}

#[derive(Clone)]
pub struct PlannedTask {
    pub name: String,
    pub steps: Vec<PlannedStep>,
}

#[derive(Clone)]
pub enum PlannedStep {
    Work(Duration),
    Meet { at: String, value: String, patience: Option<Duration>, times: u64 },
    Fail(String),
    Cancel(String),
    Join(String),
}

pub fn read(folder: &Path) -> Result<Scenario, Failure> {
    let document = std::fs::read_to_string(folder.join("scenario.json"))?;
    let whole = Json::new(&document);
    let tasks: Result<_, Failure> = items(whole, "tasks")
        .map(|task| {
            let steps = items(task, "steps").map(step).collect::<Result<_, Failure>>()?;
            Ok(PlannedTask { name: word(task, "name"), steps })
        })
        .collect();
    let cyclic = |barrier: Json<'_>| barrier.get("cyclic").and_then(Json::as_bool).unwrap_or(false);
    let barriers = items(whole, "barriers");
    Ok(Scenario {
        name: word(whole, "name"),
        barriers: barriers.map(|b| PlannedBarrier { name: word(b, "name"), cyclic: cyclic(b) }).collect(),
        tasks: tasks?,
        pipeline: word(whole, "pipeline"),
    })
}

fn step(of: Json<'_>) -> Result<PlannedStep, Failure> {
    Ok(match &*word(of, "do") {
        "work" => PlannedStep::Work(milliseconds(of, "ms").unwrap_or_default()),
        "meet" => PlannedStep::Meet {
            at: word(of, "at"),
            value: of.get("value").map_or_else(String::new, |value| value.text().to_owned()),
            patience: milliseconds(of, "timeout_ms"),
            times: of.get("times").and_then(Json::as_u64).unwrap_or(1),
        },
        "fail" => PlannedStep::Fail(word(of, "why")),
        "cancel" => PlannedStep::Cancel(word(of, "task")),
        "join" => PlannedStep::Join(word(of, "task")),
        other => return Err(format!("no step is called '{other}'").into()),
    })
}

fn items<'j>(of: Json<'j>, name: &str) -> impl Iterator<Item = Json<'j>> {
    of.get(name).into_iter().flat_map(Json::items)
}

pub fn word(of: Json<'_>, name: &str) -> String {
    of.get(name).and_then(Json::as_str).map_or_else(String::new, Into::into)
}

pub fn milliseconds(of: Json<'_>, name: &str) -> Option<Duration> {
    of.get(name).and_then(Json::as_u64).map(Duration::from_millis)
}
