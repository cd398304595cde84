//! Networks and samples as the reference files hold them: a case of `training.json` or `health.json`.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, Order, PreluSharing, TrainingSpec,
};

use crate::failure::Failure;

mod health;
mod params;
mod samples;
mod training;

pub use health::HealthCase;
pub use params::Params;
pub use samples::{Samples, Target};
pub use training::TrainingCase;

/// A network of these layers: inputs, hidden units, outputs.
fn network(layers: &[usize], activation: ActivationSpec) -> Result<NetworkSpec, Failure> {
    match layers {
        [n_inputs, hidden @ .., n_outputs] if !layers.contains(&0) => Ok(NetworkSpec {
            n_inputs: *n_inputs,
            hidden: hidden.to_vec(),
            n_outputs: *n_outputs,
            activation,
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Layer,
            batch_norm: false,
            // Of no effect: the case brings its own weights.
            initializer: Initializer::Zeros,
            gain: 1.0,
            given: None,
        }),
        _ => {
            let text = format!("layers {layers:?}: write inputs, hidden units and outputs, none 0");
            Err(Failure::new(text))
        }
    }
}

/// Plain SGD on a loss, without regularisation.
fn plain_training(loss: Loss) -> TrainingSpec {
    TrainingSpec {
        order: Order::Sequential,
        ..TrainingSpec::plain(loss, Optimizer::Sgd, 0.0, 1)
    }
}
