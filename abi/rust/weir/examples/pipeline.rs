// SPDX-License-Identifier: BSL-1.0

//! A pipeline whose steps are carried out by an async function:
//!
//!     cargo run --example pipeline

use weir::{block_on, LoadOptions, Outcome, Plan, Queue, RunOptions, Runtime, StepError};

const PIPELINE: &str = "
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
              - step: {type: First, name: One, identifier: one, spec: {}}
              - step:
                  type: Second
                  name: Two
                  identifier: two
                  spec:
                    image: <+execution.steps.one.output.outputVariables.image>
";

fn main() -> Result<(), StepError> {
    let (runtime, queue) = (Runtime::new()?, Queue::new()?);
    let plan = Plan::load(PIPELINE, LoadOptions { file: "small.yaml", ..Default::default() })?;
    let run = runtime.start(&queue, &plan, RunOptions::default())?;
    let outcome = block_on(run.carry_out(|step| async move {
        match step.kind() {
            "First" => Ok(r#"{"image": "app:1"}"#.to_owned()),
            "Second" => {
                println!("{}", step.spec().get("image").ok_or("no image")?);
                Ok(String::new())
            }
            other => Err(format!("nobody here does {other}").into()),
        }
    }));
    match outcome {
        Outcome::SUCCEEDED => Ok(()),
        other => Err(format!("the run {other}").into()),
    }
}
