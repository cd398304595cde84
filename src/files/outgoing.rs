//! The formats that a run can leave the page in, and what makes their bytes.

use actiscope_core::health::HealthEvent;
use actiscope_core::interop::incoming::safetensors_of;
use actiscope_core::interop::scripts::{self, Repeat};
use actiscope_core::interop::{Model, onnx, run_file};
use actiscope_core::nn::init::initial_params;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::protocol::HandedOver;

/// A file that can be made of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Run,
    Parameters,
    PyTorch,
    PyTorchTraining,
    Keras,
    KerasTraining,
    ScikitLearn,
    Onnx,
    TensorBoard,
}

impl Format {
    /// `actiscope-circle-step1200.onnx`.
    pub fn file_name(self, data_id: &str, step: u64) -> String {
        let of_step = format!("actiscope-{data_id}-step{step}");
        match self {
            Self::Run => format!("{of_step}.run.safetensors"),
            Self::Parameters => format!("{of_step}.safetensors"),
            // Names that Python can import.
            Self::PyTorch => "network_pytorch.py".into(),
            Self::PyTorchTraining => "train_pytorch.py".into(),
            Self::Keras => "network_keras.py".into(),
            Self::KerasTraining => "train_keras.py".into(),
            Self::ScikitLearn => "network_sklearn.py".into(),
            Self::Onnx => format!("{of_step}.onnx"),
            // TensorBoard looks for the word.
            Self::TensorBoard => format!("events.out.tfevents.{of_step}"),
        }
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// What stands in the way, in words: the format cannot express the network.
    pub fn bytes(self, run: &HandedOver, events: &[HealthEvent]) -> Result<Vec<u8>, String> {
        let model = || {
            let (params, running) = (run.params.clone(), run.running.clone());
            let model = Model::new(&run.scenario, &run.data, params, running);
            model.map_err(|error| error.to_string())
        };
        Ok(match self {
            Self::Run => run_file::save(run, events).map_err(|error| error.to_string())?,
            Self::Parameters => safetensors_of(&model()?),
            Self::PyTorch => scripts::pytorch(&model()?).into_bytes(),
            Self::Keras => scripts::keras(&model()?).into_bytes(),
            Self::ScikitLearn => {
                let script = scripts::sklearn(&model()?);
                script.map_err(|error| error.to_string())?.into_bytes()
            }
            Self::Onnx => onnx::write(&model()?),
            Self::PyTorchTraining => with_repeat(run, scripts::pytorch_training).into_bytes(),
            Self::KerasTraining => with_repeat(run, scripts::keras_training).into_bytes(),
            Self::TensorBoard => return Err("The run is recorded first.".into()),
        })
    }
}

fn with_repeat(run: &HandedOver, write: fn(&Repeat<'_>) -> String) -> String {
    let HandedOver { scenario, data, .. } = run;
    let layout = ParamLayout::new(&scenario.network);
    let first = initial_params(&scenario.network, &layout, u64::from(scenario.seed));
    let first_params: Vec<f32> = first.iter().map(|&param| param as f32).collect();
    write(&Repeat {
        scenario,
        data,
        first_params: &first_params,
    })
}
