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

/// When a run that trains is to stand still by itself. It does so once: whoever goes on goes on, until the run is changed, goes
/// elsewhere, or begins anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// After this many updates: a whole number.
    pub step: Option<f64>,
    /// At the first probe with a training loss of at most this.
    pub loss: Option<f64>,
    /// At the first probe at which all is told rightly: the class of every sample of the probe set, 99 % of the variance of
    /// numbers.
    pub when_solved: bool,
}

impl Stop {
    /// It depends on what the network has learned.
    pub fn asks_probes(&self) -> bool {
        self.loss.is_some() || self.when_solved
    }
}

/// What the page looks at. No effect on the run, which is the same wherever it stands still.
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
    /// Where training ends by itself.
    pub stop: Stop,
    /// 0..1: from more than this probability on a sample of two classes is said to be of class 1. Accuracies are at it.
    pub threshold: f64,
}
