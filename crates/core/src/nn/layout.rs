//! Where each parameter of a network lies in one flat array. The oracle, the SIMD engine, the GPU
//! and checkpoints share it.

use std::ops::Range;

use super::spec::{NetworkSpec, PreluSharing, TrainingSpec};

/// Parameters of one layer: ranges of the flat array. Hidden layers first, the output layer last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerLayout {
    pub n_in: usize,
    pub n_out: usize,
    /// `[n_out, n_in]`, row-major.
    pub weights: Range<usize>,
    /// `[n_out]`.
    pub biases: Range<usize>,
    /// `[n_out]`, scale of batch normalisation; empty without it and for the output layer.
    pub gamma: Range<usize>,
    /// `[n_out]`, shift of batch normalisation; empty without it and for the output layer.
    pub beta: Range<usize>,
    /// `[1]` or `[n_out]`, PReLU's learned alpha; empty for other activations and for the output layer.
    pub alpha: Range<usize>,
    /// `[2, n_out]` in a separate array of running statistics: means, then variances; empty
    /// without batch normalisation.
    pub running: Range<usize>,
}

impl LayerLayout {
    /// Where a unit's own parameters are: weights, bias, and scale and shift where it is normalised. What it
    /// shares with others, an alpha of its layer, is not its own.
    pub fn of_unit(&self, unit: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.weights.start + unit * self.n_in;
        let single = [&self.biases, &self.gamma, &self.beta];
        let single = single.map(|range| range.clone().nth(unit));
        (first..first + self.n_in).chain(single.into_iter().flatten())
    }
}

/// Layers of a network in the order of the forward pass; within a layer weights, biases, gamma,
/// beta, alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamLayout {
    pub layers: Vec<LayerLayout>,
    /// Length of the flat parameter array.
    pub n_params: usize,
    /// Length of the array of running statistics.
    pub n_running: usize,
}

impl ParamLayout {
    /// Parameters that move at one learning rate, which the schedule then multiplies: all of them, or those of a layer each where one has a rate of its
    /// own. Together they are `0..n_params`.
    pub fn rates(&self, training: &TrainingSpec) -> Vec<(Range<usize>, f64)> {
        if training.layer_rates.iter().all(Option::is_none) {
            return vec![(0..self.n_params, training.learning_rate)];
        }
        let starts = self.layers.iter().map(|layer| layer.weights.start);
        let ends = starts.clone().skip(1).chain([self.n_params]);
        let ranges = starts.zip(ends).enumerate();
        ranges
            .map(|(l, (start, end))| (start..end, training.rate_of(l)))
            .collect()
    }
}

impl ParamLayout {
    pub fn new(spec: &NetworkSpec) -> Self {
        let (mut n_params, mut n_running) = (0, 0);
        let mut take = |n: usize| {
            n_params += n;
            n_params - n..n_params
        };
        let mut layers = Vec::with_capacity(spec.hidden.len() + 1);
        let mut n_in = spec.n_inputs;
        for (l, &n_out) in spec.hidden.iter().chain([&spec.n_outputs]).enumerate() {
            let is_hidden = l < spec.hidden.len();
            let n_norm = if is_hidden && spec.batch_norm {
                n_out
            } else {
                0
            };
            let n_alpha = match spec.prelu_sharing {
                _ if !is_hidden || !spec.activation_of(l).learns_alpha() => 0,
                PreluSharing::Layer => 1,
                PreluSharing::Unit => n_out,
            };
            layers.push(LayerLayout {
                n_in,
                n_out,
                weights: take(n_out * n_in),
                biases: take(n_out),
                gamma: take(n_norm),
                beta: take(n_norm),
                alpha: take(n_alpha),
                running: n_running..n_running + 2 * n_norm,
            });
            n_running += 2 * n_norm;
            n_in = n_out;
        }
        Self {
            layers,
            n_params,
            n_running,
        }
    }

    /// The hidden layers.
    pub fn hidden(&self) -> &[LayerLayout] {
        &self.layers[..self.layers.len() - 1]
    }
}
