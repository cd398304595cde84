//! What is measured: a network, as `bench/networks.json` describes one, on the engines of this project.
//!
//! Every contender of the bench, this one and its peers, trains such a network for a number of steps
//! when it is told to; `bench/run.mjs` tells them in turns and holds the clock's results together.

use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::{DataSource, DataSpec, Dataset};
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec,
};
use actiscope_engine::cpu::{CpuTrainer, Divergence, LaneSpec, TrainerError};
use actiscope_engine::gpu::{GpuDevice, GpuError, GpuTrainer};
use fearless_simd::Level;
use serde::Deserialize;

#[cfg(target_family = "wasm")]
mod browser;
pub mod peak;

/// Every contender's learning rate: small, so that no run leaves the numbers that networks work with.
pub const LEARNING_RATE: f64 = 0.01;
const ORDER_SEED: u64 = 1;
/// Most steps of one dispatch on a software adapter: Mesa's ends loops that take long without a word.
const SOFTWARE_STEPS: u64 = 32;

/// A network and how it is trained: by SGD on binary cross-entropy of its logit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Network {
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    /// Id of the hidden units' function.
    pub activation: String,
    pub batch_size: usize,
    /// Networks of this shape trained together, of different initial weights.
    pub n_lanes: usize,
    /// Samples in the training set; peers have the usual number.
    #[serde(default = "usual_n_samples")]
    pub n_samples: usize,
}

/// Of the training set that every contender has.
pub fn usual_n_samples() -> usize {
    512
}

/// The samples that every contender trains on: a disc within a ring, `[n_samples, 2]`, with noise.
pub fn data(n_samples: usize) -> Arc<Dataset> {
    let spec = DataSpec::plain(DataSource::Circle, n_samples, 0.1);
    Arc::new(spec.generate(1).expect("numbers in their ranges"))
}

impl Network {
    /// The lanes of this network.
    pub fn lanes(&self) -> Vec<LaneSpec> {
        let of_seed = |seed| LaneSpec {
            network: NetworkSpec {
                n_inputs: 2,
                hidden: self.hidden.clone(),
                n_outputs: 1,
                activation: ActivationSpec::new(&self.activation),
                layer_activations: Vec::new(),
                prelu_sharing: PreluSharing::Layer,
                batch_norm: false,
                initializer: Initializer::GlorotUniform,
                gain: 1.0,
                given: None,
            },
            training: TrainingSpec::plain(
                Loss::BceLogits,
                Optimizer::Sgd,
                LEARNING_RATE,
                self.batch_size,
            ),
            seed,
        };
        (0..self.n_lanes as u64).map(of_seed).collect()
    }

    /// A population of this network on the CPU.
    ///
    /// # Errors
    /// If the network is beyond the engine's limits or its function is not in the catalogue.
    pub fn on_cpu(&self, level: Level) -> Result<Population, TrainerError> {
        let trainer = CpuTrainer::new(level, data(self.n_samples), ORDER_SEED, self.lanes())?;
        Ok(Population::Cpu(Box::new(trainer)))
    }

    /// A population of this network on a GPU.
    ///
    /// # Errors
    /// As [`Network::on_cpu`], and if it does not fit the device.
    pub async fn on_gpu(&self, device: &GpuDevice) -> Result<Population, GpuError> {
        let trainer =
            GpuTrainer::new(device, data(self.n_samples), ORDER_SEED, self.lanes()).await?;
        Ok(Population::Gpu(Box::new(trainer)))
    }
}

/// A population in training, on whichever engine.
pub enum Population {
    Cpu(Box<CpuTrainer>),
    Gpu(Box<GpuTrainer>),
}

impl Population {
    /// Makes `n_steps` updates of every lane, waits for the last, and returns the mean over the lanes of
    /// the loss of their last batch.
    ///
    /// # Errors
    /// If a lane has diverged: it stands still since, and its steps are no work. If the GPU fails.
    pub async fn train(&mut self, n_steps: u64) -> Result<f64, String> {
        match self {
            Self::Cpu(trainer) => {
                trainer.train(n_steps);
                let lanes = trainer.lanes().iter();
                mean_loss(lanes.map(|lane| (lane.batch_loss, lane.divergence)))
            }
            Self::Gpu(trainer) => {
                let most = match trainer.device().adapter().is_software {
                    true => SOFTWARE_STEPS,
                    false => n_steps,
                };
                let mut left = n_steps;
                loop {
                    let n = left.min(most);
                    let statuses = trainer.train(n).await.map_err(|error| error.to_string())?;
                    left -= n;
                    if left == 0 {
                        let lanes = statuses.iter();
                        return mean_loss(lanes.map(|lane| (lane.batch_loss, lane.divergence)));
                    }
                }
            }
        }
    }

    /// Shares the lanes out over this many threads. A GPU has its own.
    pub fn set_threads(&mut self, n_threads: usize) {
        if let Self::Cpu(trainer) = self {
            trainer.set_threads(n_threads);
        }
    }
}

/// The GPU's name, for a result.
pub fn describe(device: &GpuDevice) -> String {
    let adapter = device.adapter();
    let kind = match adapter.is_software {
        true => "software",
        false => "hardware",
    };
    format!("{} through {}, {kind}", adapter.name, adapter.api)
}

fn mean_loss(
    lanes: impl ExactSizeIterator<Item = (f32, Option<Divergence>)>,
) -> Result<f64, String> {
    let n_lanes = lanes.len();
    let mut total = 0.0;
    for (lane, (loss, divergence)) in lanes.enumerate() {
        if divergence.is_some() {
            return Err(format!("lane {lane} diverged: its steps are no work"));
        }
        total += f64::from(loss);
    }
    Ok(total / n_lanes as f64)
}
