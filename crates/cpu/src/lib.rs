//! The SIMD trainer: a population of lanes, each vectorised over its batch.
//!
//! One step of one lane, in the order of the files; a GPU kernel has the same stages under the same names:
//!
//! | stage | file | does |
//! |---|---|---|
//! | gather | [`batch`] | samples of the step into columns, once for all lanes |
//! | forward | [`forward`], [`linear`], [`norm`], [`activate`], [`dropout`] | z, a and f'(z) of each layer |
//! | loss | [`loss`] | loss of the batch, dL/d(outputs) |
//! | backward | [`backward`], [`linear`], [`norm`], [`activate`] | dL/d(params) |
//! | update | [`update`] | regularisation, clipping, optimizer |
//! | probe | [`probe`] | health over the probe set; not in every step |
//! | deaths | [`deaths`] | whether a unit is dead over the probe set, and nothing else |
//!
//! Arithmetic is f32 with a fixed order of summation, no fused multiply-add and no library
//! transcendentals: every instruction set gives the same bits.

use std::sync::Arc;

use actiscope_core::activation::ActivationError;
use actiscope_core::data::Dataset;
use actiscope_core::nn::spec::limits;
use fearless_simd::{Level, Simd, dispatch};
use thiserror::Error;

pub mod activate;
pub mod backward;
pub mod batch;
pub mod deaths;
pub mod dropout;
pub mod forward;
pub mod lane;
pub mod linear;
pub mod loss;
pub mod norm;
pub mod predict;
pub mod probe;
pub mod scratch;
pub mod update;

pub use lane::{Divergence, Lane, LaneSpec, LaneState, Trained};

use activate::Functions;
use batch::BatchQueue;
use scratch::Scratch;

/// Why a population cannot be trained, and what to do.
#[derive(Debug, Error)]
pub enum TrainerError {
    #[error("{0}")]
    Activation(#[from] ActivationError),
    #[error("there is nothing to train: give at least one lane")]
    NoLanes,
    #[error("there is nothing to train on: the training set is empty")]
    NoSamples,
    #[error("{n} {what}: choose 1 to {max}")]
    Limit {
        what: &'static str,
        n: usize,
        max: usize,
    },
    #[error("the network takes {network} inputs and the data has {data}")]
    Inputs { network: usize, data: usize },
    #[error("a lane cannot change its widths or its normalisation while it trains: begin anew")]
    Shape,
    #[error("lane {lane} differs from lane 0 in {what}: lanes of a population must agree in it")]
    Mixed { lane: usize, what: &'static str },
}

/// Trains a population of lanes on one data set. One lane is the small case.
#[derive(Debug)]
pub struct CpuTrainer {
    level: Level,
    data: Arc<Dataset>,
    lanes: Vec<Lane>,
    /// One a thread; the lanes are shared out over them.
    benches: Vec<Workbench>,
    step: u64,
    order_seed: u64,
}

/// What a thread needs to train lanes one after the other.
#[derive(Clone, Debug)]
struct Workbench {
    queue: BatchQueue,
    scratch: Scratch,
    /// Of the last update: regularised and clipped, `[n_params]`, padded.
    gradient: Vec<f32>,
}

impl CpuTrainer {
    /// A population at step 0. `order_seed` fixes the order of samples, the same for all lanes.
    ///
    /// # Errors
    /// Without lanes or samples, beyond the limits, if lanes differ in what they must share, or if an
    /// activation cannot be resolved.
    pub fn new(
        level: Level,
        data: Arc<Dataset>,
        order_seed: u64,
        lanes: Vec<LaneSpec>,
    ) -> Result<Self, TrainerError> {
        Self::with_functions(level, data, order_seed, lanes, &mut Functions::default())
    }

    /// As [`CpuTrainer::new`], with functions that the lanes of other populations may have, too.
    ///
    /// # Errors
    /// As [`CpuTrainer::new`].
    pub fn with_functions(
        level: Level,
        data: Arc<Dataset>,
        order_seed: u64,
        lanes: Vec<LaneSpec>,
        functions: &mut Functions,
    ) -> Result<Self, TrainerError> {
        check_lanes(&data, &lanes)?;
        let lanes = lanes
            .into_iter()
            .map(|spec| Lane::with_functions(spec, functions));
        let lanes = lanes.collect::<Result<Vec<Lane>, TrainerError>>()?;
        Ok(Self {
            benches: vec![Workbench::new(&data, order_seed, &lanes)],
            level,
            data,
            lanes,
            step: 0,
            order_seed,
        })
    }

    /// Shares the lanes out over this many threads from now on. The results are the same. WebAssembly
    /// has one thread.
    pub fn set_threads(&mut self, n_threads: usize) {
        let most = if cfg!(target_family = "wasm") {
            1
        } else {
            self.lanes.len()
        };
        let first = self.benches[0].clone();
        self.benches.resize(n_threads.clamp(1, most), first);
    }

    /// Makes `n_steps` updates of every lane that has not diverged. Stops when all have.
    pub fn train(&mut self, n_steps: u64) {
        let Self {
            level,
            data,
            lanes,
            benches,
            step,
            ..
        } = self;
        let train = |bench: &mut Workbench, lanes: &mut [Lane]| {
            dispatch!(*level, simd => bench.train(simd, data, lanes, *step, n_steps));
        };
        match &mut benches[..] {
            [bench] => train(bench, lanes),
            benches => {
                let lanes_per_bench = lanes.len().div_ceil(benches.len());
                let shares = benches.iter_mut().zip(lanes.chunks_mut(lanes_per_bench));
                std::thread::scope(|scope| {
                    for (bench, lanes) in shares {
                        scope.spawn(|| train(bench, lanes));
                    }
                });
            }
        }
        // Lanes that have diverged stand at an earlier step.
        self.step = self
            .lanes
            .iter()
            .map(|lane| lane.step)
            .max()
            .unwrap_or(self.step);
    }

    /// Updates made by the lanes that have not diverged.
    pub fn step(&self) -> u64 {
        self.step
    }

    pub fn level(&self) -> Level {
        self.level
    }

    pub fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// Gradient of the last update of a population of one lane: regularised and clipped, in the order
    /// of the layout.
    pub fn gradient(&self) -> &[f32] {
        &self.benches[0].gradient
    }

    /// Puts a population of one lane back to a state that it was in after `step` updates.
    pub fn restore(&mut self, step: u64, state: &LaneState) {
        for lane in &mut self.lanes {
            lane.restore(step, state);
        }
        self.step = step;
    }

    /// Takes over what another trainer made of a population of one lane. `gradient`: as
    /// [`CpuTrainer::gradient`].
    ///
    /// # Panics
    /// If `gradient` is longer than the parameters.
    pub fn adopt(&mut self, trained: Trained, gradient: &[f32]) {
        self.step = trained.step;
        self.lanes[0].adopt(trained);
        self.benches[0].gradient[..gradient.len()].copy_from_slice(gradient);
    }

    /// What the order of samples is drawn from.
    pub fn order_seed(&self) -> u64 {
        self.order_seed
    }

    /// Gives a population of one lane other rules and keeps its weights; see [`Lane::change`].
    ///
    /// # Errors
    /// As [`CpuTrainer::new`]; all is then as it was.
    pub fn change(&mut self, spec: LaneSpec) -> Result<(), TrainerError> {
        check_lanes(&self.data, std::slice::from_ref(&spec))?;
        for lane in &mut self.lanes {
            lane.change(spec.clone())?;
        }
        self.benches = vec![Workbench::new(&self.data, self.order_seed, &self.lanes)];
        Ok(())
    }
}

impl Workbench {
    fn new(data: &Dataset, order_seed: u64, lanes: &[Lane]) -> Self {
        let queue = BatchQueue::new(data, &lanes[0].spec.training, order_seed);
        let has_norm = lanes.iter().any(|lane| lane.spec.network.batch_norm);
        let n_params = lanes.iter().map(|lane| lane.state.params.len()).max();
        Self {
            scratch: Scratch::new(&lanes[0].spec.network, has_norm, queue.max_cols()),
            gradient: vec![0.0; n_params.unwrap_or(0)],
            queue,
        }
    }

    /// `n_steps` updates of each lane from `step` on. Lane by lane within a stretch of batches, so that
    /// a lane's parameters stay in the nearest cache.
    #[inline(always)]
    fn train<S: Simd>(
        &mut self,
        simd: S,
        data: &Dataset,
        lanes: &mut [Lane],
        mut step: u64,
        n_steps: u64,
    ) {
        let end = step + n_steps;
        while step < end && lanes.iter().any(|lane| lane.divergence.is_none()) {
            let n = (end - step).min(self.queue.capacity() as u64) as usize;
            self.queue.fill(data, step, n);
            for lane in &mut *lanes {
                let n_padded = lane.state.params.len();
                let gradient = &mut self.gradient[..n_padded];
                gradient[lane.network.layout.n_params..].fill(0.0);
                for batch in self.queue.batches() {
                    lane.train_step(simd, batch, &mut self.scratch, gradient);
                }
            }
            step += n as u64;
        }
    }
}

pub fn check_lanes(data: &Dataset, lanes: &[LaneSpec]) -> Result<(), TrainerError> {
    if data.n_train() == 0 {
        return Err(TrainerError::NoSamples);
    }
    let Some(first) = lanes.first() else {
        return Err(TrainerError::NoLanes);
    };
    let check = |what, n: usize, max: usize| match (1..=max).contains(&n) {
        true => Ok(()),
        false => Err(TrainerError::Limit { what, n, max }),
    };
    check("lanes", lanes.len(), limits::LANES)?;
    check("samples", data.n_train(), limits::SAMPLES)?;
    check("inputs", first.network.n_inputs, limits::INPUTS)?;
    check("outputs", first.network.n_outputs, limits::OUTPUTS)?;
    check(
        "hidden layers",
        first.network.hidden.len(),
        limits::HIDDEN_LAYERS,
    )?;
    for &n_units in &first.network.hidden {
        check("units in a layer", n_units, limits::UNITS_PER_LAYER)?;
    }
    if first.network.n_inputs != data.n_inputs {
        return Err(TrainerError::Inputs {
            network: first.network.n_inputs,
            data: data.n_inputs,
        });
    }
    for (lane, spec) in lanes.iter().enumerate() {
        let (a, b) = (&first.network, &spec.network);
        let same = |what, is_same: bool| match is_same {
            true => Ok(()),
            false => Err(TrainerError::Mixed { lane, what }),
        };
        same("inputs", a.n_inputs == b.n_inputs)?;
        same("hidden units", a.hidden == b.hidden)?;
        same("outputs", a.n_outputs == b.n_outputs)?;
        same(
            "batch size",
            first.training.batch_size == spec.training.batch_size,
        )?;
        same(
            "order of samples",
            first.training.order == spec.training.order,
        )?;
    }
    Ok(())
}
