//! Inputs and targets of a case.

use actiscope_core::nn::spec::{Loss, NetworkSpec};
use serde::Deserialize;

use crate::failure::Failure;

/// A number, or the list of the outputs' targets (one output: a list of one).
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Target {
    Number(f64),
    Outputs(Vec<f64>),
}

/// Samples that fit a network and a loss.
pub struct Samples {
    /// `[n, n_inputs]`, row-major.
    pub x: Vec<f64>,
    /// `[n]`: the number, or the class index.
    pub y: Vec<f64>,
}

impl Samples {
    pub fn new(
        x: &[Vec<f64>],
        y: &[Target],
        network: &NetworkSpec,
        loss: Loss,
    ) -> Result<Self, Failure> {
        if x.is_empty() {
            return Err(Failure::new("x is empty: give one sample at least"));
        }
        if x.len() != y.len() {
            let text = format!("x has {} samples and y has {}", x.len(), y.len());
            return Err(Failure::new(text));
        }
        let n_inputs = network.n_inputs;
        if let Some(sample) = x.iter().position(|row| row.len() != n_inputs) {
            let n = x[sample].len();
            let text = format!("x[{sample}] has {n} numbers, the network {n_inputs} inputs");
            return Err(Failure::new(text));
        }
        let y = y.iter().enumerate();
        let y = y.map(|(sample, target)| {
            number(target, network.n_outputs, loss)
                .map_err(|failure| failure.at(format!("y[{sample}]")))
        });
        Ok(Self {
            x: x.concat(),
            y: y.collect::<Result<_, _>>()?,
        })
    }
}

fn number(target: &Target, n_outputs: usize, loss: Loss) -> Result<f64, Failure> {
    let value = match target {
        Target::Number(value) => *value,
        Target::Outputs(values) => match values[..] {
            [value] => value,
            _ => {
                let text = format!("{} targets: give one number, or the class", values.len());
                return Err(Failure::new(text));
            }
        },
    };
    let is_class = n_outputs > 1 || loss == Loss::SoftmaxCrossEntropy;
    if is_class && !(0..n_outputs).any(|class| class as f64 == value) {
        let text = format!("{value} is not a class: there are {n_outputs}, counted from 0");
        return Err(Failure::new(text));
    }
    Ok(value)
}
