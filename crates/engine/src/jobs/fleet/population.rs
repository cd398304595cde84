//! A population on either engine, with the health of each of its networks.

use std::sync::Arc;

use actiscope_core::data::TargetKind;
use actiscope_core::health::Health;
use actiscope_core::protocol::{EngineKind, Measure};
use fearless_simd::Level;

use super::gpu;
use super::plan::Group;
use crate::accuracy::n_right;
use crate::cpu::probe::{Judgement, Prober};
use crate::cpu::{CpuTrainer, TrainerError};
use crate::gpu::{GpuDevice, GpuError, GpuTrainer, LaneStatus};
use crate::jobs::pacing::Pacer;

/// Networks that one trainer trains together.
#[derive(Debug)]
pub struct Population {
    pub group: Group,
    trainer: Trainer,
    /// Of each network, the first step at which a dead unit was seen.
    first_deaths: Vec<Option<u64>>,
    /// Looks that were taken.
    pub n_looks: usize,
    pub pacer: Pacer,
}

#[derive(Debug)]
enum Trainer {
    Cpu {
        trainer: CpuTrainer,
        prober: Box<Prober>,
        judgement: Judgement,
    },
    Gpu {
        trainer: Box<GpuTrainer>,
        statuses: Vec<LaneStatus>,
    },
}

/// A network's health, as either engine tells it.
struct Seen {
    step: u64,
    diverged: bool,
    loss: f32,
    n_right: usize,
    n_dead: usize,
    n_saturated: usize,
}

impl Population {
    /// At step 0, on the CPU.
    ///
    /// # Errors
    /// As [`CpuTrainer::new`].
    pub fn on_cpu(group: Group) -> Result<Self, TrainerError> {
        let level = Level::new();
        let (data, lanes) = (Arc::clone(&group.data), group.lanes.clone());
        let trainer = Trainer::Cpu {
            prober: Box::new(Prober::new(level, &data, &group.lanes[0].network)),
            trainer: CpuTrainer::new(level, data, group.order_seed, lanes)?,
            judgement: Judgement::default(),
        };
        Ok(Self::new(group, trainer, EngineKind::Cpu))
    }

    /// At step 0, on the GPU.
    ///
    /// # Errors
    /// As [`GpuTrainer::new`].
    pub async fn on_gpu(device: &GpuDevice, group: Group) -> Result<Self, GpuError> {
        let mut trainer = Box::new(gpu::trainer(device, &group).await?);
        let statuses = gpu::train(&mut trainer, 0).await?;
        Ok(Self::new(
            group,
            Trainer::Gpu { trainer, statuses },
            EngineKind::Gpu,
        ))
    }

    fn new(group: Group, trainer: Trainer, kind: EngineKind) -> Self {
        let mut pacer = Pacer::new();
        pacer.begin_anew(kind);
        Self {
            first_deaths: vec![None; group.lanes.len()],
            group,
            trainer,
            n_looks: 0,
            pacer,
        }
    }

    pub fn is_on_gpu(&self) -> bool {
        matches!(self.trainer, Trainer::Gpu { .. })
    }

    /// Updates made by the networks that have not diverged.
    pub fn step(&self) -> u64 {
        match &self.trainer {
            Trainer::Cpu { trainer, .. } => trainer.step(),
            Trainer::Gpu { trainer, .. } => trainer.step(),
        }
    }

    /// No network can make another update.
    pub fn has_diverged(&self) -> bool {
        match &self.trainer {
            Trainer::Cpu { trainer, .. } => {
                trainer.lanes().iter().all(|lane| lane.divergence.is_some())
            }
            Trainer::Gpu { statuses, .. } => {
                statuses.iter().all(|status| status.divergence.is_some())
            }
        }
    }

    /// Makes updates of every network that has not diverged.
    ///
    /// # Errors
    /// If the GPU fails; the population is then of no more use.
    pub async fn train(&mut self, n_steps: u64) -> Result<(), GpuError> {
        match &mut self.trainer {
            Trainer::Cpu { trainer, .. } => trainer.train(n_steps),
            Trainer::Gpu { trainer, statuses } => *statuses = gpu::train(trainer, n_steps).await?,
        }
        Ok(())
    }

    /// What its networks are now.
    ///
    /// # Errors
    /// As [`Population::train`].
    pub async fn measure(&mut self) -> Result<Vec<Measure>, GpuError> {
        let seen = match &mut self.trainer {
            Trainer::Cpu {
                trainer,
                prober,
                judgement,
            } => {
                let target = trainer.data().target;
                let lanes = trainer.lanes().iter();
                let seen = lanes.map(|lane| {
                    prober.judge(lane, judgement);
                    let (outputs, targets) = prober.judged_outputs();
                    Seen {
                        step: lane.step,
                        diverged: lane.divergence.is_some(),
                        loss: judgement.loss,
                        n_right: n_right(lane.spec.training.loss, target, &outputs, targets),
                        n_dead: judgement.count(Health::Dead),
                        n_saturated: judgement.count(Health::Saturated),
                    }
                });
                seen.collect::<Vec<_>>()
            }
            Trainer::Gpu { trainer, statuses } => {
                let health = gpu::judge(trainer).await?;
                let pairs = statuses.iter().zip(health);
                let seen = pairs.map(|(status, health)| Seen {
                    step: status.step,
                    diverged: status.divergence.is_some(),
                    loss: health.loss,
                    n_right: health.n_right as usize,
                    n_dead: health.n_dead as usize,
                    n_saturated: health.n_saturated as usize,
                });
                seen.collect()
            }
        };
        Ok(self.measures_of(&seen))
    }

    fn measures_of(&mut self, seen: &[Seen]) -> Vec<Measure> {
        let network = &self.group.lanes[0].network;
        let n_units = network.hidden.iter().sum::<usize>() as u16;
        let data = &self.group.data;
        let n_probed = crate::cpu::probe::n_samples(data);
        let is_class = matches!(data.target, TargetKind::Class { .. });
        let networks = self.group.numbers.iter().zip(&mut self.first_deaths);
        let measures = networks.zip(seen).map(|((&network, first_death), seen)| {
            if seen.n_dead > 0 {
                first_death.get_or_insert(seen.step);
            }
            Measure {
                network,
                step: seen.step,
                loss: seen.loss,
                accuracy: is_class.then(|| seen.n_right as f32 / n_probed as f32),
                n_units,
                n_dead: seen.n_dead as u16,
                n_saturated: seen.n_saturated as u16,
                first_death: *first_death,
                diverged_at: seen.diverged.then_some(seen.step),
            }
        });
        measures.collect()
    }
}
