//! A population on either engine, with the health of each of its networks.

use std::sync::Arc;

use actiscope_core::data::TargetKind;
use actiscope_core::health::Health;
use actiscope_core::observe::gradient_ratio;
use actiscope_core::protocol::{EngineKind, Measure};
use fearless_simd::Level;

use super::gpu;
use super::plan::{Group, full_look_every};
use crate::accuracy::Tally;
use crate::cpu::activate::Functions;
use crate::cpu::deaths::DeathWatch;
use crate::cpu::loss::LossRule;
use crate::cpu::predict::{Predictor, Question, Samples, mean_loss};
use crate::cpu::probe::{Judgement, Prober};
use crate::cpu::{CpuTrainer, Lane, LaneSpec, TrainerError};
use crate::gpu::{GpuDevice, GpuError, GpuTrainer, LaneHealth, LaneStatus};
use crate::jobs::pacing::Pacer;

/// Networks that one trainer trains together.
#[derive(Debug)]
pub struct Population {
    pub group: Group,
    trainer: Trainer,
    test: Samples,
    level: Level,
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
        deaths: Box<DeathWatch>,
        predictor: Box<Predictor>,
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
    gradient_ratio: Option<f32>,
    /// Told of the probe set by who sees in full.
    probed: Option<Tally>,
    /// Loss on the test set, and what is told of its samples.
    test: Option<(f32, Tally)>,
}

impl Seen {
    /// What the GPU tells of health alone.
    fn of(status: &LaneStatus, health: &LaneHealth) -> Self {
        Self {
            step: status.step,
            diverged: status.divergence.is_some(),
            loss: health.loss,
            n_right: health.n_right as usize,
            n_dead: health.n_dead as usize,
            n_saturated: health.n_saturated as usize,
            gradient_ratio: None,
            probed: None,
            test: None,
        }
    }
}

impl Population {
    /// At step 0, on the CPU.
    ///
    /// # Errors
    /// As [`CpuTrainer::new`].
    pub fn on_cpu(group: Group, functions: &mut Functions) -> Result<Self, TrainerError> {
        let level = Level::new();
        let (data, lanes) = (Arc::clone(&group.data), group.lanes.clone());
        let trainer = Trainer::Cpu {
            prober: Box::new(Prober::new(level, &data, &group.lanes[0].network)),
            deaths: Box::new(DeathWatch::new(level, &data, &group.lanes[0].network)),
            predictor: Box::new(Predictor::new(level, &group.lanes[0].network)),
            trainer: CpuTrainer::with_functions(level, data, group.order_seed, lanes, functions)?,
            judgement: Judgement::default(),
        };
        Ok(Self::new(group, trainer, EngineKind::Cpu))
    }

    /// At step 0, on the GPU.
    ///
    /// # Errors
    /// As [`GpuTrainer::new`].
    pub async fn on_gpu(device: &GpuDevice, group: Group) -> Result<Self, GpuError> {
        // The probe kernel counts what is right at even odds.
        if group.thresholds.iter().any(|&threshold| threshold != 0.5) {
            return Err(GpuError::Threshold);
        }
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
            test: Samples::of_test(&group.data),
            level: Level::new(),
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

    /// The next looks that the GPU can take on its way, within `n_steps` steps: those before one in full. None on the CPU.
    pub fn looks_ahead<'a>(&self, looks: &'a [u64], keeps_curves: bool, n_steps: u64) -> &'a [u64] {
        let Trainer::Gpu { trainer, .. } = &self.trainer else {
            return &[];
        };
        let (first, step) = (self.n_looks.min(looks.len()), self.step());
        if !trainer.can_look() || self.has_diverged() {
            return &[];
        }
        let ahead = (first..looks.len()).take_while(|&look| {
            let is_near = (step + 1..=step + n_steps).contains(&looks[look]);
            is_near && !self.sees_in_full(look, looks, keeps_curves)
        });
        &looks[first..first + ahead.count()]
    }

    /// Makes updates and measures the networks at these steps: at the first of them, as many as go into one round trip to
    /// the GPU. These count as looks taken.
    ///
    /// # Errors
    /// As [`Population::train`].
    pub async fn train_and_measure(&mut self, stops: &[u64]) -> Result<Vec<Measure>, GpuError> {
        let Trainer::Gpu { trainer, statuses } = &mut self.trainer else {
            return Ok(Vec::new());
        };
        let ring = gpu::train_and_judge(trainer, stops).await?;
        if let Some(last) = ring.last() {
            *statuses = last.iter().map(|look| look.status).collect();
        }
        self.n_looks += ring.len();
        let mut measures = Vec::new();
        for looks in ring {
            let seen = looks
                .iter()
                .map(|look| Seen::of(&look.status, &look.health));
            measures.extend(self.measures_of(&seen.collect::<Vec<_>>()));
        }
        Ok(measures)
    }

    /// Whether networks are measured in full at a look: where curves are kept, at the last one and at others.
    pub fn sees_in_full(&self, look: usize, looks: &[u64], keeps_curves: bool) -> bool {
        let to_last = looks.len() - 1 - look.min(looks.len() - 1);
        let n_steps = looks.last().map_or(0, |&step| step as usize);
        let training = self.group.step_work().saturating_mul(n_steps);
        let every = full_look_every(looks.len(), training, self.group.full_look_work());
        keeps_curves && to_last.is_multiple_of(every)
    }

    /// Takes a look of which nothing is told: keeps at which step each network had its first dead unit, and no more. False,
    /// and no look taken, on the GPU, which looks on its way.
    pub fn watch_deaths(&mut self) -> bool {
        let Trainer::Cpu {
            trainer, deaths, ..
        } = &mut self.trainer
        else {
            return false;
        };
        for (lane, first_death) in trainer.lanes().iter().zip(&mut self.first_deaths) {
            if first_death.is_none() && deaths.has_dead(lane) {
                *first_death = Some(lane.step);
            }
        }
        self.n_looks += 1;
        true
    }

    /// What its networks are now; in full, also on the test set and with their gradient.
    ///
    /// # Errors
    /// As [`Population::train`].
    pub async fn measure(&mut self, in_full: bool) -> Result<Vec<Measure>, GpuError> {
        let target = self.group.data.target;
        let test = (in_full && self.test.n > 0).then_some(&self.test);
        let thresholds = &self.group.thresholds;
        let judge_test = |at: usize, spec: &LaneSpec, outputs: &[f32]| {
            let rule = LossRule::new(&spec.training);
            let (rows, targets) = self.test.rows(outputs);
            (
                mean_loss(self.level, &rule, &self.test, outputs),
                Tally::new(spec.training.loss, thresholds[at], target, &rows, targets),
            )
        };
        let seen = match &mut self.trainer {
            Trainer::Cpu {
                trainer,
                prober,
                predictor,
                judgement,
                ..
            } => {
                let see = |(at, lane): (usize, &Lane)| {
                    prober.judge(lane, judgement);
                    let (outputs, targets) = prober.judged_outputs();
                    let loss = lane.spec.training.loss;
                    let tally = Tally::new(loss, thresholds[at], target, &outputs, targets);
                    let gradient_ratio = match in_full {
                        true => gradient_ratio(&prober.judged_gradient(lane)),
                        false => None,
                    };
                    let mut outputs_of = |samples| {
                        let question = Question {
                            samples,
                            with_activations: false,
                        };
                        predictor.answer(lane, &question).outputs
                    };
                    Seen {
                        step: lane.step,
                        diverged: lane.divergence.is_some(),
                        loss: judgement.loss,
                        n_right: tally.n_right,
                        n_dead: judgement.count(Health::Dead),
                        n_saturated: judgement.count(Health::Saturated),
                        gradient_ratio,
                        probed: in_full.then_some(tally),
                        test: test.map(|test| judge_test(at, &lane.spec, &outputs_of(test))),
                    }
                };
                trainer
                    .lanes()
                    .iter()
                    .enumerate()
                    .map(see)
                    .collect::<Vec<_>>()
            }
            Trainer::Gpu { trainer, statuses } => {
                let judged = match in_full {
                    true => gpu::judge_with_gradient(trainer).await?,
                    false => {
                        let health = gpu::judge(trainer).await?.into_iter();
                        health.map(|health| (health, Vec::new())).collect()
                    }
                };
                let of_test = match test {
                    Some(test) => {
                        let outputs = gpu::predict(trainer, test).await?;
                        let pairs = trainer.lanes().iter().zip(&outputs).enumerate();
                        pairs
                            .map(|(at, (spec, o))| Some(judge_test(at, spec, o)))
                            .collect()
                    }
                    None => vec![None; judged.len()],
                };
                let networks = statuses.iter().zip(judged).zip(of_test);
                let seen = networks.map(|((status, (health, gradient)), test)| Seen {
                    gradient_ratio: gradient_ratio(&gradient),
                    test,
                    ..Seen::of(status, &health)
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
        let is_two = data.target == TargetKind::Class { n_classes: 2 };
        let networks = self.group.numbers.iter().zip(&mut self.first_deaths);
        let measures = networks.zip(seen).map(|((&network, first_death), seen)| {
            if seen.n_dead > 0 {
                first_death.get_or_insert(seen.step);
            }
            let test = seen.test.map(|(_, tally)| tally);
            // By what judges it: the test set, where there is one.
            let judged = test.or(seen.probed).filter(|_| is_two);
            Measure {
                network,
                step: seen.step,
                loss: seen.loss,
                accuracy: is_class.then(|| seen.n_right as f32 / n_probed as f32),
                test_loss: seen.test.map(|(loss, _)| loss),
                test_accuracy: test.filter(|_| is_class).map(|test| test.accuracy()),
                recall: judged.and_then(|tally| tally.recall()),
                precision: judged.and_then(|tally| tally.precision()),
                gradient_ratio: seen.gradient_ratio,
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
