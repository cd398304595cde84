//! `health`: dead and saturated units of a network over given samples.

use actiscope_core::health::Health;
use serde_json::{Value, json};

use crate::args::{self, Backend};
use crate::case::HealthCase;
use crate::failure::Failure;

mod cpu;
mod oracle;

/// What is told of a hidden layer.
struct Layer {
    units: Vec<Unit>,
    weight_gradient_rms: f64,
    z_gradient_rms: f64,
}

struct Unit {
    health: Health,
    negative_fraction: f64,
    z_mean: f64,
    z_std: f64,
}

pub fn run(args: &args::Health) -> Result<Value, Failure> {
    let case = HealthCase::read(&args.case)?;
    let layers = match args.backend {
        Backend::Oracle => oracle::judge(case)?,
        Backend::Cpu => cpu::judge(case)?,
        Backend::Gpu => {
            let text =
                "--backend gpu: the GPU trains and does not judge health: choose cpu or oracle";
            return Err(Failure::new(text));
        }
    };
    let hidden: Vec<Value> = layers.iter().map(layer).collect();
    Ok(json!({ "hidden": hidden }))
}

fn layer(layer: &Layer) -> Value {
    let of_units = |f: fn(&Unit) -> Value| layer.units.iter().map(f).collect::<Vec<_>>();
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
