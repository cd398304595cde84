//! What both engines make of a lane, tried on copies of it.

use std::sync::Arc;

use crate::choice::{Cost, Measured, Trial};
use crate::cpu::{CpuTrainer, TrainerError};
use crate::gpu::{GpuDevice, GpuError};

use super::gpu_lane::GpuLane;

/// Measures both engines for some tens of milliseconds by the clock `now_ms`. The lane of `trainer` stays as it
/// is.
///
/// # Errors
/// If the GPU cannot train the lane.
pub async fn measure(
    trainer: &CpuTrainer,
    device: &GpuDevice,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Measured, GpuError> {
    let mut lane = GpuLane::new(device, trainer).await?;
    let mut trial = Trial::default();
    while let Some(n) = trial.next() {
        let began_ms = now_ms();
        lane.try_out(trainer, n).await?;
        trial.learn(n, now_ms() - began_ms);
    }
    Ok(Measured {
        cpu: measure_cpu(trainer, now_ms)?,
        gpu: trial.cost(),
    })
}

fn measure_cpu(
    trainer: &CpuTrainer,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Cost, TrainerError> {
    let lane = &trainer.lanes()[0];
    let (data, specs) = (Arc::clone(trainer.data()), vec![lane.spec.clone()]);
    let mut copy = CpuTrainer::new(trainer.level(), data, trainer.order_seed(), specs)?;
    let mut trial = Trial::default();
    while let Some(n) = trial.next() {
        copy.restore(lane.step, &lane.state);
        let began_ms = now_ms();
        copy.train(n);
        trial.learn(n, now_ms() - began_ms);
    }
    Ok(trial.cost())
}
