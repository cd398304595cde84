//! What depth does to a signal, by initializer: Glorot and Bengio 2010, "Understanding the difficulty of training
//! deep feedforward neural networks"; He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers", arXiv 1502.01852.

use actiscope_core::nn::oracle::{Oracle, Statistics};
use actiscope_core::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer};

use crate::common::{activation, network, training};
use crate::{activations, assert_within, mean, mean_square, normal, oracle, std};

/// U(-1 / sqrt n, 1 / sqrt n), n Var(W) = 1/3.
fn standard_initializer(n: usize) -> Initializer {
    Initializer::Uniform {
        a: 1.0 / libm::sqrt(n as f64),
    }
}

#[test]
fn glorot_initializers_have_the_papers_variances() {
    let n = 1000;
    assert_within(
        "n Var(W)",
        n as f64 * standard_initializer(n).variance(n, n),
        0.333333,
        0.333334,
    );
    let bound = libm::sqrt(6.0 / 1500.0);
    let variance = Initializer::GlorotUniform.variance(1000, 500);
    assert_within(
        "normalized",
        variance / (bound * bound / 3.0),
        1.0 - 1e-12,
        1.0 + 1e-12,
    );
}

#[test]
fn tanh_activations_shrink_with_depth() {
    let n = 1000;
    let spec = NetworkSpec {
        initializer: standard_initializer(n),
        ..network(&[n, n, n, n, n, n, 1], activation("tanh", &[]))
    };
    let of_layers = activations(&oracle(spec, 1), &normal(10 * n, 2));
    // 10,000 activations a layer, of samples that share the weights: 2 % is over three standard errors.
    for (l, (values, expected)) in of_layers
        .iter()
        .zip([0.46, 0.25, 0.14, 0.081, 0.047])
        .enumerate()
    {
        let what = format!("deviation of layer {}", l + 1);
        assert_within(&what, std(values), 0.97 * expected, 1.03 * expected);
    }
}

/// Ten classes (the largest of ten inputs), four sigmoid layers, the standard initializer: early in training
/// the last hidden layer is pushed to 0, its lower end, and no other is.
#[test]
fn the_top_sigmoid_layer_saturates_early_in_training() {
    let (n_inputs, n_units, n_classes, batch_size) = (20, 100, 10, 10);
    let layers = [&[n_inputs][..], &[n_units; 4], &[n_classes]].concat();
    let spec = NetworkSpec {
        initializer: standard_initializer(n_units),
        ..network(&layers, activation("sigmoid", &[]))
    };
    let mut oracle = oracle(spec, 3);
    oracle.training = training(Loss::SoftmaxCrossEntropy, Optimizer::Sgd, 0.3);
    let x_probe = normal(100 * n_inputs, 4);
    let means_of_layers = |oracle: &Oracle| -> Vec<f64> {
        let of_layers = activations(oracle, &x_probe);
        of_layers.iter().map(|a| mean(a)).collect()
    };

    for mean in means_of_layers(&oracle) {
        assert_within("mean activation at the start", mean, 0.45, 0.55);
    }
    for step in 0..1000 {
        let x = normal(batch_size * n_inputs, 100 + step);
        let y: Vec<f64> = x
            .chunks_exact(n_inputs)
            .map(|x| largest_of(&x[..n_classes]))
            .collect();
        oracle.step(&x, &y);
    }
    let means = means_of_layers(&oracle);
    assert_within("mean activation of the top layer", means[3], 0.0, 0.1);
    for &mean in &means[..3] {
        assert_within("mean activation below the top", mean, 0.45, 0.75);
    }
}

fn largest_of(values: &[f64]) -> f64 {
    let largest = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]));
    largest.map_or(0.0, |index| index as f64)
}

/// Mean square of the pre-activations of each layer of a square ReLU network, 30 layers after the first.
fn relu_mean_squares(initializer: Initializer, n: usize, seed: u64) -> Vec<f64> {
    let spec = NetworkSpec {
        initializer,
        ..network(&[n; 32], activation("relu", &[]))
    };
    let passes = oracle(spec, seed).forward(&normal(4 * n, seed), Statistics::Batch);
    passes.iter().map(|pass| mean_square(&pass.z)).collect()
}

#[test]
fn he_keeps_the_variance_of_relu_layers_and_glorot_halves_it() {
    let check = |initializer, expected: f64| {
        let squares = relu_mean_squares(initializer, 256, 5);
        let ratios: Vec<f64> = squares.windows(2).map(|pair| pair[1] / pair[0]).collect();
        // A layer's ratio has the relative standard error sqrt(5 / 256) for one sample; over 30 layers 2.6 %.
        let what = format!("{initializer:?}: variance ratio of a layer");
        assert_within(&what, mean(&ratios), 0.92 * expected, 1.08 * expected);
    };
    check(Initializer::HeNormal, 1.0);
    check(Initializer::GlorotNormal, 0.5);
}

/// Against He's on the same random numbers, so that the luck of the draw cancels.
#[test]
fn glorot_shrinks_30_relu_layers() {
    let growth = |initializer| {
        let squares = relu_mean_squares(initializer, 32, 6);
        libm::sqrt(squares[30] / squares[0])
    };
    let shrink = growth(Initializer::GlorotNormal) / growth(Initializer::HeNormal);
    assert_within("shrink factor of 30 layers", shrink, 3.045e-5, 3.055e-5);
}
