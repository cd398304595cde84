//! `train`: a case of `training.json`, from its weights on.

use serde::Serialize;
use serde_json::{Value, json};

use crate::args::{Backend, Train};
use crate::case::{Params, TrainingCase};
use crate::failure::Failure;

mod cpu;
mod gpu;
mod oracle;

/// What a run of a case leaves.
#[derive(Serialize)]
struct Outcome {
    /// Of each batch, before its update; the first that is not a number is the last.
    loss_before_each_step: Vec<f64>,
    /// Of each layer, regularised and clipped; none without a step.
    first_step_weight_gradient_norms: Option<Vec<f64>>,
    #[serde(rename = "final")]
    last: Params,
}

pub fn run(args: &Train) -> Result<Value, Failure> {
    let case = TrainingCase::read(&args.case)?;
    let n_steps = args.steps.unwrap_or(case.n_steps);
    let outcome = match args.backend {
        Backend::Oracle => oracle::train(case, n_steps)?,
        Backend::Cpu => cpu::train(case, n_steps)?,
        Backend::Gpu => gpu::train(case, n_steps)?,
    };
    Ok(json!(outcome))
}
