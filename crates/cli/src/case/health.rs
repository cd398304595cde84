//! A case of `health.json`.

use std::collections::BTreeMap;
use std::path::Path;

use actiscope_core::activation::Function;
use actiscope_core::nn::spec::{Loss, NetworkSpec, TrainingSpec};
use serde::Deserialize;

use super::params::Alpha;
use super::{Params, Samples, Target, network, plain_training};
use crate::failure::Failure;
use crate::function::specify;
use crate::input::read_json;

/// A network with its weights and the samples on which its health is judged.
pub struct HealthCase {
    pub network: NetworkSpec,
    pub training: TrainingSpec,
    pub samples: Samples,
    /// `[n_params]`, in the order of the layout.
    pub params: Vec<f64>,
}

#[derive(Deserialize)]
struct File {
    activation: String,
    #[serde(default)]
    params: BTreeMap<String, f64>,
    layers: Vec<usize>,
    weights: Vec<Vec<Vec<f64>>>,
    biases: Vec<Vec<f64>>,
    x: Vec<Vec<f64>>,
    y: Vec<Target>,
    loss: String,
    output_activation: String,
}

impl HealthCase {
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let file: File = read_json(path)?;
        file.check().map_err(|failure| failure.at(path.display()))
    }
}

impl File {
    fn check(self) -> Result<HealthCase, Failure> {
        if (&*self.loss, &*self.output_activation) != ("mse", "identity") {
            let text = format!(
                "loss '{}' on output activation '{}': only 'mse' on 'identity' is known here",
                self.loss, self.output_activation,
            );
            return Err(Failure::new(text));
        }
        let values = self.params.iter().map(|(name, &value)| (&**name, value));
        let activation = specify(Function::Catalogue(self.activation.clone()), values)?;
        let network = network(&self.layers, activation)?;
        let samples = Samples::new(&self.x, &self.y, &network, Loss::Mse)?;
        let params = Params {
            weights: self.weights,
            biases: self.biases,
            batchnorm: Vec::new(),
            prelu_alpha: match network.activation.params[..] {
                [alpha] if network.activation.learns_alpha() => {
                    network.hidden.iter().map(|_| Alpha::Layer(alpha)).collect()
                }
                _ => Vec::new(),
            },
        };
        Ok(HealthCase {
            params: params.flat(&network)?.0,
            network,
            training: plain_training(Loss::Mse),
            samples,
        })
    }
}
