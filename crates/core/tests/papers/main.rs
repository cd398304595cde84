//! Results of papers, reproduced with the project's own initializers, forward pass, training and health.
//! Small trial counts here; the papers' own behind `cargo test -- --ignored`.

#[path = "../common/mod.rs"]
mod common;

mod born_dead;
mod depth;
mod focal;
mod mean_field;
mod selu;
mod trainability;

use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::nn::init::initial_params;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::{Oracle, Statistics};
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer};
use actiscope_core::random::{Random, Stream};

pub fn assert_within(what: &str, value: f64, low: f64, high: f64) {
    assert!(
        (low..=high).contains(&value),
        "{what}: {value} is not in {low}..={high}"
    );
}

/// An oracle at its initial parameters; loss and optimizer matter only where it is trained.
pub fn oracle(spec: NetworkSpec, seed: u64) -> Oracle {
    let params = initial_params(&spec, &ParamLayout::new(&spec), seed);
    let training = common::training(Loss::Mse, Optimizer::Sgd, 0.0);
    Oracle::new(spec, training, params).expect("the catalogue has it")
}

pub fn resolve(spec: ActivationSpec) -> Activation {
    Activation::resolve(&spec).expect("the catalogue has it")
}

/// `n` standard normal numbers.
pub fn normal(n: usize, seed: u64) -> Vec<f64> {
    let random = Random::new(seed, Stream::Test, 0);
    (0..n as u64).map(|i| random.normal(i)).collect()
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64
}

pub fn std(values: &[f64]) -> f64 {
    libm::sqrt(mean_square(values) - mean(values) * mean(values))
}

/// Activations of each hidden layer for `x`, `[n_hidden][n, n_units]`.
pub fn activations(oracle: &Oracle, x: &[f64]) -> Vec<Vec<f64>> {
    let passes = oracle.forward(x, Statistics::Batch);
    passes.into_iter().skip(1).map(|pass| pass.input).collect()
}
