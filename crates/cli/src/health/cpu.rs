//! A case on the SIMD engine, f32.

use actiscope_core::nn::spec::limits;
use actiscope_core::protocol::{LayerSnapshot, UnitSnapshot};
use actiscope_core::scenario::View;
use actiscope_engine::cpu::probe::Prober;
use fearless_simd::Level;

use super::{Layer, Unit};
use crate::case::HealthCase;
use crate::cpu;
use crate::failure::Failure;

pub fn judge(case: HealthCase) -> Result<Vec<Layer>, Failure> {
    let n_samples = case.samples.y.len();
    if n_samples > limits::PROBE_SAMPLES {
        let max = limits::PROBE_SAMPLES;
        let text = format!("{n_samples} samples: the engine judges health on {max} at most");
        return Err(Failure::new(text));
    }
    let data = cpu::dataset(&case.network, &case.samples);
    let mut prober = Prober::new(Level::new(), &data, &case.network);
    let trainer = cpu::trainer(case.network, case.training, 0, data, &case.params, &[])?;
    let inspection = prober.inspect(&trainer.lanes()[0], &View::default());
    let n_hidden = inspection.layers.len() - 1;
    let layers = inspection.layers[..n_hidden].iter();
    Ok(layers.map(|snapshot| layer(snapshot, n_samples)).collect())
}

fn layer(snapshot: &LayerSnapshot, n_samples: usize) -> Layer {
    let unit = |unit: &UnitSnapshot| Unit {
        health: unit.health,
        negative_fraction: unit.negative_fraction.into(),
        z_mean: unit.z_mean.into(),
        z_std: unit.z_std.into(),
    };
    Layer {
        units: snapshot.units.iter().map(unit).collect(),
        weight_gradient_rms: snapshot.weight_gradient_rms.into(),
        // The engine's is of the sum over samples, the case's of the mean.
        z_gradient_rms: f64::from(snapshot.z_gradient_rms) / n_samples as f64,
    }
}
