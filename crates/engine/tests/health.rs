//! Health of the f32 engine against PyTorch's numbers: the verdicts are equal.

mod common;

use std::sync::Arc;

use actiscope_core::health::Health;
use actiscope_core::nn::spec::{Loss, Optimizer};
use actiscope_core::scenario::View;
use actiscope_engine::cpu::LaneSpec;
use actiscope_engine::cpu::probe::{Judgement, Prober};
use common::reference::{HealthCase, health_cases};
use common::{Pair, assert_close, training};
use fearless_simd::Level;

/// Sums of 128 terms of f32 each.
const TOLERANCE: f64 = 2e-6;

fn check(case: &HealthCase) {
    let spec = LaneSpec {
        network: case.network(),
        training: training(Loss::Mse, Optimizer::Sgd, 0.0),
        seed: 0,
    };
    let data = Arc::new(case.data());
    let pair = Pair::new(Level::new(), &data, &spec, Some(&case.params()));
    let lane = &pair.trainer.lanes()[0];
    let mut prober = Prober::new(Level::new(), &data, &spec.network);
    let mut judgement = Judgement::default();
    prober.judge(lane, &mut judgement);
    let inspection = prober.inspect(lane, &View::default());
    assert_eq!(judgement.loss, inspection.loss);
    assert_eq!(judgement.verdicts.len(), case.hidden.len());
    for (l, expected) in case.hidden.iter().enumerate() {
        let name = format!("{} layer {l}", case.activation);
        let verdicts = &judgement.verdicts[l];
        let is = |health| -> Vec<bool> { verdicts.iter().map(|&h| h == health).collect() };
        assert_eq!(is(Health::Dead), expected.dead, "{name}: dead");
        assert_eq!(
            is(Health::Saturated),
            expected.saturated,
            "{name}: saturated"
        );

        let layer = &inspection.layers[l];
        for (j, unit) in layer.units.iter().enumerate() {
            assert_eq!(unit.health, verdicts[j], "{name} unit {j}");
            for (what, value, expected) in [
                (
                    "negative fraction",
                    unit.negative_fraction,
                    expected.negative_fraction[j],
                ),
                ("mean of z", unit.z_mean, expected.z_mean[j]),
                ("deviation of z", unit.z_std, expected.z_std[j]),
            ] {
                let what = format!("{name} unit {j}: {what}");
                assert_close(&what, f64::from(value), expected, TOLERANCE, 1.0);
            }
        }
        // Gradients vanish with depth, and their rounding with them.
        let n = data.n_train() as f64;
        for (what, value, expected) in [
            (
                "weight gradient",
                layer.weight_gradient_rms,
                expected.weight_gradient_rms,
            ),
            (
                "z gradient",
                layer.z_gradient_rms,
                n * expected.z_gradient_rms,
            ),
        ] {
            assert_close(
                &format!("{name}: {what}"),
                f64::from(value),
                expected,
                TOLERANCE,
                1e-2,
            );
        }
        let n_values: u32 = layer.z.counts.iter().sum();
        assert_eq!(n_values as usize, layer.units.len() * data.n_train());
    }
}

#[test]
fn verdicts_are_those_of_pytorch() {
    let cases = health_cases();
    assert_eq!(cases.len(), 5);
    cases.iter().for_each(check);
}
