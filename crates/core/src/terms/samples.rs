//! The sample that is followed, with the samples that batch normalization needs.

use crate::nn::oracle::{Oracle, Statistics};
use crate::nn::spec::limits;

/// One sample of a batch. Without batch normalization the batch is the sample alone.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOf {
    /// `[n, n_inputs]`.
    pub x: Vec<f64>,
    pub index: usize,
    /// Of this sample.
    pub y: f64,
    /// Samples of the batch.
    pub n: usize,
}

/// Products that a look at all of a batch may take: so much is done while one looks at a page.
const AFFORDABLE: usize = 2_000_000;

impl OneOf {
    /// The sample at `index` of `x` (`[n, n_inputs]`) and `y` (`[n]`), of which the first `n_train` are trained on. With batch
    /// normalization it is one of the probe set, of which a large network takes fewer. `None` where there is no such sample, or
    /// its target is none that the network could answer.
    pub fn new(
        oracle: &Oracle,
        x: &[f32],
        y: &[f32],
        n_train: usize,
        index: usize,
    ) -> Option<Self> {
        let n_inputs = oracle.spec.n_inputs;
        let own = x.get(index * n_inputs..(index + 1) * n_inputs)?;
        let target = f64::from(*y.get(index)?);
        if !can_answer(oracle, target) {
            return None;
        }
        let n = match oracle.spec.batch_norm && !oracle.spec.hidden.is_empty() {
            false => 0,
            true => n_train.min(limits::PROBE_SAMPLES).min(affordable(oracle)),
        };
        let others = x.get(..n * n_inputs)?;
        let (rows, index): (Vec<&[f32]>, usize) = match index < n {
            true => (vec![others], index),
            false => (vec![others, own], n),
        };
        let x: Vec<f64> = rows.concat().into_iter().map(f64::from).collect();
        Some(Self {
            n: x.len() / n_inputs.max(1),
            x,
            index,
            y: target,
        })
    }
}

/// The sample with the greatest loss, of as many of the first as can be looked at; 0 where none has one.
pub fn worst(oracle: &Oracle, x: &[f32], y: &[f32], n_train: usize) -> usize {
    let n_inputs = oracle.spec.n_inputs.max(1);
    let n = (x.len() / n_inputs).min(y.len()).min(affordable(oracle));
    // Mean and deviation are those of training samples.
    let n = if oracle.spec.batch_norm {
        n.min(n_train).min(limits::PROBE_SAMPLES)
    } else {
        n
    };
    let rows: Vec<f64> = x[..n * n_inputs].iter().map(|&x| f64::from(x)).collect();
    let passes = oracle.forward(&rows, Statistics::Batch);
    let Some(outputs) = passes.last() else {
        return 0;
    };
    let rows = outputs.z.chunks_exact(oracle.spec.n_outputs.max(1)).zip(y);
    let losses = rows.map(|(outputs, &y)| match f64::from(y) {
        y if can_answer(oracle, y) => oracle.judge(outputs, &[y]).loss,
        _ => f64::NAN,
    });
    let finite = losses.enumerate().filter(|(_, loss)| loss.is_finite());
    // The first of equals.
    let worst = finite.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    worst.map_or(0, |(index, _)| index)
}

/// So many samples of this network can be looked at in one go, 16 at the least.
fn affordable(oracle: &Oracle) -> usize {
    (AFFORDABLE / oracle.layout.n_params.max(1)).max(16)
}

/// With several outputs a target is the index of one of them.
fn can_answer(oracle: &Oracle, target: f64) -> bool {
    let n_outputs = oracle.spec.n_outputs;
    target.is_finite() && (n_outputs == 1 || (0.0..n_outputs as f64).contains(&target))
}
