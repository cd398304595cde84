//! The GPU's copy of a lane that the CPU's trainer holds.

use std::sync::Arc;

use actiscope_core::protocol::{EngineInfo, EngineKind, Rates, Why};
use actiscope_core::scenario::View;

use crate::cpu::predict::{Answer, Question};
use crate::cpu::probe::{Inspection, describe_params};
use crate::cpu::{CpuTrainer, Trained};
use crate::gpu::{GpuDevice, GpuError, GpuTrainer, LaneLook, LaneReading, Later, Ring};

/// Trains in the place of a [`CpuTrainer`] of one lane, which it keeps up to date.
#[derive(Debug)]
pub struct GpuLane {
    device: GpuDevice,
    trainer: GpuTrainer,
    /// What was done to the CPU's lane and not yet here.
    lacks: Lacks,
}

/// What a look shows: everything over the probe set, and answers to questions.
pub type Seen = (Inspection, Vec<Answer>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lacks {
    Nothing,
    State,
    RulesAndState,
}

impl GpuLane {
    /// A copy of the lane of `shadow`.
    ///
    /// # Errors
    /// If the GPU cannot train it.
    pub async fn new(device: &GpuDevice, shadow: &CpuTrainer) -> Result<Self, GpuError> {
        Ok(Self {
            trainer: trainer(device, shadow).await?,
            device: device.clone(),
            lacks: Lacks::State,
        })
    }

    pub fn engine(&self) -> EngineInfo {
        gpu_engine(&self.device)
    }

    /// The shadow was put into another state.
    pub fn has_other_state(&mut self) {
        self.lacks = self.lacks.max(Lacks::State);
    }

    /// The shadow was given other rules.
    pub fn has_other_rules(&mut self) {
        self.lacks = Lacks::RulesAndState;
    }

    /// Makes up to `n_steps` updates of the shadow's lane: fewer if it diverges.
    ///
    /// # Errors
    /// If the GPU fails; the shadow is then as it was.
    pub async fn train(&mut self, shadow: &mut CpuTrainer, n_steps: u64) -> Result<(), GpuError> {
        if n_steps == 0 || shadow.lanes()[0].divergence.is_some() {
            return Ok(());
        }
        adopt(shadow, train(self, shadow, n_steps).await?);
        Ok(())
    }

    /// Makes updates of the shadow's lane and looks at it at these steps beyond the present one: at the first of them,
    /// as many as go into one round trip. None if this GPU cannot look. The shadow stays as it is, and has to
    /// [`adopt`] the last look.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn train_and_judge(
        &mut self,
        shadow: &CpuTrainer,
        stops: &[u64],
    ) -> Result<Vec<LaneLook>, GpuError> {
        if !self.can_look() || shadow.lanes()[0].divergence.is_some() {
            return Ok(Vec::new());
        }
        let ring = train_and_judge(self, shadow, stops).await?;
        Ok(ring.into_iter().flatten().collect())
    }

    /// The shadow goes to where a look found the lane, which may be elsewhere by now.
    pub fn adopts(&mut self, reading: &LaneReading) {
        if self.trainer.step() != reading.status.step {
            self.has_other_state();
        }
    }

    /// Makes steps from where the shadow is, looks at the lane after each, and forgets them: calls like
    /// [`GpuLane::train_and_judge`].
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn try_out(&mut self, shadow: &CpuTrainer, n_steps: u64) -> Result<(), GpuError> {
        self.has_other_state();
        let step = shadow.lanes()[0].step;
        let stops: Vec<u64> = (1..=n_steps).map(|n| step + n).collect();
        let mut n_done = 0;
        while n_done < stops.len() && self.can_look() {
            match train_and_judge(self, shadow, &stops[n_done..]).await?.len() {
                0 => break,
                n => n_done += n,
            }
        }
        match (stops.len() - n_done) as u64 {
            0 => Ok(()),
            n_left => train(self, shadow, n_left).await.map(drop),
        }
    }

    /// Whether the GPU can be asked what follows.
    pub fn can_look(&self) -> bool {
        self.trainer.can_look()
    }

    /// Everything over the probe set, as the CPU's prober tells it, and answers to `questions`, in one readback.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn look(
        &mut self,
        shadow: &CpuTrainer,
        view: &View,
        questions: &[Question<'_>],
    ) -> Result<Seen, GpuError> {
        let (mut inspection, answers) = look(self, shadow, view, questions).await?;
        for (l, layer) in inspection.layers.iter_mut().enumerate() {
            describe_params(layer, &shadow.lanes()[0], l);
        }
        Ok((inspection, answers))
    }

    /// Brings the GPU's lane to where the shadow is.
    async fn catch_up(&mut self, shadow: &CpuTrainer) -> Result<(), GpuError> {
        let lane = &shadow.lanes()[0];
        if self.lacks == Lacks::RulesAndState
            && !self.trainer.change(vec![lane.spec.clone()]).await?
        {
            self.trainer = trainer(&self.device, shadow).await?;
        }
        if self.lacks >= Lacks::State {
            self.trainer.write_lane(0, lane.step, &lane.state);
        }
        self.lacks = Lacks::Nothing;
        Ok(())
    }
}

/// The shadow becomes what the GPU made of its lane.
pub fn adopt(shadow: &mut CpuTrainer, reading: LaneReading) {
    let trained = Trained {
        step: reading.status.step,
        state: reading.state,
        previous: reading.previous,
        batch_loss: reading.status.batch_loss,
        divergence: reading.status.divergence,
    };
    shadow.adopt(trained, &reading.gradient);
}

/// A GPU as an engine.
pub fn gpu_engine(device: &GpuDevice) -> EngineInfo {
    let adapter = device.adapter();
    EngineInfo {
        kind: EngineKind::Gpu,
        name: format!("{}, {}", adapter.api, adapter.name),
        adapter: Some(adapter.name.clone()),
        is_software: adapter.is_software,
        n_lanes: 1,
        why: Why::default(),
        rates: Rates::default(),
    }
}

// What follows is the chunk `gpu`, with all that only it calls.

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let trainer = _; { trainer.await } -> Result<GpuTrainer, GpuError>)
))]
fn trainer<'a>(device: &'a GpuDevice, shadow: &'a CpuTrainer) -> Later<'a, GpuTrainer> {
    let specs = shadow.lanes().iter().map(|lane| lane.spec.clone());
    let data = Arc::clone(shadow.data());
    Box::pin(GpuTrainer::new(
        device,
        data,
        shadow.order_seed(),
        specs.collect(),
    ))
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let reading = _; { reading.await } -> Result<LaneReading, GpuError>)
))]
fn train<'a>(gpu: &'a mut GpuLane, shadow: &'a CpuTrainer, n_steps: u64) -> Later<'a, LaneReading> {
    Box::pin(async move {
        gpu.catch_up(shadow).await?;
        gpu.trainer.train_and_read(n_steps, 0).await
    })
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let ring = _; { ring.await } -> Result<Ring, GpuError>)
))]
fn train_and_judge<'a>(
    gpu: &'a mut GpuLane,
    shadow: &'a CpuTrainer,
    stops: &'a [u64],
) -> Later<'a, Ring> {
    Box::pin(async move {
        gpu.catch_up(shadow).await?;
        let n = gpu.trainer.n_fitting_looks(stops, true);
        gpu.trainer.train_and_judge(&stops[..n], true).await
    })
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let seen = _; { seen.await } -> Result<Seen, GpuError>)
))]
fn look<'a>(
    gpu: &'a mut GpuLane,
    shadow: &'a CpuTrainer,
    view: &'a View,
    questions: &'a [Question<'a>],
) -> Later<'a, Seen> {
    Box::pin(async move {
        gpu.catch_up(shadow).await?;
        gpu.trainer.look(0, view, questions).await
    })
}
