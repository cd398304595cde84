//! Given weights and samples on the SIMD engine.

use std::sync::Arc;

use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::spec::{NetworkSpec, TrainingSpec};
use actiscope_engine::cpu::{CpuTrainer, LaneSpec, LaneState};
use fearless_simd::Level;

use crate::case::Samples;
use crate::failure::Failure;

/// One lane at step 0 with these parameters and running statistics, in the order of the layout. `seed`: of dropout's
/// masks.
pub fn trainer(
    network: NetworkSpec,
    training: TrainingSpec,
    seed: u64,
    data: Dataset,
    params: &[f64],
    running: &[f64],
) -> Result<CpuTrainer, Failure> {
    let (spec, state) = lane(network, training, seed, params, running);
    let mut trainer = CpuTrainer::new(Level::new(), Arc::new(data), 0, vec![spec])
        .map_err(|error| Failure::new(error.to_string()))?;
    trainer.restore(0, &state);
    Ok(trainer)
}

/// What is to be trained, and from where.
pub fn lane(
    network: NetworkSpec,
    training: TrainingSpec,
    seed: u64,
    params: &[f64],
    running: &[f64],
) -> (LaneSpec, LaneState) {
    let layout = ParamLayout::new(&network);
    let spec = LaneSpec {
        network,
        training,
        seed,
    };
    let mut state = LaneState::new(&spec, &layout);
    copy(params, &mut state.params);
    copy(running, &mut state.running);
    (spec, state)
}

/// Samples as a training set. Only its numbers matter to the trainer.
pub fn dataset(network: &NetworkSpec, samples: &Samples) -> Dataset {
    let narrow = |values: &[f64]| values.iter().map(|&v| v as f32).collect();
    Dataset {
        n_inputs: network.n_inputs,
        target: TargetKind::Number,
        x_train: narrow(&samples.x),
        y_train: narrow(&samples.y),
        x_test: Vec::new(),
        y_test: Vec::new(),
        x_validation: Vec::new(),
        y_validation: Vec::new(),
        input_scale: Vec::new(),
        target_scale: None,
        input_names: Vec::new(),
        class_names: Vec::new(),
    }
}

pub fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&v| f64::from(v)).collect()
}

/// Fills the front of `to`; what is beyond is padding.
fn copy(from: &[f64], to: &mut [f32]) {
    let pairs = to.iter_mut().zip(from);
    pairs.for_each(|(to, &from)| *to = from as f32);
}
