//! What several tests need: specifications in few words, and a comparison of numbers.

// Each test binary uses a part of it.
#![allow(dead_code)]

use std::collections::BTreeMap;

use actiscope_core::activation::{ActivationSpec, Function, catalogue};
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, Order, PreluSharing, TrainingSpec,
};

pub fn activation(id: &str, params: &[f64]) -> ActivationSpec {
    ActivationSpec {
        function: Function::Catalogue(id.into()),
        params: params.to_vec(),
    }
}

/// Layers as PyTorch's users write them: inputs, hidden units, outputs.
pub fn network(layers: &[usize], activation: ActivationSpec) -> NetworkSpec {
    let [n_inputs, hidden @ .., n_outputs] = layers else {
        panic!("inputs and outputs at least, not {layers:?}");
    };
    NetworkSpec {
        n_inputs: *n_inputs,
        hidden: hidden.to_vec(),
        n_outputs: *n_outputs,
        activation,
        layer_activations: Vec::new(),
        prelu_sharing: PreluSharing::Layer,
        batch_norm: false,
        initializer: Initializer::LecunNormal,
        gain: 1.0,
        given: None,
    }
}

pub fn training(loss: Loss, optimizer: Optimizer, learning_rate: f64) -> TrainingSpec {
    TrainingSpec {
        order: Order::Sequential,
        ..TrainingSpec::plain(loss, optimizer, learning_rate, 16)
    }
}

/// Parameters as the reference files have them, by name. Every function there has one at most.
pub fn in_order(params: &BTreeMap<String, f64>) -> Vec<f64> {
    assert!(
        params.len() <= 1,
        "the order of {params:?} is not in the file"
    );
    params.values().copied().collect()
}

/// |value - expected| <= tolerance (|expected| + floor), where `floor` is the size of what `expected` was
/// subtracted from: 1 for parameters, less for small gradients.
pub fn assert_close(what: &str, value: f64, expected: f64, tolerance: f64, floor: f64) {
    assert!(
        (value - expected).abs() <= tolerance * (expected.abs() + floor),
        "{what}: {value}, not {expected} (difference {:e})",
        value - expected
    );
}

/// Every function of the catalogue with its usual parameters.
pub fn every_function() -> Vec<ActivationSpec> {
    let ids = catalogue().iter().map(|entry| entry.id);
    ids.map(ActivationSpec::new).collect()
}
