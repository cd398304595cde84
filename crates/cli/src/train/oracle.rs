//! A case on the f64 oracle.

use actiscope_core::nn::batches::EpochOrder;
use actiscope_core::nn::optimizer::norm;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::spec::Order;

use super::Outcome;
use crate::case::{Params, TrainingCase};
use crate::failure::Failure;

pub fn train(case: TrainingCase, n_steps: u64) -> Result<Outcome, Failure> {
    let (network, samples) = (&case.network, &case.samples);
    let batch_size = case.training.batch_size;
    let mut oracle = Oracle::new(network.clone(), case.training, case.params)?;
    oracle.running = case.running;
    oracle.seed = case.seed;
    let mut order = EpochOrder::new(samples.y.len(), Order::Sequential, 0);
    let mut losses = Vec::new();
    let mut first_norms = None;
    for step in 0..n_steps {
        let batch = order.batch(step, batch_size);
        let report = oracle.step(
            &rows(&samples.x, network.n_inputs, batch),
            &rows(&samples.y, 1, batch),
        );
        first_norms.get_or_insert_with(|| {
            let layers = oracle.layout.layers.iter();
            layers
                .map(|layer| norm(&report.gradient[layer.weights.clone()]))
                .collect()
        });
        losses.push(report.loss);
        if !report.loss.is_finite() {
            break;
        }
    }
    Ok(Outcome {
        loss_before_each_step: losses,
        first_step_weight_gradient_norms: first_norms,
        last: Params::from_flat(network, &oracle.params, &oracle.running),
    })
}

/// Rows of a `[n, width]` array.
fn rows(values: &[f64], width: usize, indices: &[u32]) -> Vec<f64> {
    let row = |&i: &u32| &values[i as usize * width..][..width];
    indices.iter().flat_map(row).copied().collect()
}
