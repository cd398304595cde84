//! What several tests need: specifications in few words, data, lanes, and a comparison of numbers.

// Each test binary uses a part of it.
#![allow(dead_code)]

use actiscope_core::activation::{ActivationSpec, Function, catalogue};
use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec,
};
use actiscope_core::random::{Random, Stream};
use actiscope_engine::cpu::LaneState;

pub mod cases;
pub mod engine;
pub mod looks;
pub mod reference;

pub fn activation(id: &str, params: &[f64]) -> ActivationSpec {
    ActivationSpec {
        function: Function::Catalogue(id.into()),
        params: params.to_vec(),
    }
}

/// Every function of the catalogue with its usual parameters.
pub fn every_function() -> Vec<ActivationSpec> {
    let ids = catalogue().iter().map(|entry| entry.id);
    ids.map(ActivationSpec::new).collect()
}

/// Inputs, hidden units, outputs.
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
        initializer: Initializer::HeNormal,
        gain: 1.0,
        given: None,
    }
}

pub fn training(loss: Loss, optimizer: Optimizer, learning_rate: f64) -> TrainingSpec {
    TrainingSpec::plain(loss, optimizer, learning_rate, 16)
}

pub const LOSSES: [Loss; 5] = [
    Loss::Mse,
    Loss::BceLogits,
    Loss::SoftmaxCrossEntropy,
    Loss::Focal {
        gamma: 2.0,
        alpha: 0.25,
    },
    Loss::Huber { delta: 0.4 },
];

pub const OPTIMIZERS: [Optimizer; 6] = [
    Optimizer::Sgd,
    Optimizer::MOMENTUM,
    Optimizer::NESTEROV,
    Optimizer::RMSPROP,
    Optimizer::ADAM,
    Optimizer::ADAMW,
];

/// Inputs uniform on (-1, 1); classes or numbers by the sum of the inputs.
pub fn dataset(n_inputs: usize, n_train: usize, target: TargetKind) -> Dataset {
    let random = Random::new(5, Stream::Test, 0);
    let x: Vec<f32> = (0..(n_inputs * n_train) as u64)
        .map(|i| random.uniform_in(i, -1.0, 1.0) as f32)
        .collect();
    let y_of = |x: &[f32]| {
        let sum: f32 = x.iter().sum();
        match target {
            TargetKind::Number => sum * sum - 0.5,
            TargetKind::Class { n_classes } => {
                let share = (0.5 * (sum / n_inputs as f32 + 1.0)).clamp(0.0, 0.999);
                (share * n_classes as f32).floor()
            }
        }
    };
    Dataset {
        n_inputs,
        target,
        y_train: x.chunks_exact(n_inputs).map(y_of).collect(),
        x_train: x,
        x_test: Vec::new(),
        y_test: Vec::new(),
        x_validation: Vec::new(),
        y_validation: Vec::new(),
        input_scale: Vec::new(),
        target_scale: None,
        input_names: (1..=n_inputs).map(|i| format!("x{i}")).collect(),
        class_names: Vec::new(),
    }
}

pub fn to_f64(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// |value - expected| <= tolerance (|expected| + floor), where `floor` is the size of what `expected`
/// was summed from.
pub fn assert_close(what: &str, value: f64, expected: f64, tolerance: f64, floor: f64) {
    assert!(
        (value - expected).abs() <= tolerance * (expected.abs() + floor),
        "{what}: {value}, not {expected} (difference {:e})",
        value - expected
    );
}

/// Bits of every number of a state, NaNs made equal.
pub fn bits(state: &LaneState) -> Vec<u32> {
    let arrays = [&state.params, &state.first, &state.second, &state.running];
    arrays.into_iter().flatten().map(|v| bits_of(*v)).collect()
}

/// Bits of a number; every NaN is one.
pub fn bits_of(value: f32) -> u32 {
    if value.is_nan() {
        f32::NAN.to_bits()
    } else {
        value.to_bits()
    }
}
