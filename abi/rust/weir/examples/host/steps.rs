// SPDX-License-Identifier: BSL-1.0

//! The steps of the pipeline, by type.

use crate::clock::Flag;
use crate::scenario::{milliseconds, word};
use weir::{Step, StepError};

pub async fn carry_out(step: Step) -> Result<(), StepError> {
    match step.kind() {
        "Work" => work(&step).await,
        "Refuse" => Err(word(step.spec(), "why").into()),
        other => Err(format!("no handler for steps of type '{other}'").into()),
    }
}

/// Takes its time; when the step is to end, this is dropped.
async fn work(step: &Step) -> Result<(), StepError> {
    let time = milliseconds(step.spec(), "ms").ok_or("how long?")?;
    Flag::after(time).await;
    Ok(())
}
