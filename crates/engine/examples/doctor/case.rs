//! A network with a planted fault, and what it is without.

use actiscope_core::protocol::{FleetSpec, Lanes, Measure, Part};
use actiscope_core::scenario::{Scenario, link};
use actiscope_engine::doctor::train;
use serde_json::Value;

pub struct Case {
    pub cause: String,
    /// What counts as named rightly.
    pub accept: Vec<String>,
    pub scenario: Scenario,
    pub n_steps: u64,
    pub standard: Standard,
}

/// What a healthy network reaches.
#[derive(Clone, Copy)]
pub struct Standard {
    /// The least of its seeds; none for numbers.
    pub accuracy: Option<f64>,
    /// The greatest.
    pub loss: f64,
}

impl Standard {
    /// Within 0.05 of its accuracy, or three times its loss and 0.02.
    pub fn is_met_by(&self, measure: &Measure) -> bool {
        let is_good = match (self.accuracy, measure.accuracy) {
            (Some(least), Some(accuracy)) => f64::from(accuracy) >= least - 0.05,
            _ => f64::from(measure.loss) <= 3.0 * self.loss + 0.02,
        };
        measure.diverged_at.is_none() && is_good
    }
}

/// The cases of a file as `cases.json`.
pub fn read(path: &str) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let cases: Vec<Value> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    cases.iter().map(|case| one(case).ok_or_else(|| format!("a field is missing: {case}"))).collect()
}

fn one(case: &Value) -> Option<Case> {
    let (scenario, problems) = link::from_link(case["scenario"].as_str()?);
    for problem in problems {
        eprintln!("doctor: {problem}");
    }
    let accept = case["accept"].as_array()?.iter();
    let accept = accept.filter_map(|cause| cause.as_str().map(str::to_owned));
    Some(Case {
        cause: case["cause"].as_str()?.to_owned(),
        accept: accept.collect(),
        scenario,
        n_steps: case["steps"].as_u64()?,
        standard: Standard {
            accuracy: case["healthy_accuracy"].as_f64(),
            loss: case["healthy_loss"].as_f64()?,
        },
    })
}

/// Networks of one scenario with three seeds, trained to the end.
pub fn trained(scenario: &Scenario, first_seed: u32, n_steps: u64) -> Vec<Measure> {
    let spec = FleetSpec {
        base: Scenario {
            seed: first_seed,
            ..scenario.clone()
        },
        lanes: Lanes::List(vec![Vec::new()]),
        seeds: 3,
        n_steps,
        n_looks: 1,
        keeps_curves: false,
        part: Part::WHOLE,
    };
    let Ok(results) = train(spec, &mut || 0.0) else {
        return Vec::new();
    };
    (0..3).filter_map(|network| results.newest(network).copied()).collect()
}
