//! How fast both engines are with the networks of a group, tried on copies of them.

use actiscope_core::protocol::Rates;

use super::plan::Group;
use super::population::Population;
use crate::choice::Trial;
use crate::cpu::activate::Functions;
use crate::gpu::{GpuDevice, GpuError};

/// Networks that the CPU is tried with: it takes them one after the other.
const N_CPU_LANES: usize = 8;
/// Steps of a call: as many as there are between two looks, about.
const N_CALL_STEPS: u64 = 32;

/// Updates a second of all networks together, for some tens of milliseconds by the clock `now_ms`.
///
/// # Errors
/// If the GPU cannot train the group.
pub async fn measure(
    group: &Group,
    device: &GpuDevice,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Rates, GpuError> {
    let some = group.part(0..N_CPU_LANES.min(group.lanes.len()));
    let on_cpu = Population::on_cpu(some, &mut Functions::default())?;
    let cpu = rate(on_cpu, now_ms).await?;
    let gpu = match Population::on_gpu(device, group.clone()).await {
        Err(GpuError::TooLarge { n_fitting, .. }) if n_fitting > 0 => {
            let fitting = group.part(0..(n_fitting as usize).min(group.lanes.len()));
            rate(Population::on_gpu(device, fitting).await?, now_ms).await?
        }
        population => rate(population?, now_ms).await?,
    };
    Ok(Rates {
        cpu: Some(cpu),
        gpu: Some(gpu),
    })
}

async fn rate(
    mut population: Population,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<f64, GpuError> {
    let mut trial = Trial::default();
    while let Some(n) = trial.next() {
        let began_ms = now_ms();
        population.train(n).await?;
        trial.learn(n, now_ms() - began_ms);
    }
    let n_lanes = population.group.lanes.len() as f64;
    Ok(n_lanes * trial.cost().rate(N_CALL_STEPS))
}
