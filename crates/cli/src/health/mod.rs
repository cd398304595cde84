//! `health`: dead and saturated units of a network over given samples, or of a trace.

use std::fs;
use std::process::ExitCode;

use actiscope_core::health::Health;
use actiscope_core::interop::safetensors;
use serde_json::{Value, json};

use crate::args::{self, Backend};
use crate::case::HealthCase;
use crate::failure::Failure;

mod cpu;
mod oracle;
mod trace;

/// `--fail-on` found what it names.
const FAILED: u8 = 1;

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

/// And how the command ends: 1 where a trace has what `--fail-on` names.
pub fn run(args: &args::Health) -> Result<(Value, ExitCode), Failure> {
    let place = args.file.display();
    let bytes = fs::read(&args.file)
        .map_err(|error| Failure::new(error.to_string()).at(place.to_string()))?;
    // By what it holds: traces have no ending of their own.
    if safetensors::is_one(&bytes) {
        let (told, has_failed) =
            trace::judge(bytes, args.fail_on).map_err(|failure| failure.at(place))?;
        let code = if has_failed {
            ExitCode::from(FAILED)
        } else {
            ExitCode::SUCCESS
        };
        return Ok((told, code));
    }
    if args.fail_on.is_some() {
        let text = "--fail-on is of traces, and this is a case";
        return Err(Failure::new(text).at(place));
    }
    Ok((of_case(args)?, ExitCode::SUCCESS))
}

fn of_case(args: &args::Health) -> Result<Value, Failure> {
    let case = HealthCase::read(&args.file)?;
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
