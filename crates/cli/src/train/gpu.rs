//! A case on the GPU, f32.

use std::sync::Arc;

use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::optimizer::norm;
use actiscope_engine::gpu::{GpuError, GpuTrainer};
use actiscope_engine::wait::wait;

use super::Outcome;
use crate::case::{Params, TrainingCase};
use crate::cpu::{dataset, lane, wide};
use crate::failure::Failure;
use crate::gpu;

pub fn train(case: TrainingCase, n_steps: u64) -> Result<Outcome, Failure> {
    let device = gpu::open()?;
    let data = Arc::new(dataset(&case.network, &case.samples));
    let network = case.network.clone();
    let (spec, state) = lane(
        case.network,
        case.training,
        case.seed,
        &case.params,
        &case.running,
    );
    let (mut losses, mut first_norms) = (Vec::new(), None);
    let trained = async {
        let mut trainer = GpuTrainer::new(&device, data, 0, vec![spec]).await?;
        trainer.write_lane(0, 0, &state);
        let mut last = state;
        for _ in 0..n_steps {
            let reading = trainer.train_and_read(1, 0).await?;
            losses.push(f64::from(reading.status.batch_loss));
            last = reading.state;
            if reading.status.divergence.is_some() {
                break;
            }
            first_norms.get_or_insert_with(|| {
                let gradient = wide(&reading.gradient);
                let layers = ParamLayout::new(&network).layers;
                layers
                    .iter()
                    .map(|layer| norm(&gradient[layer.weights.clone()]))
                    .collect()
            });
        }
        Ok::<_, GpuError>(last)
    };
    let last = wait(trained).map_err(|error| gpu::failure(&error))?;
    Ok(Outcome {
        loss_before_each_step: losses,
        first_step_weight_gradient_norms: first_norms,
        last: Params::from_flat(&network, &wide(&last.params), &wide(&last.running)),
    })
}
