//! A network with a planted fault, and what it is without.

use super::shell::Reached;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

#[derive(Clone)]
pub struct Case {
    pub cause: String,
    /// What counts as named rightly.
    pub accept: Vec<String>,
    pub link: String,
    pub n_steps: u64,
    pub standard: Standard,
}

/// What a healthy network reaches with each of three seeds.
#[derive(Clone, Copy)]
pub struct Standard {
    /// The least; none for numbers.
    pub accuracy: Option<f64>,
    /// The greatest.
    pub loss: f64,
}

impl Standard {
    pub fn of(healthy: &[Reached]) -> Self {
        let accuracies = healthy.iter().filter_map(|reached| reached.accuracy);
        let least = accuracies.fold(f64::INFINITY, f64::min);
        Self {
            accuracy: least.is_finite().then_some(least),
            loss: healthy
                .iter()
                .map(|reached| reached.loss)
                .fold(0.0, f64::max),
        }
    }

    /// Within 0.05 of its accuracy; of numbers, at most three times its loss and 0.02.
    pub fn is_met_by(&self, reached: &Reached) -> bool {
        let is_good = match (self.accuracy, reached.accuracy) {
            (Some(least), Some(accuracy)) => accuracy >= least - 0.05,
            _ => reached.loss <= 3.0 * self.loss + 0.02,
        };
        !reached.has_diverged && is_good
    }
}

pub fn read(path: &Path) -> Result<Vec<Case>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let cases: Vec<Value> =
        serde_json::from_str(&text).with_context(|| format!("{} holds no list", path.display()))?;
    let one = |(i, case): (usize, &Value)| {
        of_json(case).with_context(|| format!("{}: case {i} lacks a field", path.display()))
    };
    cases.iter().enumerate().map(one).collect()
}

fn of_json(case: &Value) -> Option<Case> {
    let accept = case["accept"].as_array()?.iter();
    let accept = accept.filter_map(|cause| cause.as_str().map(str::to_owned));
    Some(Case {
        cause: case["cause"].as_str()?.to_owned(),
        accept: accept.collect(),
        link: case["scenario"].as_str()?.to_owned(),
        n_steps: case["steps"].as_u64()?,
        standard: Standard {
            accuracy: case["healthy_accuracy"].as_f64(),
            loss: case["healthy_loss"].as_f64()?,
        },
    })
}
