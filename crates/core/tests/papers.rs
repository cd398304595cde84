//! Results of papers, reproduced with the project's own initializers, forward pass, training and health.
//! Small trial counts here; the papers' own behind `cargo test -- --ignored`.

mod common;

use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::health::mean_field::{
    critical_weight_variance, gaussian_mean, mean_field, next_variance,
};
use actiscope_core::health::{HealthTracker, LayerStats, What};
use actiscope_core::nn::init::{initial_params, layer_weights};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::loss::loss_and_gradient;
use actiscope_core::nn::oracle::{Oracle, Statistics};
use actiscope_core::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer};
use actiscope_core::random::{Random, Stream};
use common::{activation, network, training};

fn assert_within(what: &str, value: f64, low: f64, high: f64) {
    assert!(
        (low..=high).contains(&value),
        "{what}: {value} is not in {low}..={high}"
    );
}

/// An oracle at its initial parameters; loss and optimizer matter only where it is trained.
fn oracle(spec: NetworkSpec, seed: u64) -> Oracle {
    let params = initial_params(&spec, &ParamLayout::new(&spec), seed);
    let training = training(Loss::Mse, Optimizer::Sgd, 0.0);
    Oracle::new(spec, training, params).expect("the catalogue has it")
}

fn resolve(spec: ActivationSpec) -> Activation {
    Activation::resolve(&spec).expect("the catalogue has it")
}

/// `n` standard normal numbers.
fn normal(n: usize, seed: u64) -> Vec<f64> {
    let random = Random::new(seed, Stream::Test, 0);
    (0..n as u64).map(|i| random.normal(i)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64
}

fn std(values: &[f64]) -> f64 {
    libm::sqrt(mean_square(values) - mean(values) * mean(values))
}

/// Activations of each hidden layer for `x`, `[n_hidden][n, n_units]`.
fn activations(oracle: &Oracle, x: &[f64]) -> Vec<Vec<f64>> {
    let passes = oracle.forward(x, Statistics::Batch);
    passes.into_iter().skip(1).map(|pass| pass.input).collect()
}

// Lu, Shin, Su, Karniadakis 2019, "Dying ReLU and Initialization", arXiv 1903.06733.

/// Lower and upper bound of the probability that a ReLU network of `n_layers` layers (the output's among
/// them) of width `n` is born dead.
fn born_dead_bounds(n: f64, n_layers: f64) -> (f64, f64) {
    let two_to_minus_n = libm::exp2(-n);
    let a1 = 1.0 - two_to_minus_n;
    let a2 = 1.0 - 2.0 * two_to_minus_n - (n - 1.0) * two_to_minus_n * two_to_minus_n;
    let share =
        (1.0 - 2.0 * two_to_minus_n) * (1.0 - two_to_minus_n) / (1.0 + (n - 1.0) * two_to_minus_n);
    let power = n_layers - 2.0;
    let lower = 1.0 - libm::pow(a1, power) + share * (libm::pow(a2, power) - libm::pow(a1, power));
    (lower, 1.0 - libm::pow(a1, n_layers - 1.0))
}

/// The whole chain: initializer, forward pass, slopes, verdicts, the event. Without biases the network is
/// positively homogeneous, so one input on either side of 0 stands for all.
fn born_dead_share(n: usize, n_trials: u64) -> f64 {
    let layers = [&[1][..], &[n; 9], &[1]].concat();
    let spec = NetworkSpec {
        initializer: Initializer::HeNormal,
        ..network(&layers, activation("relu", &[]))
    };
    let mut oracle = oracle(spec, 0);
    let n_born_dead = (0..n_trials)
        .filter(|&seed| {
            oracle.params = initial_params(&oracle.spec, &oracle.layout, seed);
            let probe = oracle.probe(&[-1.0, 1.0], &[0.0, 0.0]);
            let verdicts = probe.layers.iter().map(LayerStats::verdicts).collect();
            let (_, events) = HealthTracker::begin(verdicts);
            let is_born_dead = events
                .iter()
                .any(|event| matches!(event.what, What::BornDead { .. }));
            let output_is_constant = probe.outputs == [0.0, 0.0];
            assert_eq!(is_born_dead, output_is_constant, "width {n}, seed {seed}");
            is_born_dead
        })
        .count();
    n_born_dead as f64 / n_trials as f64
}

fn check_born_dead(n: usize, n_trials: u64, measured: f64, measured_band: f64) {
    let share = born_dead_share(n, n_trials);
    let band = 3.0 * libm::sqrt(measured * (1.0 - measured) / n_trials as f64);
    let what = format!("born dead, width {n}, {n_trials} trials");
    let near = band + measured_band;
    assert_within(&what, share, measured - near, measured + near);
    let (lower, upper) = born_dead_bounds(n as f64, 10.0);
    assert_within(&what, share, lower - band, upper + band);
}

#[test]
fn born_dead_bounds_are_the_papers() {
    let check = |n, expected_lower: f64, expected_upper: f64, digit: f64| {
        let (lower, upper) = born_dead_bounds(n, 10.0);
        assert_within(
            "lower bound",
            lower,
            expected_lower - digit,
            expected_lower + digit,
        );
        assert_within(
            "upper bound",
            upper,
            expected_upper - digit,
            expected_upper + digit,
        );
    };
    check(2.0, 0.870, 0.925, 5e-4);
    check(4.0, 0.204, 0.441, 5e-4);
    check(10.0, 0.00008, 0.0088, 5e-5);
}

#[test]
fn narrow_deep_relu_networks_are_born_dead() {
    check_born_dead(2, 20_000, 0.8795, 0.002);
    check_born_dead(4, 20_000, 0.296, 0.003);
    check_born_dead(10, 20_000, 0.0013, 0.0002);
}

#[test]
#[ignore = "400,000 trials take minutes"]
fn narrow_deep_relu_networks_are_born_dead_400_000_trials() {
    check_born_dead(2, 400_000, 0.8795, 0.002);
    check_born_dead(4, 400_000, 0.296, 0.003);
    check_born_dead(10, 400_000, 0.0013, 0.0002);
}

// Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".

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

// He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers", arXiv 1502.01852.

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

// Klambauer et al. 2017, "Self-Normalizing Neural Networks", arXiv 1706.02515.

#[test]
fn selu_has_its_fixed_point_at_mean_0_and_variance_1() {
    let selu = resolve(activation("selu", &[]));
    let f = |z| selu.f(z);
    assert_within("mean", gaussian_mean(f), -1e-5, 1e-5);
    assert_within(
        "variance",
        next_variance(f, 1.0, 0.0, 1.0),
        1.0 - 1e-5,
        1.0 + 1e-5,
    );
    // Attracting: a step away is smaller a layer later.
    for q in [0.8, 0.9, 1.1, 1.25] {
        let next = next_variance(f, 1.0, 0.0, q);
        assert_within(
            &format!("pull from {q}"),
            (next - 1.0) / (q - 1.0),
            0.0,
            0.9,
        );
    }
}

#[test]
fn selu_networks_normalize_themselves() {
    let n = 256;
    for (input_mean, input_std) in [(0.0, 1.0), (0.3, 0.7), (-0.3, 1.3)] {
        let spec = NetworkSpec {
            initializer: Initializer::LecunNormal,
            ..network(&[n; 18], activation("selu", &[]))
        };
        let x: Vec<f64> = normal(40 * n, 7)
            .into_iter()
            .map(|x| input_mean + input_std * x)
            .collect();
        let of_layers = activations(&oracle(spec, 8), &x);
        let last = &of_layers[of_layers.len() - 1];
        assert_within("mean of the last layer", mean(last), -0.1, 0.1);
        assert_within("variance of the last layer", mean_square(last), 0.8, 1.2);
    }
}

// Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017, arXiv 1611.01232.

#[test]
fn tanh_has_its_edge_of_chaos_where_the_papers_say() {
    let tanh = resolve(activation("tanh", &[]));
    let check = |sb2, expected: f64| {
        let critical = critical_weight_variance(|z| tanh.f(z), |z| tanh.slope(z), sb2, 1.0, 3.0)
            .expect("chi1 crosses 1 between weight variances 1 and 3");
        assert_within(
            "critical weight variance",
            critical,
            expected - 5e-4,
            expected + 5e-4,
        );
    };
    check(0.01, 1.424);
    check(0.05, 1.761);
}

#[test]
fn relu_has_its_edge_of_chaos_at_weight_variance_2() {
    let relu = resolve(activation("relu", &[]));
    let at = mean_field(|z| relu.f(z), |z| relu.slope(z), 2.0, 0.0)
        .expect("any variance is a fixed point");
    assert_within("chi1", at.chi1, 1.0 - 1e-12, 1.0 + 1e-12);
    assert_within("q*", at.q, 1.0 - 1e-3, 1.0 + 1e-3);
    assert_eq!(mean_field(|z| relu.f(z), |z| relu.slope(z), 2.1, 0.0), None);
}

// Lin et al. 2017, "Focal Loss for Dense Object Detection", arXiv 1708.02002.

#[test]
fn focal_loss_plays_down_what_is_well_classified() {
    let logit = libm::log(0.9 / 0.1);
    let of = |loss| loss_and_gradient(loss, &[], 1, &[logit], &[1.0]).loss;
    // alpha = 1 weighs a positive sample as no alpha does.
    let focal = of(Loss::Focal {
        gamma: 2.0,
        alpha: 1.0,
    });
    assert_within("focal loss at p = 0.9", focal, 0.001_053_55, 0.001_053_65);
    assert_within(
        "cross-entropy at p = 0.9",
        of(Loss::BceLogits),
        0.105_355,
        0.105_365,
    );
}

// Sohl-Dickstein 2024, "The boundary of neural network trainability is fractal", arXiv 2402.06184.

/// The paper's network and data: 16 inputs, 16 tanh units, one output, no biases, as many samples as weights
/// (or fewer, for speed), all numbers standard normal, mean squared error, full batch.
struct TrainabilityMap {
    oracle: Oracle,
    x: Vec<f64>,
    y: Vec<f64>,
    n_steps: usize,
}

impl TrainabilityMap {
    const WIDTH: usize = 16;

    fn new(n_samples: usize, n_steps: usize) -> Self {
        let n = Self::WIDTH;
        let spec = network(&[n, n, 1], activation("tanh", &[]));
        let mut oracle = oracle(spec, 9);
        // y = W1 tanh(sqrt(2 / n) W0 x) / sqrt(n): He's scale below, LeCun's above.
        let random = Random::new(9, Stream::Test, 1);
        let first = layer_weights(Initializer::HeNormal, 1.0, n, n, &random);
        oracle.params[oracle.layout.layers[0].weights.clone()].copy_from_slice(&first);
        Self {
            oracle,
            x: normal(n_samples * n, 10),
            y: normal(n_samples, 11),
            n_steps,
        }
    }

    /// True if the mean of the last 20 losses is under the first. The learning rates are of N(0, 1) weights
    /// W0 and W1; those of the scaled weights that the network holds are 2 / n and 1 / n times as large.
    fn converges(&self, learning_rates: [f64; 2]) -> bool {
        let mut oracle = self.oracle.clone();
        let n = Self::WIDTH as f64;
        let scaled = [learning_rates[0] * 2.0 / n, learning_rates[1] / n];
        let mut losses = Vec::with_capacity(self.n_steps);
        for _ in 0..self.n_steps {
            let gradient = oracle.gradient(&self.x, &self.y);
            if !gradient.loss.is_finite() {
                return false;
            }
            losses.push(gradient.loss);
            for (layer, learning_rate) in self.oracle.layout.layers.iter().zip(scaled) {
                for i in layer.weights.clone() {
                    oracle.params[i] -= learning_rate * gradient.params[i];
                }
            }
        }
        mean(&losses[self.n_steps - 20..]) < losses[0]
    }

    /// `n` points on a line of constant second learning rate, `first` and `second` as exponents of 10.
    fn line(&self, first: [f64; 2], second: f64, n: usize) -> Vec<bool> {
        (0..n)
            .map(|i| {
                let exponent = first[0] + (first[1] - first[0]) * i as f64 / (n - 1) as f64;
                self.converges([libm::exp10(exponent), libm::exp10(second)])
            })
            .collect()
    }
}

fn n_transitions(line: &[bool]) -> usize {
    line.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[test]
fn small_learning_rates_converge_and_large_ones_diverge() {
    let map = TrainabilityMap::new(32, 100);
    let count = |first, second| {
        let line = map.line(first, second, 10);
        line.iter().filter(|&&converges| converges).count()
    };
    for small in [-3.0, -1.5, 0.0] {
        assert_eq!(
            count([-3.0, 0.0], small),
            10,
            "second learning rate 10^{small}"
        );
    }
    for large in [2.0, 4.0, 6.0] {
        assert_eq!(
            count([-3.0, 6.0], large),
            0,
            "second learning rate 10^{large}"
        );
    }
    let n_between = count([-3.0, 6.0], 1.0);
    assert!(
        n_between > 0 && n_between < 10,
        "{n_between} of 10 converge at 10^1"
    );
}

/// A smooth border is crossed once by a short line. Here the most mixed tenth of a line is, ten times enlarged,
/// mixed again, and again.
#[test]
fn the_border_of_trainability_is_mixed_at_every_scale() {
    let map = TrainabilityMap::new(32, 100);
    let n = 150;
    let mut first = [1.5, 4.5];
    for enlargement in 0..5 {
        let line = map.line(first, 0.6, n);
        let n_mixed = n_transitions(&line);
        assert!(
            n_mixed >= 5,
            "{n_mixed} crossings at {first:?}, enlarged 10^{enlargement} times"
        );
        let most_mixed = (0..n - n / 10).max_by_key(|&i| n_transitions(&line[i..=i + n / 10]));
        let start = most_mixed.map_or(0.0, |i| i as f64 / (n - 1) as f64);
        let width = first[1] - first[0];
        first = [first[0] + start * width, first[0] + (start + 0.1) * width];
    }
}

/// Box counting: the number of cells that the border crosses grows as (1 / cell size)^dimension. A smooth line has
/// the dimension 1; the paper finds 1.17 to 1.98 in its experiments.
#[test]
#[ignore = "65,536 runs of 200 steps take ten minutes"]
fn the_border_of_trainability_has_a_fractal_dimension() {
    let map = TrainabilityMap::new(64, 200);
    let n = 256;
    let rows: Vec<Vec<bool>> = (0..n)
        .map(|j| map.line([1.5, 4.5], 0.2 + 0.8 * j as f64 / (n - 1) as f64, n))
        .collect();
    let n_border_cells = |size: usize| {
        let is_mixed = |cell: usize| {
            let (top, left) = (cell / (n / size) * size, cell % (n / size) * size);
            let mut values = rows[top..top + size]
                .iter()
                .flat_map(|row| &row[left..left + size]);
            values.clone().any(|&c| c) && !values.all(|&c| c)
        };
        (0..(n / size) * (n / size))
            .filter(|&cell| is_mixed(cell))
            .count() as f64
    };
    let dimension = libm::log(n_border_cells(2) / n_border_cells(32)) / libm::log(16.0);
    assert_within("dimension of the border", dimension, 1.15, 1.99);
}
