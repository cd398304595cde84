//! What the lanes of a [`GpuTrainer`] do on the probe set: health of all of them, everything of one.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::judge::{SlopeCounts, small_slope};
use actiscope_core::nn::spec::limits;
use actiscope_core::protocol::{Histogram, LayerSnapshot, UnitSnapshot};
use actiscope_core::scenario::View;

use super::GpuError;
use super::layout::{Dispatch, Purpose, Shape};
use super::look::{Job, JobSamples};
use super::trainer::GpuTrainer;
use crate::cpu::activate::Functions;
use crate::cpu::predict::{Answer, Question};
use crate::cpu::probe::{Inspection, smallest_f32_from};
use crate::cpu::{LaneSpec, TrainerError};

/// As `probe.wgsl` has them.
const HEADER: usize = 4;
const UNIT_VALUES: usize = 8;
pub(super) const N_BINS: usize = 48;

/// Health of a lane over the probe set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneHealth {
    pub loss: f32,
    pub n_dead: u32,
    pub n_saturated: u32,
    /// Samples whose class the outputs tell; of no meaning where targets are numbers.
    pub n_right: u32,
}

/// What a probe is to see.
enum Seen<'a> {
    Health,
    Gradient,
    All(&'a View),
}

impl GpuTrainer {
    /// Whether the device gets to the end of a probe: a software adapter may not, if the network is large.
    pub fn can_look(&self) -> bool {
        self.shape_of(self.n_probe_samples(), Purpose::Probe)
            .is_within_turns()
    }

    /// Health of every lane.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn judge(&mut self) -> Result<Vec<LaneHealth>, GpuError> {
        let n_lanes = self.lanes().len();
        let job = self.probe_job(0..n_lanes, Seen::Health).await?;
        let values = self.run(&[job]).await?.concat();
        let headers = values.chunks_exact(HEADER).take(n_lanes);
        Ok(headers.map(health_of).collect())
    }

    /// Health of every lane, and of each of its hidden layers [`LayerSnapshot::z_gradient_rms`].
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn judge_with_gradient(&mut self) -> Result<Vec<(LaneHealth, Vec<f32>)>, GpuError> {
        let n_lanes = self.lanes().len();
        let job = self.probe_job(0..n_lanes, Seen::Gradient).await?;
        let values = self.run(std::slice::from_ref(&job)).await?.concat();
        let shape = &job.looker.shape;
        let n_layers = shape.params.layers.len();
        let (headers, squares) = values.split_at(n_lanes * HEADER);
        let headers = headers.chunks_exact(HEADER).map(health_of);
        let gradients = squares.chunks_exact(2 * n_layers).map(|of_lane| {
            let hidden = of_lane.chunks_exact(2).zip(&shape.params.layers);
            hidden
                .take(n_layers - 1)
                .map(|(squares, layer)| z_gradient_rms(squares[0], layer.n_out, shape.batch_size))
                .collect()
        });
        Ok(headers.zip(gradients).collect())
    }

    /// Everything of a lane over the probe set, but what concerns parameters alone, and what it answers to
    /// `questions`: in one submission and one readback.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn look(
        &mut self,
        lane: usize,
        view: &View,
        questions: &[Question<'_>],
    ) -> Result<(Inspection, Vec<Answer>), GpuError> {
        let mut jobs = vec![self.probe_job(lane..lane + 1, Seen::All(view)).await?];
        for question in questions {
            jobs.push(self.predict_job(lane..lane + 1, question).await?);
        }
        let results = self.run(&jobs).await?;
        let inspection = self.inspection_of(lane, view, &jobs[0].looker.shape, &results[0]);
        let answers = questions.iter().zip(&jobs[1..]).zip(&results[1..]);
        let answers = answers
            .map(|((question, job), values)| self.answer_of(question, job, values))
            .collect();
        Ok((inspection, answers))
    }

    pub(super) fn n_probe_samples(&self) -> usize {
        self.data().n_train().min(limits::PROBE_SAMPLES)
    }

    /// A probe of some lanes: the headers of all lanes, then the details of the last workgroups.
    async fn probe_job(
        &mut self,
        lanes: std::ops::Range<usize>,
        seen: Seen<'_>,
    ) -> Result<Job, GpuError> {
        if !self.can_look() {
            let why = "this software adapter does not get to the end of so large a probe";
            return Err(GpuError::Refused(why.into()));
        }
        let looker = self.probe_looker().await?;
        self.tell_small_slopes()?;
        let shape = &looker.shape;
        let n_layers = shape.params.layers.len();
        let (is_whole, view, n_details) = match seen {
            Seen::Health => (0, None, 0),
            Seen::Gradient => (2, None, self.lanes().len() * 2 * n_layers),
            // Details are looked at one lane at a time.
            Seen::All(view) => {
                let n_histograms = (n_layers + 1) * (N_BINS + 1);
                let n_outputs = shape.n_outputs * shape.batch_size;
                (
                    1,
                    Some(view),
                    first_histogram(shape) + n_histograms + n_outputs,
                )
            }
        };
        let dispatches = lanes.clone().step_by(looker.n_groups).map(|first_lane| {
            let n_groups = looker.n_groups.min(lanes.end - first_lane);
            let dispatch = Dispatch {
                first_lane: first_lane as u32,
                is_whole,
                view_layer: match view.and_then(|view| view.unit) {
                    Some(_) => view.map_or(u32::MAX, |view| view.layer as u32),
                    None => u32::MAX,
                },
                view_unit: view.and_then(|view| view.unit).unwrap_or(0) as u32,
                ..Dispatch::default()
            };
            (dispatch, n_groups)
        });
        Ok(Job {
            dispatches: dispatches.collect(),
            samples: JobSamples::Training,
            n_lanes: 1,
            n_results: self.lanes().len() * HEADER + n_details,
            looker,
        })
    }

    /// `values`: the results of a probe of this lane alone.
    fn inspection_of(&self, lane: usize, view: &View, shape: &Shape, values: &[f32]) -> Inspection {
        let loss = values[lane * HEADER];
        let details = &values[self.lanes().len() * HEADER..];
        let n = shape.batch_size;
        let histogram = |slot: usize| {
            let at = first_histogram(shape) + slot * (N_BINS + 1);
            Histogram {
                low: -details[at],
                high: details[at],
                counts: details[at + 1..=at + N_BINS]
                    .iter()
                    .map(|&c| c as u32)
                    .collect(),
            }
        };
        let mut units = details.chunks_exact(UNIT_VALUES);
        let n_layers = shape.params.layers.len();
        let layers = shape.params.layers.iter().enumerate().map(|(l, layout)| {
            let is_hidden = l + 1 < n_layers;
            let of_layer: Vec<&[f32]> = units.by_ref().take(layout.n_out).collect();
            let squares = &details[shape.n_units() * UNIT_VALUES + 2 * l..][..2];
            let mut layer = LayerSnapshot {
                z: histogram(l),
                z_gradient_rms: z_gradient_rms(squares[0], layout.n_out, n),
                weight_gradient_rms: (squares[1] / layout.weights.len() as f32).sqrt(),
                ..LayerSnapshot::default()
            };
            (layer.z_mean, layer.z_std) = moments_of_all(&of_layer);
            if is_hidden {
                let n_zero: f32 = of_layer.iter().map(|unit| unit[0]).sum();
                layer.zero_slope_share = n_zero / (layout.n_out * n) as f32;
                layer.units = of_layer.iter().map(|unit| unit_snapshot(unit, n)).collect();
                if l == view.layer && view.unit.is_some_and(|unit| unit < layout.n_out) {
                    layer.z_of_unit = Some(histogram(n_layers));
                }
            }
            layer
        });
        let layers = layers.collect();
        let outputs = &details[first_histogram(shape) + (n_layers + 1) * (N_BINS + 1)..];
        Inspection {
            loss,
            layers,
            outputs: outputs.chunks_exact(n).map(<[f32]>::to_vec).collect(),
            targets: self.data().y_train[..n].to_vec(),
        }
    }
}

pub(super) fn health_of(header: &[f32]) -> LaneHealth {
    LaneHealth {
        loss: header[0],
        n_dead: header[1] as u32,
        n_saturated: header[2] as u32,
        n_right: header[3] as u32,
    }
}

/// From the sum of squares of dL/dz of the mean loss.
fn z_gradient_rms(squares: f32, n_units: usize, n: usize) -> f32 {
    n as f32 * (squares / (n_units * n) as f32).sqrt()
}

/// Small slopes of each lane's activations, searched once for each function.
pub(super) fn small_slopes(lanes: &[LaneSpec]) -> Result<Vec<Vec<f32>>, GpuError> {
    let mut functions = Functions::default();
    let mut slope = |spec: &ActivationSpec| -> Result<f32, GpuError> {
        let activation = functions.get(spec).map_err(TrainerError::from)?;
        Ok(smallest_f32_from(small_slope(activation.max_abs_slope())))
    };
    let of_lane = |lane: &LaneSpec| -> Result<Vec<f32>, GpuError> {
        let activations = lane.network.activations().into_iter();
        activations.map(&mut slope).collect()
    };
    lanes.iter().map(of_lane).collect()
}

fn first_histogram(shape: &Shape) -> usize {
    shape.n_units() * UNIT_VALUES + 2 * shape.params.layers.len()
}

fn unit_snapshot(values: &[f32], n: usize) -> UnitSnapshot {
    let counts = SlopeCounts {
        n_samples: n as u32,
        n_zero: values[0] as u32,
        n_small: values[1] as u32,
    };
    UnitSnapshot {
        health: counts.health(),
        z_mean: values[2],
        z_std: values[3].sqrt(),
        z_min: values[4],
        z_max: values[5],
        negative_fraction: values[6] / n as f32,
        mean_abs_slope: values[7] / n as f32,
    }
}

/// Mean and standard deviation of all values of units of one length.
fn moments_of_all(units: &[&[f32]]) -> (f32, f32) {
    let n = units.len() as f32;
    let mean = units.iter().map(|unit| unit[2]).sum::<f32>() / n;
    let around = |unit: &&[f32]| unit[3] + (unit[2] - mean) * (unit[2] - mean);
    (mean, (units.iter().map(around).sum::<f32>() / n).sqrt())
}
