//! What a lane of a [`GpuTrainer`] answers for samples that it does not learn from.

use std::ops::Range;

use super::GpuError;
use super::layout::Dispatch;
use super::look::{Job, JobSamples};
use super::trainer::GpuTrainer;
use crate::cpu::predict::{Answer, Question, Samples};

/// Samples that one workgroup predicts.
const PREDICT_BATCH: usize = 64;
/// Outputs that are read back at once.
const MAX_RESULTS: usize = 4 << 20;

impl GpuTrainer {
    /// Outputs of every lane, `[n_outputs, n_cols]`, for samples that it does not learn from.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn predict(&mut self, samples: &Samples) -> Result<Vec<Vec<f32>>, GpuError> {
        let looker = self.predict_looker(PREDICT_BATCH).await?;
        let question = Question {
            samples,
            with_activations: false,
        };
        let n_outputs = looker.shape.n_outputs;
        let n_fitting = looker.n_groups / samples.n.div_ceil(PREDICT_BATCH).max(1);
        let n_values = (n_outputs * samples.n).max(1);
        let n_at_once = n_fitting.min(MAX_RESULTS / n_values).max(1);
        let mut outputs = Vec::new();
        for first in (0..self.lanes().len()).step_by(n_at_once) {
            let lanes = first..(first + n_at_once).min(self.lanes().len());
            let job = self.predict_job(lanes, &question).await?;
            let values = self.run(&[job]).await?.concat();
            let of_lanes = values.chunks_exact(n_values);
            outputs.extend(of_lanes.map(|values| in_columns(values, samples, 0..n_outputs)));
        }
        Ok(outputs)
    }

    /// Results, of each lane: `[n_outputs, n]`, then, if they are asked for, activations
    /// `[n_hidden_units, n]`. Several lanes have to fit the scratch buffer.
    pub(super) async fn predict_job(
        &mut self,
        lanes: Range<usize>,
        question: &Question<'_>,
    ) -> Result<Job, GpuError> {
        let looker = self.predict_looker(PREDICT_BATCH).await?;
        let (samples, shape) = (question.samples, &looker.shape);
        let n = samples.n;
        let mut x = vec![0.0_f32; n * shape.n_inputs];
        for (input, row) in samples.x.chunks_exact(samples.n_cols()).enumerate() {
            for (sample, &value) in row[..n].iter().enumerate() {
                x[sample * shape.n_inputs + input] = value;
            }
        }
        let n_hidden_rows = match question.with_activations {
            true => shape.n_hidden_units,
            false => 0,
        };
        let n_groups = n.div_ceil(PREDICT_BATCH);
        let n_at_once = (looker.n_groups / lanes.len().max(1)).max(1);
        // Not more than the scratch buffer serves at a time.
        let dispatches = (0..n_groups).step_by(n_at_once).map(|first_group| {
            let dispatch = Dispatch {
                first_lane: lanes.start as u32,
                is_whole: u32::from(question.with_activations),
                n_samples: n as u32,
                first_group: first_group as u32,
                ..Dispatch::default()
            };
            (dispatch, n_at_once.min(n_groups - first_group))
        });
        Ok(Job {
            dispatches: dispatches.collect(),
            samples: JobSamples::Given(x),
            n_results: lanes.len() * (shape.n_outputs + n_hidden_rows) * n,
            n_lanes: lanes.len(),
            looker,
        })
    }

    pub(super) fn answer_of(&self, question: &Question<'_>, job: &Job, values: &[f32]) -> Answer {
        let shape = &job.looker.shape;
        let samples = question.samples;
        let mut first_row = shape.n_outputs;
        let mut next_rows = |n_rows: usize| {
            let rows = first_row..first_row + n_rows;
            first_row = rows.end;
            in_columns(values, samples, rows)
        };
        let hidden = match question.with_activations {
            true => &self.lanes()[0].network.hidden[..],
            false => &[],
        };
        Answer {
            activations: hidden.iter().map(|&n_units| next_rows(n_units)).collect(),
            outputs: in_columns(values, samples, 0..shape.n_outputs),
        }
    }
}

/// Rows of samples, padded with zeros to whole vectors as the CPU's are.
fn in_columns(values: &[f32], samples: &Samples, rows: Range<usize>) -> Vec<f32> {
    let n_padding = samples.n_cols() - samples.n;
    let rows = values[rows.start * samples.n..rows.end * samples.n].chunks_exact(samples.n);
    rows.flat_map(|row| {
        let padding = std::iter::repeat_n(0.0, n_padding);
        row.iter().copied().chain(padding)
    })
    .collect()
}
