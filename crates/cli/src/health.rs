//! `health`: dead and saturated units of a network over given samples.

use actiscope_core::health::{Health, LayerStats, UnitStats};
use actiscope_core::nn::oracle::Oracle;
use serde_json::{Value, json};

use crate::args;
use crate::case::HealthCase;
use crate::failure::Failure;

pub fn run(args: &args::Health) -> Result<Value, Failure> {
    let case = HealthCase::read(&args.case)?;
    let oracle = Oracle::new(case.network, case.training, case.params)?;
    let probe = oracle.probe(&case.samples.x, &case.samples.y);
    let hidden: Vec<Value> = probe.layers.iter().map(layer).collect();
    Ok(json!({ "hidden": hidden }))
}

fn layer(layer: &LayerStats) -> Value {
    let of_units = |f: fn(&UnitStats) -> Value| layer.units.iter().map(f).collect::<Vec<_>>();
    json!({
        "dead": of_units(|unit| json!(unit.health == Health::Dead)),
        "saturated": of_units(|unit| json!(unit.health == Health::Saturated)),
        "negative_fraction": of_units(|unit| json!(unit.negative_fraction)),
        "z_mean": of_units(|unit| json!(unit.z_mean)),
        "z_std": of_units(|unit| json!(unit.z_std)),
        "weight_gradient_rms": layer.weight_gradient_rms,
        "z_gradient_rms": layer.z_gradient_rms,
    })
}
