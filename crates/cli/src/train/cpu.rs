//! A case on the SIMD engine, f32.

use actiscope_core::nn::optimizer::norm;

use super::Outcome;
use crate::case::{Params, TrainingCase};
use crate::cpu::{dataset, trainer, wide};
use crate::failure::Failure;

pub fn train(case: TrainingCase, n_steps: u64) -> Result<Outcome, Failure> {
    let network = &case.network;
    let data = dataset(network, &case.samples);
    let mut trainer = trainer(
        network.clone(),
        case.training,
        case.seed,
        data,
        &case.params,
        &case.running,
    )?;
    let mut losses = Vec::new();
    let mut first_norms = None;
    for _ in 0..n_steps {
        trainer.train(1);
        let lane = &trainer.lanes()[0];
        losses.push(f64::from(lane.batch_loss));
        if lane.divergence.is_some() {
            break;
        }
        first_norms.get_or_insert_with(|| {
            let gradient = wide(trainer.gradient());
            let layers = lane.network.layout.layers.iter();
            layers
                .map(|layer| norm(&gradient[layer.weights.clone()]))
                .collect()
        });
    }
    let state = &trainer.lanes()[0].state;
    Ok(Outcome {
        loss_before_each_step: losses,
        first_step_weight_gradient_norms: first_norms,
        last: Params::from_flat(network, &wide(&state.params), &wide(&state.running)),
    })
}
