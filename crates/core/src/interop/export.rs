//! The formats that a run can leave in, and what makes their bytes.

use thiserror::Error;

use super::incoming::safetensors_of;
use super::scripts::{self, Inexpressible, Repeat};
use super::{Model, ModelError, onnx, run_file};
use crate::health::HealthEvent;
use crate::nn::init::initial_params;
use crate::nn::layout::ParamLayout;
use crate::protocol::HandedOver;

/// A file that is made of a run as it stands. An event file is not: it is of all of the run, which is replayed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All of it, to go on from exactly there.
    Run,
    /// Its parameters alone.
    Safetensors,
    Onnx,
    /// A program that holds the network, or one that trains it again.
    PyTorch {
        trains: bool,
    },
    Keras {
        trains: bool,
    },
    /// A pipeline that holds the network.
    ScikitLearn,
}

#[derive(Clone, Debug, PartialEq, Error)]
pub enum ExportError {
    #[error("{0}")]
    Model(#[from] ModelError),
    #[error("{0}")]
    Inexpressible(#[from] Inexpressible),
}

impl Format {
    /// The file of a run, in which these events had happened.
    ///
    /// # Errors
    /// If the format cannot express the network.
    pub fn bytes(self, run: &HandedOver, events: &[HealthEvent]) -> Result<Vec<u8>, ExportError> {
        let model = || run.model();
        Ok(match self {
            Self::Run => run_file::save(run, events)?,
            Self::Safetensors => safetensors_of(&model()?),
            Self::Onnx => onnx::write(&model()?),
            Self::PyTorch { trains: false } => scripts::pytorch(&model()?).into_bytes(),
            Self::Keras { trains: false } => scripts::keras(&model()?).into_bytes(),
            Self::ScikitLearn => scripts::sklearn(&model()?)?.into_bytes(),
            Self::PyTorch { trains: true } | Self::Keras { trains: true } => {
                let first_params = first_params(run);
                let repeat = Repeat {
                    scenario: &run.scenario,
                    data: &run.data,
                    first_params: &first_params,
                };
                let script = match self {
                    Self::Keras { .. } => repeat.keras_training()?,
                    _ => repeat.pytorch_training()?,
                };
                script.into_bytes()
            }
        })
    }
}

impl HandedOver {
    /// Its network as it stands.
    ///
    /// # Errors
    /// If scenario and parameters are not of one network, which no engine hands over.
    pub fn model(&self) -> Result<Model, ModelError> {
        let (params, running) = (self.params.clone(), self.running.clone());
        Model::new(&self.scenario, &self.data, params, running)
    }
}

/// What a run of the scenario begins with, `[n_params]`.
fn first_params(run: &HandedOver) -> Vec<f32> {
    let scenario = &run.scenario;
    let layout = ParamLayout::new(&scenario.network);
    let first = initial_params(&scenario.network, &layout, u64::from(scenario.seed));
    first.iter().map(|&param| param as f32).collect()
}
