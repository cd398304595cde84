//! The files that a run can leave the page as.

use actiscope_core::interop::export::Format;

/// What is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the run as it stands.
    Of(Format),
    /// All of the run as events for TensorBoard, for which it is replayed.
    Events,
}

impl Kind {
    /// `actiscope-circle-step1200.onnx`.
    pub fn file_name(self, data_id: &str, step: u64) -> String {
        let of_step = format!("actiscope-{data_id}-step{step}");
        match self {
            Self::Of(Format::Run) => format!("{of_step}.run.safetensors"),
            Self::Of(Format::Safetensors) => format!("{of_step}.safetensors"),
            Self::Of(Format::Onnx) => format!("{of_step}.onnx"),
            // Names that Python can import.
            Self::Of(Format::PyTorch { trains: false }) => "network_pytorch.py".into(),
            Self::Of(Format::PyTorch { trains: true }) => "train_pytorch.py".into(),
            Self::Of(Format::Keras { trains: false }) => "network_keras.py".into(),
            Self::Of(Format::Keras { trains: true }) => "train_keras.py".into(),
            Self::Of(Format::ScikitLearn) => "network_sklearn.py".into(),
            // TensorBoard looks for the word.
            Self::Events => format!("events.out.tfevents.{of_step}"),
        }
    }
}
