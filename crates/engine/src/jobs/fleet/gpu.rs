//! A population on the GPU. All that follows is the chunk `gpu`.

use std::sync::Arc;

use super::plan::Group;
use crate::cpu::predict::Samples;
use crate::gpu::{GpuDevice, GpuTrainer, LaneHealth, LaneStatus, Later, Ring};

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let trainer = _; { trainer.await } -> Result<GpuTrainer, crate::gpu::GpuError>)
))]
pub fn trainer<'a>(device: &'a GpuDevice, group: &'a Group) -> Later<'a, GpuTrainer> {
    Box::pin(GpuTrainer::new(
        device,
        Arc::clone(&group.data),
        group.order_seed,
        group.lanes.clone(),
    ))
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let statuses = _; { statuses.await } -> Result<Vec<LaneStatus>, crate::gpu::GpuError>)
))]
pub fn train(trainer: &mut GpuTrainer, n_steps: u64) -> Later<'_, Vec<LaneStatus>> {
    Box::pin(trainer.train(n_steps))
}

/// At the first of `stops`, as many as go into one round trip.
#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let ring = _; { ring.await } -> Result<Ring, crate::gpu::GpuError>)
))]
pub fn train_and_judge<'a>(trainer: &'a mut GpuTrainer, stops: &'a [u64]) -> Later<'a, Ring> {
    Box::pin(async move {
        let n = trainer.n_fitting_looks(stops, false);
        trainer.train_and_judge(&stops[..n], false).await
    })
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let health = _; { health.await } -> Result<Vec<LaneHealth>, crate::gpu::GpuError>)
))]
pub fn judge(trainer: &mut GpuTrainer) -> Later<'_, Vec<LaneHealth>> {
    Box::pin(trainer.judge())
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let health = _; { health.await } -> Result<Vec<(LaneHealth, Vec<f32>)>, crate::gpu::GpuError>)
))]
pub fn judge_with_gradient(trainer: &mut GpuTrainer) -> Later<'_, Vec<(LaneHealth, Vec<f32>)>> {
    Box::pin(trainer.judge_with_gradient())
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let outputs = _; { outputs.await } -> Result<Vec<Vec<f32>>, crate::gpu::GpuError>)
))]
pub fn predict<'a>(trainer: &'a mut GpuTrainer, samples: &'a Samples) -> Later<'a, Vec<Vec<f32>>> {
    Box::pin(trainer.predict(samples))
}
