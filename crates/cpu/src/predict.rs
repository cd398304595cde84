//! Predictions for any number of samples, with the statistics gathered while training: the test set,
//! the decision field, the response maps of units.

use fearless_simd::{Level, dispatch};

use actiscope_core::data::Dataset;
use actiscope_core::nn::spec::NetworkSpec;

use super::batch::{Batch, gather};
use super::forward::{Statistics, forward};
use super::lane::Lane;
use super::linear::LANES;
use super::loss::{LossRule, loss_and_gradient};
use super::scratch::Scratch;

/// Samples that are run at once.
const BLOCK_COLS: usize = 256;

/// Memory to run a lane on samples that it does not learn from.
#[derive(Clone, Debug)]
pub struct Predictor {
    level: Level,
    scratch: Scratch,
    x: Vec<f32>,
    y: Vec<f32>,
}

/// Samples in columns, padded to whole vectors; see [`super::batch`].
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pub n: usize,
    /// `[n_inputs, n_cols]`.
    pub x: Vec<f32>,
    /// `[n_cols]`; not read where only outputs are asked for.
    pub y: Vec<f32>,
}

impl Samples {
    /// Zeros, to be filled.
    pub fn new(n_inputs: usize, n: usize) -> Self {
        let n_cols = n.next_multiple_of(LANES);
        Self {
            n,
            x: vec![0.0; n_inputs * n_cols],
            y: vec![0.0; n_cols],
        }
    }

    /// The test set of these data, which may be empty.
    pub fn of_test(data: &Dataset) -> Self {
        Self::of(data.n_inputs, &data.x_test, &data.y_test)
    }

    /// Samples that stand one after the other: `x` is `[n, n_inputs]`, `y` is `[n]`.
    pub fn of(n_inputs: usize, x: &[f32], y: &[f32]) -> Self {
        let mut samples = Self::new(n_inputs, y.len());
        if samples.n > 0 {
            gather(0..y.len(), n_inputs, x, y, &mut samples.x, &mut samples.y);
        }
        samples
    }

    /// The first `n` of each of some rows of `[n_cols]`, and the targets.
    pub fn rows<'a>(&'a self, outputs: &'a [f32]) -> (Vec<&'a [f32]>, &'a [f32]) {
        let rows = outputs.chunks_exact(self.n_cols().max(1));
        (rows.map(|row| &row[..self.n]).collect(), &self.y[..self.n])
    }

    pub fn n_cols(&self) -> usize {
        self.n.next_multiple_of(LANES)
    }
}

/// Samples that a lane is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub samples: &'a Samples,
    pub with_activations: bool,
}

/// What a lane answers to a [`Question`].
#[derive(Clone, Debug)]
pub struct Answer {
    /// `[n_outputs, n_cols]`.
    pub outputs: Vec<f32>,
    /// Of each hidden layer, `[n_units, n_cols]`; empty unless asked for.
    pub activations: Vec<Vec<f32>>,
}

/// Activations of one hidden layer for a block of samples.
struct Block<'a> {
    layer: usize,
    /// Its first sample.
    first: usize,
    /// `[n_units, n_cols]`.
    a: &'a [f32],
    n_cols: usize,
}

impl Predictor {
    pub fn new(level: Level, spec: &NetworkSpec) -> Self {
        Self {
            level,
            scratch: Scratch::new(spec, spec.batch_norm, BLOCK_COLS),
            x: vec![0.0; spec.n_inputs * BLOCK_COLS],
            y: vec![0.0; BLOCK_COLS],
        }
    }

    pub fn answer(&mut self, lane: &Lane, question: &Question<'_>) -> Answer {
        let samples = question.samples;
        if !question.with_activations {
            let outputs = self.outputs(lane, samples, |_| {});
            return Answer {
                outputs,
                activations: Vec::new(),
            };
        }
        let n_cols = samples.n_cols();
        let hidden = &lane.spec.network.hidden;
        let mut activations: Vec<Vec<f32>> = hidden.iter().map(|n| vec![0.0; n * n_cols]).collect();
        let outputs = self.outputs(lane, samples, |block| {
            let rows = activations[block.layer].chunks_exact_mut(n_cols);
            for (row, a) in rows.zip(block.a.chunks_exact(block.n_cols)) {
                row[block.first..block.first + block.n_cols].copy_from_slice(a);
            }
        });
        Answer {
            outputs,
            activations,
        }
    }

    /// Outputs for all samples, `[n_outputs, n_cols]`. `visit` sees the activations of each hidden
    /// layer on the way.
    fn outputs(
        &mut self,
        lane: &Lane,
        samples: &Samples,
        mut visit: impl FnMut(Block<'_>),
    ) -> Vec<f32> {
        let n_cols = samples.n_cols();
        let n_hidden = lane.spec.network.hidden.len();
        let mut outputs = vec![0.0; lane.spec.network.n_outputs * n_cols];
        for first in (0..n_cols).step_by(BLOCK_COLS) {
            let block_cols = BLOCK_COLS.min(n_cols - first);
            let rows = self.x.chunks_exact_mut(block_cols);
            for (block, row) in rows.zip(samples.x.chunks_exact(n_cols)) {
                block.copy_from_slice(&row[first..first + block_cols]);
            }
            let batch = Batch {
                x: &self.x[..lane.spec.network.n_inputs * block_cols],
                y: &self.y[..block_cols],
                n: block_cols,
                n_cols: block_cols,
            };
            let statistics = Statistics::Running(&lane.state.running);
            let (network, params) = (&lane.network, &lane.state.params);
            let scratch = &mut self.scratch;
            dispatch!(self.level, simd => forward(simd, network, params, statistics, None, batch, scratch));
            for layer in 0..n_hidden {
                visit(Block {
                    layer,
                    first,
                    a: &self.scratch.a[self.scratch.rows(layer, block_cols)],
                    n_cols: block_cols,
                });
            }
            let z = &self.scratch.z[self.scratch.rows(n_hidden, block_cols)];
            for (row, z) in outputs
                .chunks_exact_mut(n_cols)
                .zip(z.chunks_exact(block_cols))
            {
                row[first..first + block_cols].copy_from_slice(z);
            }
        }
        outputs
    }

    /// Mean loss of `outputs` (`[n_outputs, n_cols]`) over the samples, as training weighs it.
    pub fn loss(&self, lane: &Lane, samples: &Samples, outputs: &[f32]) -> f32 {
        mean_loss(self.level, &lane.loss_rule, samples, outputs)
    }
}

/// Mean loss of `outputs` (`[n_outputs, n_cols]`) over the samples.
pub fn mean_loss(level: Level, rule: &LossRule, samples: &Samples, outputs: &[f32]) -> f32 {
    let batch = Batch {
        x: &samples.x,
        y: &samples.y,
        n: samples.n,
        n_cols: samples.n_cols(),
    };
    let mut d_outputs = vec![0.0; outputs.len()];
    let d_outputs = &mut d_outputs;
    dispatch!(level, simd => loss_and_gradient(simd, rule, batch, outputs, d_outputs))
}
