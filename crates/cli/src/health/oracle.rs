//! A case on the f64 oracle.

use actiscope_core::health::{LayerStats, UnitStats};
use actiscope_core::nn::oracle::Oracle;

use super::{Layer, Unit};
use crate::case::HealthCase;
use crate::failure::Failure;

pub fn judge(case: HealthCase) -> Result<Vec<Layer>, Failure> {
    let oracle = Oracle::new(case.network, case.training, case.params)?;
    let probe = oracle.probe(&case.samples.x, &case.samples.y);
    Ok(probe.layers.iter().map(layer).collect())
}

fn layer(stats: &LayerStats) -> Layer {
    let unit = |unit: &UnitStats| Unit {
        health: unit.health,
        negative_fraction: unit.negative_fraction,
        z_mean: unit.z_mean,
        z_std: unit.z_std,
    };
    Layer {
        units: stats.units.iter().map(unit).collect(),
        weight_gradient_rms: stats.weight_gradient_rms,
        z_gradient_rms: stats.z_gradient_rms,
    }
}
