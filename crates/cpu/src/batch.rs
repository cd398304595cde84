//! Samples as the trainer reads them: a batch is `[n_inputs, n_cols]`, one column a sample, padded to
//! whole vectors.

use actiscope_core::data::Dataset;
use actiscope_core::nn::batches::EpochOrder;
use actiscope_core::nn::spec::TrainingSpec;

use super::linear::LANES;

/// Steps whose batches are gathered at once, so that a population shares the work.
const MAX_STEPS: usize = 32;
/// Fewer for large batches: this many values fit beside the lanes in a cache.
const MAX_VALUES: usize = 16_384;

/// One batch. Padded columns repeat the first sample: whatever is finite for the real ones is finite
/// there too, and a gradient of exactly 0 takes them out.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// `[n_inputs, n_cols]`.
    pub x: &'a [f32],
    /// `[n_cols]`: the number, or the class index.
    pub y: &'a [f32],
    /// Real samples; the other columns are padding.
    pub n: usize,
    pub n_cols: usize,
}

/// Columns that hold `n` samples.
pub fn n_cols(n: usize) -> usize {
    n.next_multiple_of(LANES)
}

/// Puts samples into columns. `x`: `[n_samples, n_inputs]`, row-major.
pub fn gather(
    samples: impl ExactSizeIterator<Item = usize>,
    n_inputs: usize,
    x: &[f32],
    y: &[f32],
    x_out: &mut [f32],
    y_out: &mut [f32],
) {
    let n = samples.len();
    let n_cols = n_cols(n);
    for (col, sample) in samples.enumerate() {
        let row = &x[sample * n_inputs..(sample + 1) * n_inputs];
        for (input, &value) in row.iter().enumerate() {
            x_out[input * n_cols + col] = value;
        }
        y_out[col] = y[sample];
    }
    for row in x_out[..n_inputs * n_cols].chunks_exact_mut(n_cols) {
        let first = row[0];
        row[n..].fill(first);
    }
    let first = y_out[0];
    y_out[n..n_cols].fill(first);
}

/// The batches of the next steps, gathered once for all lanes.
#[derive(Clone, Debug)]
pub struct BatchQueue {
    order: EpochOrder,
    n_inputs: usize,
    batch_size: usize,
    /// Columns of a full batch: the distance between two batches.
    stride_cols: usize,
    /// `[MAX_STEPS or fewer, n_inputs, stride_cols]`.
    x: Vec<f32>,
    y: Vec<f32>,
    n_samples: Vec<usize>,
}

impl BatchQueue {
    pub fn new(data: &Dataset, training: &TrainingSpec, seed: u64) -> Self {
        let n_train = data.n_train();
        let batch_size = training.batch_size.clamp(1, n_train.max(1));
        let stride_cols = n_cols(batch_size);
        let values_per_step = (data.n_inputs + 1) * stride_cols;
        let n_steps = (MAX_VALUES / values_per_step).clamp(1, MAX_STEPS);
        Self {
            order: EpochOrder::new(n_train, training.order, seed),
            n_inputs: data.n_inputs,
            batch_size,
            stride_cols,
            x: vec![0.0; n_steps * data.n_inputs * stride_cols],
            y: vec![0.0; n_steps * stride_cols],
            n_samples: Vec::with_capacity(n_steps),
        }
    }

    /// Most steps that one [`Self::fill`] gathers.
    pub fn capacity(&self) -> usize {
        self.y.len() / self.stride_cols
    }

    /// Columns of a full batch.
    pub fn max_cols(&self) -> usize {
        self.stride_cols
    }

    /// Gathers the batches of `n_steps` steps from `step` on; at most [`Self::capacity`].
    pub fn fill(&mut self, data: &Dataset, step: u64, n_steps: usize) {
        self.n_samples.clear();
        let x_slots = self.x.chunks_exact_mut(self.n_inputs * self.stride_cols);
        let y_slots = self.y.chunks_exact_mut(self.stride_cols);
        for (step, (x, y)) in (step..).zip(x_slots.zip(y_slots)).take(n_steps) {
            let samples = self.order.batch(step, self.batch_size);
            self.n_samples.push(samples.len());
            gather(
                samples.iter().map(|&i| i as usize),
                self.n_inputs,
                &data.x_train,
                &data.y_train,
                x,
                y,
            );
        }
    }

    /// The batches that were gathered last.
    pub fn batches(&self) -> impl Iterator<Item = Batch<'_>> {
        let x_slots = self.x.chunks_exact(self.n_inputs * self.stride_cols);
        let y_slots = self.y.chunks_exact(self.stride_cols);
        self.n_samples
            .iter()
            .zip(x_slots.zip(y_slots))
            .map(|(&n, (x, y))| {
                let n_cols = n_cols(n);
                Batch {
                    x: &x[..self.n_inputs * n_cols],
                    y: &y[..n_cols],
                    n,
                    n_cols,
                }
            })
    }
}
