//! A scenario: everything that defines a run.

use serde::{Deserialize, Serialize};

use crate::data::{Axes, DataSpec};
use crate::nn::spec::{NetworkSpec, TrainingSpec};

mod axis;
mod check;
mod choices;
mod default;
mod describe;
mod edit;
mod function;
pub mod link;
mod near;
pub mod ranges;
mod settings;

pub use axis::{Axis, AxisError, AxisScale};
pub use check::{Problem, ScenarioError};
pub use choices::{Choice, Chosen};
pub use describe::differences;
pub use edit::{Edit, Effect};
pub use function::{FunctionParam, function_label, function_params, functions_label};
pub use near::{near_names, unknown_name};
pub use ranges::shortest;
pub use settings::Setting;

/// Data, network, training and seed. Two runs of one scenario are equal, bit for bit, on the CPU engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    pub seed: u32,
    pub data: DataSpec,
    /// `n_inputs` and `n_outputs` follow from the data and the loss; see [`Scenario::fit_to_data`].
    pub network: NetworkSpec,
    pub training: TrainingSpec,
    pub view: View,
}

/// What the page looks at. No effect on the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Hidden layer (0-based) whose pre-activations the curve panel shows.
    pub layer: usize,
    /// Unit (0-based) of that layer, or all of them.
    pub unit: Option<usize>,
    /// The plane of the inputs that maps and decision field show.
    pub axes: Axes,
    /// Steps a second that the run is slowed down to; `None` is as fast as it goes.
    pub steps_per_second: Option<f64>,
    /// 0..1: from more than this probability on a sample of two classes is said to be of class 1. Accuracies are at it.
    pub threshold: f64,
}
