//! What computes: the CPU, or the GPU with the CPU beside it. The rest of the crate asks and does not know
//! which.

mod gpu_lane;
mod trial;

use std::ops::Range;
use std::sync::Arc;

use actiscope_core::data::Dataset;
use actiscope_core::health::tracker::first_non_finite_layer;
use actiscope_core::health::{Cause, Update};
use actiscope_core::protocol::{EngineInfo, EngineKind, Rates, Why};
use actiscope_core::scenario::{Scenario, View};
use fearless_simd::Level;

use crate::choice::Measured;
use crate::cpu::predict::{Answer, Predictor, Question, Samples};
use crate::cpu::probe::{Inspection, Judgement, Prober};
use crate::cpu::{CpuTrainer, Divergence, Lane, LaneSpec, LaneState, TrainerError};
use crate::gpu::{GpuDevice, GpuError, LaneLook, LaneReading};
use gpu_lane::GpuLane;

pub use gpu_lane::gpu_engine;

/// Parameters of a network that the GPU looks at, if it trains it.
const LEAST_LOOKED_AT_BY_GPU: usize = 2_000;

/// One lane of a scenario in training. The CPU's trainer always holds the lane, and what judges and shows
/// it asks there; if the GPU trains, it is the lane as it was read last.
#[derive(Debug)]
pub struct Backend {
    trainer: CpuTrainer,
    prober: Prober,
    predictor: Predictor,
    /// What trains the lane in the CPU's place.
    gpu: Option<Box<GpuLane>>,
    /// Not yet taken.
    failure: Option<Failure>,
    /// The step at which the GPU took over, and what the update before it had done, which the GPU has not seen.
    taken_over_at: Option<(u64, Cause)>,
}

/// A part of an update, as a unit sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it did to the unit's own parameters.
    Own,
    Others,
}

/// The CPU took over from the GPU.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Updates that the GPU had made.
    pub step: u64,
    pub error: GpuError,
}

impl Backend {
    /// A lane of this scenario at step 0, on the CPU.
    ///
    /// # Errors
    /// If the scenario cannot be trained; see [`CpuTrainer::new`].
    pub fn new(scenario: &Scenario, data: &Arc<Dataset>) -> Result<Self, TrainerError> {
        let level = Level::new();
        let lanes = vec![lane_spec(scenario)];
        let seed = u64::from(scenario.seed);
        Ok(Self {
            trainer: CpuTrainer::new(level, Arc::clone(data), seed, lanes)?,
            prober: Prober::new(level, data, &scenario.network),
            predictor: Predictor::new(level, &scenario.network),
            gpu: None,
            failure: None,
            taken_over_at: None,
        })
    }

    /// What trains.
    pub fn engine(&self) -> EngineInfo {
        match &self.gpu {
            Some(gpu) => gpu.engine(),
            None => cpu_engine(),
        }
    }

    pub fn is_on_gpu(&self) -> bool {
        self.gpu.is_some()
    }

    /// Has the GPU train from now on, from the present state.
    ///
    /// # Errors
    /// If it cannot; the CPU then goes on.
    pub async fn move_to_gpu(&mut self, device: &GpuDevice) -> Result<(), GpuError> {
        self.gpu = Some(Box::new(GpuLane::new(device, &self.trainer).await?));
        self.taken_over_at = self.cause_of_all().map(|cause| (self.step(), cause));
        Ok(())
    }

    /// What both engines make of the lane as it is, which stays so.
    ///
    /// # Errors
    /// If the GPU cannot train it.
    pub async fn measure(
        &self,
        device: &GpuDevice,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Result<Measured, GpuError> {
        trial::measure(&self.trainer, device, now_ms).await
    }

    /// Has the CPU train from now on, from the present state.
    pub fn move_to_cpu(&mut self) {
        self.gpu = None;
    }

    /// Why the CPU had to take over from the GPU, if it had to since the last call.
    pub fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    fn lane(&self) -> &Lane {
        &self.trainer.lanes()[0]
    }

    /// Updates made.
    pub fn step(&self) -> u64 {
        self.lane().step
    }

    /// Loss of the batch of the last update, before it; NaN if there was none since the lane was set.
    pub fn batch_loss(&self) -> f32 {
        self.lane().batch_loss
    }

    /// Why the lane stands still, if it does.
    pub fn divergence(&self) -> Option<Divergence> {
        self.lane().divergence
    }

    /// max |f'| of the function of each hidden layer.
    pub fn max_abs_slopes(&self) -> Vec<f32> {
        let lane = self.lane();
        let layers = 0..lane.spec.network.hidden.len();
        let of_layer = |l| lane.network.activation(l).max_abs_slope() as f32;
        layers.map(of_layer).collect()
    }

    /// The first layer with a parameter that is not finite.
    pub fn first_non_finite_layer(&self) -> Option<usize> {
        let lane = self.lane();
        first_non_finite_layer(&lane.network.layout, &lane.state.params)
    }

    pub fn state(&self) -> &LaneState {
        &self.lane().state
    }

    /// Weights of each layer, `[n_out, n_in]`, row-major.
    pub fn weights(&self) -> impl Iterator<Item = &[f32]> {
        let lane = self.lane();
        let layers = lane.network.layout.layers.iter();
        layers.map(|layer| &lane.state.params[layer.weights.clone()])
    }

    /// Incoming weights of a unit, `[n_in]`; `None` for one that the network does not have.
    pub fn weights_of(&self, layer: usize, unit: usize) -> Option<&[f32]> {
        let lane = self.lane();
        let n_in = lane.network.layout.layers.get(layer)?.n_in;
        self.weights().nth(layer)?.chunks_exact(n_in).nth(unit)
    }

    /// Makes up to `n_steps` updates: fewer if the lane diverges. If the GPU fails, the CPU makes them, and
    /// goes on from there.
    pub async fn train(&mut self, n_steps: u64) {
        if let Some(gpu) = &mut self.gpu {
            match gpu.train(&mut self.trainer, n_steps).await {
                Ok(()) => return,
                Err(error) => self.fail(error),
            }
        }
        self.trainer.train(n_steps);
    }

    /// Makes updates and judges the lane at these steps beyond the present one, in one round trip to the GPU: at the
    /// first of them, as many as that takes. None, and nothing done, if no GPU trains, if it cannot judge, or if it
    /// fails. What is asked here stays as it is until [`Backend::adopt`], with the last look at the end.
    pub async fn train_and_judge(&mut self, stops: &[u64]) -> Vec<LaneLook> {
        let Some(gpu) = &mut self.gpu else {
            return Vec::new();
        };
        match gpu.train_and_judge(&self.trainer, stops).await {
            Ok(looks) => looks,
            Err(error) => {
                self.fail(error);
                Vec::new()
            }
        }
    }

    /// Goes to where a look of [`Backend::train_and_judge`] found the lane.
    pub fn adopt(&mut self, reading: LaneReading) {
        if let Some(gpu) = &mut self.gpu {
            gpu.adopts(&reading);
        }
        gpu_lane::adopt(&mut self.trainer, reading);
    }

    /// Goes to a state that the lane was in after `step` updates.
    pub fn restore(&mut self, step: u64, state: &LaneState) {
        self.trainer.restore(step, state);
        if let Some(gpu) = &mut self.gpu {
            gpu.has_other_state();
        }
    }

    /// Other rules from now on, with the weights kept.
    ///
    /// # Errors
    /// As [`Backend::new`]; all is then as it was.
    pub fn change(&mut self, scenario: &Scenario) -> Result<(), TrainerError> {
        self.trainer.change(lane_spec(scenario))?;
        if let Some(gpu) = &mut self.gpu {
            gpu.has_other_rules();
        }
        Ok(())
    }

    /// Loss and health over the probe set.
    pub fn judge(&mut self, judgement: &mut Judgement) {
        self.prober.judge(&self.trainer.lanes()[0], judgement);
    }

    /// Outputs, `[n_outputs][n_samples]`, and targets of the probe set, as judged last.
    pub fn judged_outputs(&self) -> (Vec<&[f32]>, &[f32]) {
        self.prober.judged_outputs()
    }

    /// [`Backend::judge`] as if only this part of the last update had been made, seen from a unit.
    pub fn judge_part(&mut self, part: Part, layer: usize, unit: usize, judgement: &mut Judgement) {
        let mut lane = self.lane().clone();
        if part == Part::Own {
            std::mem::swap(&mut lane.state.params, &mut lane.previous);
        }
        // Of the others' part, the unit as it was before; of its own, as it is now.
        for i in lane.network.layout.layers[layer].of_unit(unit) {
            lane.state.params[i] = lane.previous[i];
        }
        self.prober.judge(&lane, judgement);
    }

    /// z and f'(z) of a hidden unit over the probe set, as judged last.
    pub fn judged_unit(&self, layer: usize, unit: usize) -> (&[f32], &[f32]) {
        self.prober.judged_unit(layer, unit)
    }

    /// Everything over the probe set, and answers to `questions`.
    pub async fn look(
        &mut self,
        view: &View,
        questions: &[Question<'_>],
    ) -> (Inspection, Vec<Answer>) {
        if let Some((gpu, shadow)) = self.gpu_that_looks() {
            match gpu.look(shadow, view, questions).await {
                Ok(seen) => return seen,
                Err(error) => self.fail(error),
            }
        }
        let lane = &self.trainer.lanes()[0];
        let answers = questions
            .iter()
            .map(|question| self.predictor.answer(lane, question));
        (self.prober.inspect(lane, view), answers.collect())
    }

    /// The GPU, where it trains a network so large that looking at it is work. What the CPU needs to look at
    /// a small one came with the last step.
    fn gpu_that_looks(&mut self) -> Option<(&mut GpuLane, &CpuTrainer)> {
        let n_params = self.lane().network.layout.n_params;
        let gpu = self.gpu.as_deref_mut()?;
        (n_params >= LEAST_LOOKED_AT_BY_GPU && gpu.can_look()).then_some((gpu, &self.trainer))
    }

    /// The CPU goes on.
    fn fail(&mut self, error: GpuError) {
        self.gpu = None;
        let step = self.step();
        self.failure = Some(Failure { step, error });
    }

    /// Mean loss of `outputs` for `samples`.
    pub fn loss(&self, samples: &Samples, outputs: &[f32]) -> f32 {
        self.predictor.loss(self.lane(), samples, outputs)
    }

    /// The last update, of all that it moved.
    pub fn last_update(&self) -> Update<'_, f32> {
        let lane = self.lane();
        Update::new(
            &lane.network.layout,
            lane.last_rate(),
            &lane.previous,
            &lane.state.params,
            self.trainer.gradient(),
        )
    }

    /// What the last update did to the whole network: norms of the gradient, of the change of the
    /// biases and of that of the weights. `None` if there was none since the lane was set.
    pub fn cause_of_all(&self) -> Option<Cause> {
        let lane = self.lane();
        if lane.previous == lane.state.params {
            let (step, cause) = self.taken_over_at?;
            return (step == lane.step).then_some(cause);
        }
        let layers = &lane.network.layout.layers;
        let change = |ranges: &mut dyn Iterator<Item = Range<usize>>| {
            let changes = ranges
                .flatten()
                .map(|i| lane.state.params[i] - lane.previous[i]);
            norm(changes)
        };
        Some(Cause {
            learning_rate: lane.last_rate(),
            gradient_norm: norm(self.trainer.gradient().iter().copied()),
            bias_change: change(&mut layers.iter().map(|layer| layer.biases.clone())),
            weight_change_norm: change(&mut layers.iter().map(|layer| layer.weights.clone())),
            norm_change: change(
                &mut layers
                    .iter()
                    .flat_map(|l| [l.gamma.clone(), l.beta.clone()]),
            ),
            below_change: 0.0,
        })
    }
}

/// The CPU as an engine.
pub fn cpu_engine() -> EngineInfo {
    EngineInfo {
        kind: EngineKind::Cpu,
        name: format!("CPU, {}", level_name(Level::new())),
        adapter: None,
        is_software: false,
        n_lanes: 1,
        why: Why::default(),
        rates: Rates::default(),
    }
}

fn norm(values: impl Iterator<Item = f32>) -> f64 {
    libm::sqrt(values.map(|v| f64::from(v) * f64::from(v)).sum())
}

/// What a lane of this scenario trains.
pub fn lane_spec(scenario: &Scenario) -> LaneSpec {
    LaneSpec {
        network: scenario.network.clone(),
        training: scenario.training.clone(),
        seed: u64::from(scenario.seed),
    }
}

fn level_name(level: Level) -> &'static str {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    match level {
        Level::Avx512(_) => return "AVX-512",
        Level::Avx2(_) => return "AVX2",
        Level::Sse4_2(_) => return "SSE4.2",
        Level::Sse2(_) => return "SSE2",
        _ => {}
    }
    #[cfg(target_arch = "aarch64")]
    if level.as_neon().is_some() {
        return "NEON";
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    if level.as_wasm_simd128().is_some() {
        return "SIMD128";
    }
    let _ = level;
    "scalar"
}
