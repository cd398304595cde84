//! A network that came from elsewhere, as far as a file tells of it, and what had to be folded or assumed on the way.

mod assemble;
mod from_safetensors;
mod to_safetensors;
pub mod told;

use crate::activation::Activation;
use crate::classify::Squash;
use crate::interop::{Meaning, Model, ModelError};
use crate::nn::layout::ParamLayout;
use crate::nn::spec::NetworkSpec;

pub use assemble::{Ends, IncomingError, Part, PartNorm, assemble};
pub use from_safetensors::{TensorsError, from_safetensors};
pub use to_safetensors::safetensors_of;

/// A network with its parameters, within the limits of what is trained here.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    pub network: NetworkSpec,
    /// In the order of the network's [`ParamLayout`].
    pub params: Vec<f32>,
    pub running: Vec<f32>,
    /// `[n_inputs]`, or empty where the file has none.
    pub input_names: Vec<String>,
    /// `[n_inputs]`, mean and deviation; empty where inputs are taken as they are.
    pub input_scale: Vec<[f32; 2]>,
    /// By what outputs are multiplied, and what is added then: deviation last, as `[mean, deviation]`.
    pub target_scale: Option<[f32; 2]>,
    /// `[n_classes]`, or empty where the file has none.
    pub class_names: Vec<String>,
    /// What is made of outputs for classes; `None` where they are numbers, or where the file does not tell.
    pub squash: Option<Squash>,
    /// Of two classes with one output: the probability over which it is the second.
    pub threshold: f64,
    /// What was folded, left out or assumed, a sentence each.
    pub notes: Vec<String>,
}

impl Incoming {
    /// The network as it is handed over: classes where something is made of the outputs, numbers else.
    ///
    /// # Errors
    /// If a function has parameters out of range.
    pub fn into_model(self) -> Result<Model, ModelError> {
        let layout = ParamLayout::new(&self.network);
        let layers = 0..self.network.hidden.len();
        let activations = layers.map(|l| Activation::resolve(self.network.activation_of(l)));
        let activations = activations.collect::<Result<_, _>>()?;
        let meaning = match self.squash {
            Some(_) => Meaning::Class {
                names: or_numbered(self.class_names, self.network.n_outputs.max(2), ""),
                threshold: self.threshold,
            },
            None => Meaning::Number {
                scale: self.target_scale,
            },
        };
        Ok(Model {
            input_names: or_numbered(self.input_names, self.network.n_inputs, "x"),
            squash: self.squash.unwrap_or(Squash::Plain),
            layout,
            activations,
            params: self.params,
            running: self.running,
            meaning,
            input_scale: self.input_scale,
            network: self.network,
        })
    }
}

/// Names as they are; numbered ones where they are not `n`: classes from 0, inputs from 1.
fn or_numbered(names: Vec<String>, n: usize, prefix: &str) -> Vec<String> {
    if names.len() == n {
        return names;
    }
    let first = usize::from(!prefix.is_empty());
    (first..first + n).map(|i| format!("{prefix}{i}")).collect()
}

#[cfg(test)]
mod tests;
