//! Gradients and updates against finite differences: every function of the catalogue with every loss and
//! every optimizer, batch normalisation, PReLU's alpha, regularisation, class weights and clipping.
//!
//! Pre-activations are kept away from kinks, where a finite difference is no derivative: parameters are drawn
//! anew until they are.

mod common;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::loss::loss_and_gradient;
use actiscope_core::nn::optimizer::add_regularization;
use actiscope_core::nn::oracle::{Oracle, Statistics};
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec};
use actiscope_core::random::{Random, Stream};
use common::{every_function, network, training};

/// Half the width of a central difference: truncation errs by about h^2, rounding by about 1e-16 / h.
const H: f64 = 1e-5;
/// PyTorch's slope of HardSigmoid, which is ours, is 1/6 rounded to f32: 3e-8 off.
const TOLERANCE: f64 = 1e-7;

/// Where functions of the catalogue have kinks.
const KINKS: [f64; 6] = [-3.0, -1.0, 0.0, 1.0, 3.0, 6.0];
/// Far more than a parameter's change by `H` can move a pre-activation.
const KINK_DISTANCE: f64 = 1e-3;

const N_SAMPLES: usize = 6;

const LOSSES: [Loss; 7] = [
    Loss::Mse,
    Loss::BceLogits,
    Loss::SoftmaxCrossEntropy,
    Loss::Focal {
        gamma: 2.0,
        alpha: 0.25,
    },
    Loss::Huber { delta: 0.4 },
    Loss::SigmoidMse,
    // With several outputs: softmax's share of the true class.
    MANY_FOCAL,
];

const MANY_FOCAL: Loss = Loss::Focal {
    gamma: 1.5,
    alpha: 0.7,
};

/// With a large eps, so that a gradient of nearly 0, which a finite difference gets wrong by a large factor,
/// makes a small update.
const OPTIMIZERS: [Optimizer; 6] = [
    Optimizer::Sgd,
    Optimizer::Momentum { momentum: 0.7 },
    Optimizer::Nesterov { momentum: 0.7 },
    Optimizer::RmsProp {
        alpha: 0.8,
        eps: 1e-2,
    },
    Optimizer::Adam {
        beta1: 0.6,
        beta2: 0.8,
        eps: 1e-2,
    },
    Optimizer::AdamW {
        beta1: 0.6,
        beta2: 0.8,
        eps: 1e-2,
        weight_decay: 0.3,
    },
];

fn spec_of(activation: ActivationSpec, loss: Loss) -> NetworkSpec {
    let n_outputs = match loss {
        Loss::SoftmaxCrossEntropy | MANY_FOCAL => 3,
        _ => 1,
    };
    network(&[2, 4, 3, n_outputs], activation)
}

/// Everything that adds to the objective, at once.
fn training_of(loss: Loss, optimizer: Optimizer) -> TrainingSpec {
    TrainingSpec {
        class_weights: vec![0.5, 2.0, 1.5],
        l1: 0.03,
        l2: 0.2,
        ..training(loss, optimizer, 0.01)
    }
}

/// Random parameters, wide enough to reach every piece of a function.
fn oracle(spec: &NetworkSpec, training: &TrainingSpec, seed: u64) -> Oracle {
    let random = Random::new(seed, Stream::Test, 1);
    let n_params = ParamLayout::new(spec).n_params as u64;
    let params = (0..n_params).map(|i| 1.2 * random.normal(i)).collect();
    Oracle::new(spec.clone(), training.clone(), params).expect("the catalogue has it")
}

/// `x`: `[N_SAMPLES, 2]`; `y`: classes, or numbers for a loss of numbers.
fn samples(loss: Loss, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let random = Random::new(seed, Stream::Test, 2);
    let x = (0..2 * N_SAMPLES as u64)
        .map(|i| 1.5 * random.normal(i))
        .collect();
    let y = (0..N_SAMPLES).map(|i| match loss {
        Loss::Mse | Loss::Huber { .. } => random.uniform_in(100 + i as u64, -1.0, 1.0),
        Loss::SoftmaxCrossEntropy | MANY_FOCAL => (i % 3) as f64,
        Loss::BceLogits | Loss::Focal { .. } => (i % 2) as f64,
        Loss::SigmoidMse | Loss::ReluMse => (i % 2) as f64,
    });
    (x, y.collect())
}

fn is_away_from_kinks(oracle: &Oracle, x: &[f64]) -> bool {
    let passes = oracle.forward(x, Statistics::Batch);
    let hidden = &passes[..passes.len() - 1];
    hidden
        .iter()
        .flat_map(|pass| &pass.z)
        .all(|z| KINKS.iter().all(|kink| (z - kink).abs() > KINK_DISTANCE))
}

/// Loss and regularisation: what training makes small.
fn objective(oracle: &Oracle, x: &[f64], y: &[f64]) -> f64 {
    let training = &oracle.training;
    let passes = oracle.forward(x, Statistics::Batch);
    let outputs = &passes[passes.len() - 1].z;
    let n_outputs = oracle.spec.n_outputs;
    let loss = loss_and_gradient(
        training.loss,
        &training.class_weights,
        n_outputs,
        outputs,
        y,
    )
    .loss;
    let weights = oracle
        .layout
        .layers
        .iter()
        .flat_map(|layer| layer.weights.clone());
    let penalty = |w: f64| training.l1 * w.abs() + 0.5 * training.l2 * w * w;
    loss + weights.map(|i| penalty(oracle.params[i])).sum::<f64>()
}

fn numeric_gradient(oracle: &Oracle, x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut moved = oracle.clone();
    let mut at = |i: usize, value: f64| {
        moved.params[i] = value;
        let objective = objective(&moved, x, y);
        moved.params[i] = oracle.params[i];
        objective
    };
    oracle
        .params
        .iter()
        .enumerate()
        .map(|(i, &w)| (at(i, w + H) - at(i, w - H)) / (2.0 * H))
        .collect()
}

/// dObjective/dparams of the oracle against finite differences, for the first draw away from kinks.
fn check_gradient(spec: &NetworkSpec, training: &TrainingSpec) {
    let (x, y) = samples(training.loss, 1);
    let oracle = (0..100)
        .map(|seed| oracle(spec, training, seed))
        .find(|oracle| is_away_from_kinks(oracle, &x))
        .expect("one of 100 draws is away from kinks");
    let mut gradient = oracle.gradient(&x, &y).params;
    let (l1, l2) = (training.l1, training.l2);
    add_regularization(l1, l2, &oracle.layout, &oracle.params, &mut gradient);
    for (i, (analytic, numeric)) in gradient
        .iter()
        .zip(numeric_gradient(&oracle, &x, &y))
        .enumerate()
    {
        assert!(
            (analytic - numeric).abs() <= TOLERANCE * (1.0 + numeric.abs()),
            "{:?}, {:?}, batch norm {}: parameter {i}: {analytic}, not {numeric}",
            spec.activation,
            training.loss,
            spec.batch_norm,
        );
    }
}

#[test]
fn gradients_of_every_function_and_loss() {
    for activation in every_function() {
        for loss in LOSSES {
            let training = training_of(loss, Optimizer::Sgd);
            for batch_norm in [false, true] {
                let spec = NetworkSpec {
                    batch_norm,
                    ..spec_of(activation.clone(), loss)
                };
                check_gradient(&spec, &training);
                if activation.learns_alpha() {
                    let prelu_sharing = PreluSharing::Unit;
                    check_gradient(
                        &NetworkSpec {
                            prelu_sharing,
                            ..spec
                        },
                        &training,
                    );
                }
            }
        }
    }
}

/// The parameters after the last of `gradients` (each as given to the optimizer), by closed formulas: sums over
/// all gradients so far, where the optimizer itself keeps running values.
fn updated(
    optimizer: Optimizer,
    learning_rate: f64,
    params: &[f64],
    gradients: &[Vec<f64>],
) -> Vec<f64> {
    let t = gradients.len();
    let decayed = |decay: f64, i: usize, power: i32| -> f64 {
        let terms = gradients.iter().enumerate();
        terms
            .map(|(s, g)| decay.powi((t - 1 - s) as i32) * g[i].powi(power))
            .sum()
    };
    let adam = |i: usize, beta1: f64, beta2: f64, eps: f64| {
        let unbiased =
            |beta: f64, power| (1.0 - beta) * decayed(beta, i, power) / (1.0 - beta.powi(t as i32));
        learning_rate * unbiased(beta1, 1) / (unbiased(beta2, 2).sqrt() + eps)
    };
    let updated_one = |(i, &w): (usize, &f64)| {
        let g = gradients[t - 1][i];
        match optimizer {
            Optimizer::Sgd => w - learning_rate * g,
            Optimizer::Momentum { momentum } => w - learning_rate * decayed(momentum, i, 1),
            Optimizer::Nesterov { momentum } => {
                w - learning_rate * (g + momentum * decayed(momentum, i, 1))
            }
            Optimizer::RmsProp { alpha, eps } => {
                w - learning_rate * g / (((1.0 - alpha) * decayed(alpha, i, 2)).sqrt() + eps)
            }
            Optimizer::Adam { beta1, beta2, eps } => w - adam(i, beta1, beta2, eps),
            Optimizer::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => w * (1.0 - learning_rate * weight_decay) - adam(i, beta1, beta2, eps),
        }
    };
    params.iter().enumerate().map(updated_one).collect()
}

fn clipped(max_norm: Option<f64>, mut gradient: Vec<f64>) -> Vec<f64> {
    let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    if let Some(max_norm) = max_norm.filter(|&max_norm| norm > max_norm) {
        gradient
            .iter_mut()
            .for_each(|g| *g *= max_norm / (norm + 1e-6));
    }
    gradient
}

/// Three steps from the draw of `seed`, each compared with the closed formula on finite differences. `false`
/// if one of them came near a kink.
fn steps_agree(spec: &NetworkSpec, training: &TrainingSpec, seed: u64) -> bool {
    let (x, y) = samples(training.loss, 1);
    let mut oracle = oracle(spec, training, seed);
    let mut gradients = Vec::new();
    for step in 0..3 {
        if !is_away_from_kinks(&oracle, &x) {
            return false;
        }
        gradients.push(clipped(
            training.clip_norm,
            numeric_gradient(&oracle, &x, &y),
        ));
        let optimizer = training.optimizer;
        let expected = updated(
            optimizer,
            training.learning_rate,
            &oracle.params,
            &gradients,
        );
        let before = oracle.params.clone();
        oracle.step(&x, &y);
        let moved = before
            .iter()
            .zip(&oracle.params)
            .map(|(a, b)| (a - b).abs());
        assert!(
            moved.fold(0.0, f64::max) > 1e-3,
            "an update that could be missed"
        );
        for (i, (value, expected)) in oracle.params.iter().zip(&expected).enumerate() {
            assert!(
                (value - expected).abs() <= TOLERANCE * (1.0 + expected.abs()),
                "{:?}, {:?}, {optimizer:?}, step {step}: parameter {i}: {value}, not {expected}",
                spec.activation,
                training.loss,
            );
        }
    }
    true
}

fn check_steps(spec: &NetworkSpec, training: &TrainingSpec) {
    let is_done = (0..100).any(|seed| steps_agree(spec, training, seed));
    assert!(is_done, "one of 100 draws stays away from kinks");
}

#[test]
fn updates_of_every_function_loss_and_optimizer() {
    for activation in every_function() {
        for loss in LOSSES {
            for optimizer in OPTIMIZERS {
                let training = training_of(loss, optimizer);
                check_steps(&spec_of(activation.clone(), loss), &training);
            }
        }
    }
}

#[test]
fn clipped_updates_of_every_optimizer() {
    for optimizer in OPTIMIZERS {
        for max_norm in [0.5, 1e3] {
            let training = TrainingSpec {
                clip_norm: Some(max_norm),
                ..training_of(Loss::Mse, optimizer)
            };
            check_steps(
                &spec_of(common::activation("tanh", &[]), Loss::Mse),
                &training,
            );
        }
    }
}
