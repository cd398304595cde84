//! Sohl-Dickstein 2024, "The boundary of neural network trainability is fractal", arXiv 2402.06184.

use actiscope_core::nn::init::layer_weights;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::spec::Initializer;
use actiscope_core::random::{Random, Stream};

use crate::common::{activation, network};
use crate::{assert_within, mean, normal, oracle};

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
