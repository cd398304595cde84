//! The scenario that opens with no link.

use super::{Scenario, Stop, View};
use crate::activation::{ActivationSpec, Function};
use crate::data::{Axes, DataSource, DataSpec};
use crate::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec};

impl Default for Scenario {
    /// A small ReLU network at a learning rate that kills units while one watches.
    ///
    /// All units live at first; 7 of 24 are dead after 60 steps and about 9 after 300. Leaky ReLU with
    /// the same weights then brings every unit back, and the network learns. A test holds this. Runs of
    /// so large a learning rate are chaotic: what comes later differs with every rounding.
    ///
    /// A link leaves out what is equal to this: once links are about, a change here has to come with
    /// a new version of the link form.
    fn default() -> Self {
        Self {
            seed: 2,
            data: DataSpec::plain(DataSource::Circle, 256, 0.1),
            network: NetworkSpec {
                n_inputs: 2,
                hidden: vec![8, 8, 8],
                n_outputs: 1,
                activation: ActivationSpec {
                    function: Function::Catalogue("relu".into()),
                    params: Vec::new(),
                },
                layer_activations: Vec::new(),
                prelu_sharing: PreluSharing::Layer,
                batch_norm: false,
                initializer: Initializer::HeNormal,
                gain: 1.0,
                given: None,
            },
            training: TrainingSpec::plain(Loss::BceLogits, Optimizer::Sgd, 1.6, 16),
            // Slow enough to watch: the first units die within a second, the last after seven.
            view: View {
                steps_per_second: Some(60.0),
                ..View::default()
            },
        }
    }
}

impl Default for View {
    fn default() -> Self {
        Self {
            layer: 0,
            unit: None,
            axes: Axes::default(),
            steps_per_second: None,
            stop: Stop::default(),
            threshold: 0.5,
        }
    }
}
