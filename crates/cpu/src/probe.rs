//! What a lane's units do on the probe set: health for every probe, all the rest when somebody looks.

use actiscope_core::data::Dataset;
use actiscope_core::health::Health;
use actiscope_core::health::judge::{SlopeCounts, small_slope};
use actiscope_core::nn::spec::{NetworkSpec, limits};
use actiscope_core::protocol::{Histogram, LayerSnapshot, UnitSnapshot};
use actiscope_core::scenario::View;
use fearless_simd::{Level, Simd, dispatch, f32x8, prelude::*};

use super::backward::backward;
use super::batch::{Batch, gather, n_cols};
use super::forward::{Statistics, forward};
use super::lane::Lane;
use super::linear::{load, sum_of_samples};
use super::loss::loss_and_gradient;
use super::scratch::Scratch;

/// Bins of a histogram of pre-activations.
const N_BINS: usize = 48;
/// Half the range of a histogram, unless the values spread farther.
const HALF_RANGE: f32 = 4.0;
/// A layer's histogram counts at most about this many values: beyond, every k-th sample.
const MAX_HISTOGRAM_VALUES: usize = 32_768;

/// The probe set, the first samples of the training set, and the memory to run a lane on it.
#[derive(Clone, Debug)]
pub struct Prober {
    level: Level,
    n: usize,
    x: Vec<f32>,
    y: Vec<f32>,
    scratch: Scratch,
    gradient: Vec<f32>,
    /// `[n_layers]`: sum of squares of dL/dz.
    d_z_squares: Vec<f32>,
}

/// Samples of the probe set.
pub fn n_samples(data: &Dataset) -> usize {
    data.n_train().min(limits::PROBE_SAMPLES)
}

/// Health over the probe set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    pub loss: f32,
    /// `[n_hidden][n_units]`.
    pub verdicts: Vec<Vec<Health>>,
}

impl Judgement {
    pub fn count(&self, health: Health) -> usize {
        self.verdicts
            .iter()
            .flatten()
            .filter(|&&h| h == health)
            .count()
    }
}

/// All that is measured over the probe set.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub loss: f32,
    /// Hidden layers, then the output layer, without what only some look at (weights, maps).
    pub layers: Vec<LayerSnapshot>,
    /// `[n_outputs][n_samples]`.
    pub outputs: Vec<Vec<f32>>,
    /// `[n_samples]`.
    pub targets: Vec<f32>,
}

impl Prober {
    pub fn new(level: Level, data: &Dataset, spec: &NetworkSpec) -> Self {
        let n = n_samples(data);
        let n_cols = n_cols(n);
        let mut x = vec![0.0; data.n_inputs * n_cols];
        let mut y = vec![0.0; n_cols];
        gather(
            0..n,
            data.n_inputs,
            &data.x_train,
            &data.y_train,
            &mut x,
            &mut y,
        );
        Self {
            level,
            n,
            x,
            y,
            scratch: Scratch::new(spec, spec.batch_norm, n_cols),
            gradient: Vec::new(),
            d_z_squares: vec![0.0; spec.hidden.len() + 1],
        }
    }

    /// Loss and health, into memory that the caller keeps.
    pub fn judge(&mut self, lane: &Lane, judgement: &mut Judgement) {
        dispatch!(self.level, simd => self.judge_with(simd, lane, judgement));
    }

    /// z and f'(z) of a hidden unit over the probe set, `[n_samples]` each, as judged last.
    ///
    /// # Panics
    /// If the lane that was judged has no such unit.
    pub fn judged_unit(&self, layer: usize, unit: usize) -> (&[f32], &[f32]) {
        let n_cols = self.y.len();
        let first = self.scratch.rows(layer, n_cols).start + unit * n_cols;
        let samples = first..first + self.n;
        (
            &self.scratch.z[samples.clone()],
            &self.scratch.slope[samples],
        )
    }

    /// Outputs, `[n_outputs][n_samples]`, and targets of the lane that was judged last.
    pub fn judged_outputs(&self) -> (Vec<&[f32]>, &[f32]) {
        let n_cols = self.y.len();
        let rows = self.scratch.rows(self.d_z_squares.len() - 1, n_cols);
        let outputs = self.scratch.z[rows].chunks_exact(n_cols);
        let outputs = outputs.map(|row| &row[..self.n]).collect();
        (outputs, &self.y[..self.n])
    }

    #[inline(always)]
    fn judge_with<S: Simd>(&mut self, simd: S, lane: &Lane, judgement: &mut Judgement) {
        judgement.loss = self.run(simd, lane);
        let n_hidden = lane.spec.network.hidden.len();
        judgement.verdicts.resize_with(n_hidden, Vec::new);
        let n_cols = self.y.len();
        for (l, verdicts) in judgement.verdicts.iter_mut().enumerate() {
            let slopes = &self.scratch.slope[self.scratch.rows(l, n_cols)];
            let small = smallest_f32_from(small_slope(lane.network.activation(l).max_abs_slope()));
            verdicts.clear();
            // A loop, for a closure that std calls has the machine's smallest vectors.
            for slopes in slopes.chunks_exact(n_cols) {
                verdicts.push(count_slopes(simd, self.n, slopes, small).health());
            }
        }
    }

    /// Everything. Takes about three times as long as [`Self::judge`].
    pub fn inspect(&mut self, lane: &Lane, view: &View) -> Inspection {
        dispatch!(self.level, simd => self.inspect_with(simd, lane, view))
    }

    #[inline(always)]
    fn inspect_with<S: Simd>(&mut self, simd: S, lane: &Lane, view: &View) -> Inspection {
        let loss = self.run(simd, lane);
        let n_hidden = lane.spec.network.hidden.len();
        // The backward pass overwrites the slopes: what is asked of them comes first.
        let mut layers: Vec<LayerSnapshot> = (0..=n_hidden)
            .map(|l| self.layer_before_backward(simd, lane, l, view))
            .collect();
        self.pull_back(simd, lane);
        let layouts = &lane.network.layout.layers;
        for (l, (layer, layout)) in layers.iter_mut().zip(layouts).enumerate() {
            layer.z_gradient_rms = self.z_gradient_rms(l, layout.n_out);
            layer.weight_gradient_rms = rms(&self.gradient[layout.weights.clone()]);
        }
        let outputs = &self.scratch.z[self.scratch.rows(n_hidden, self.y.len())];
        let rows = outputs.chunks_exact(self.y.len());
        Inspection {
            loss,
            layers,
            outputs: rows.map(|row| row[..self.n].to_vec()).collect(),
            targets: self.y[..self.n].to_vec(),
        }
    }

    /// RMS of dL/dz of each hidden layer of the lane that was judged last, as
    /// [`LayerSnapshot::z_gradient_rms`]. Once after each [`Self::judge`]: slopes become gradients.
    pub fn judged_gradient(&mut self, lane: &Lane) -> Vec<f32> {
        dispatch!(self.level, simd => self.pull_back(simd, lane));
        let hidden = lane.spec.network.hidden.iter().enumerate();
        hidden
            .map(|(l, &n_units)| self.z_gradient_rms(l, n_units))
            .collect()
    }

    /// The backward pass after [`Self::run`].
    #[inline(always)]
    fn pull_back<S: Simd>(&mut self, simd: S, lane: &Lane) {
        self.gradient.resize(lane.state.params.len(), 0.0);
        backward(
            simd,
            &lane.network,
            &lane.state.params,
            Batch {
                x: &self.x,
                y: &self.y,
                n: self.n,
                n_cols: self.y.len(),
            },
            &mut self.scratch,
            &mut self.gradient,
            Some(&mut self.d_z_squares),
        );
    }

    fn z_gradient_rms(&self, l: usize, n_units: usize) -> f32 {
        let n_values = (n_units * self.n) as f32;
        // dL/dz of the mean loss times the number of samples.
        self.n as f32 * (self.d_z_squares[l] / n_values).sqrt()
    }

    /// Forward pass, and the loss with its gradient at the outputs.
    #[inline(always)]
    fn run<S: Simd>(&mut self, simd: S, lane: &Lane) -> f32 {
        let batch = Batch {
            x: &self.x,
            y: &self.y,
            n: self.n,
            n_cols: self.y.len(),
        };
        let (network, params) = (&lane.network, &lane.state.params);
        forward(
            simd,
            network,
            params,
            Statistics::Batch,
            None,
            batch,
            &mut self.scratch,
        );
        let outputs = self
            .scratch
            .rows(lane.network.layout.layers.len() - 1, batch.n_cols);
        loss_and_gradient(
            simd,
            &lane.loss_rule,
            batch,
            &self.scratch.z[outputs.clone()],
            &mut self.scratch.slope[outputs],
        )
    }

    /// What the forward pass tells of layer `l`.
    #[inline(always)]
    fn layer_before_backward<S: Simd>(
        &self,
        simd: S,
        lane: &Lane,
        l: usize,
        view: &View,
    ) -> LayerSnapshot {
        let (n, n_cols) = (self.n, self.y.len());
        let layout = &lane.network.layout.layers[l];
        let rows = self.scratch.rows(l, n_cols);
        let z = &self.scratch.z[rows.clone()];
        let is_hidden = l < lane.spec.network.hidden.len();

        let mut layer = LayerSnapshot::default();
        let mut moments = Vec::with_capacity(layout.n_out);
        // Of the output layer no slope is asked.
        let small = smallest_f32_from(small_slope(lane.network.activation(l).max_abs_slope()));
        let mut n_zero = 0;
        for (z, slope) in z
            .chunks_exact(n_cols)
            .zip(self.scratch.slope[rows].chunks_exact(n_cols))
        {
            let of_unit = Moments::of(simd, n, z);
            moments.push(of_unit);
            if is_hidden {
                let counts = count_slopes(simd, n, slope, small);
                n_zero += counts.n_zero;
                layer
                    .units
                    .push(unit_snapshot(simd, n, z, slope, of_unit, counts));
            }
        }
        let of_layer = Moments::of_all(&moments);
        (layer.z_mean, layer.z_std) = (of_layer.mean, of_layer.variance.sqrt());
        layer.zero_slope_share = n_zero as f32 / (layout.n_out * n) as f32;
        let every = (layout.n_out * n).div_ceil(MAX_HISTOGRAM_VALUES);
        let samples = z
            .chunks_exact(n_cols)
            .flat_map(|z| z[..n].iter().step_by(every));
        layer.z = histogram(samples, layer.z_mean, layer.z_std);
        if let Some(unit) = view.unit.filter(|_| l == view.layer)
            && let Some(of_unit) = layer.units.get(unit)
        {
            let z = &z[unit * n_cols..][..n];
            layer.z_of_unit = Some(histogram(z.iter(), of_unit.z_mean, of_unit.z_std));
        }

        describe_params(&mut layer, lane, l);
        layer
    }
}

/// What of a layer's snapshot its parameters tell alone.
pub fn describe_params(layer: &mut LayerSnapshot, lane: &Lane, l: usize) {
    let layout = &lane.network.layout.layers[l];
    let weights = &lane.state.params[layout.weights.clone()];
    let before = &lane.previous[layout.weights.clone()];
    let change: Vec<f32> = weights.iter().zip(before).map(|(w, b)| w - b).collect();
    let size = rms(weights);
    layer.update_ratio = if size > 0.0 { rms(&change) / size } else { 0.0 };
    let of = |range: &std::ops::Range<usize>| lane.state.params[range.clone()].to_vec();
    layer.biases = of(&layout.biases);
    layer.gammas = of(&layout.gamma);
    layer.betas = of(&layout.beta);
    layer.alphas = of(&layout.alpha);
}

/// Mean, and mean square distance from it.
#[derive(Clone, Copy)]
struct Moments {
    mean: f32,
    variance: f32,
}

impl Moments {
    /// Of the first `n` values of a row.
    #[inline(always)]
    fn of<S: Simd>(simd: S, n: usize, row: &[f32]) -> Self {
        let per_sample = 1.0 / n as f32;
        let mean = per_sample * sum_of_samples(simd, n, |v| load(simd, row, v));
        let squares = sum_of_samples(simd, n, |v| {
            let d = load(simd, row, v) - mean;
            d * d
        });
        Self {
            mean,
            variance: per_sample * squares,
        }
    }

    /// Of all values of rows of one length.
    fn of_all(rows: &[Self]) -> Self {
        let n = rows.len() as f32;
        let mean = rows.iter().map(|row| row.mean).sum::<f32>() / n;
        let around = |row: &Self| row.variance + (row.mean - mean) * (row.mean - mean);
        Self {
            mean,
            variance: rows.iter().map(around).sum::<f32>() / n,
        }
    }
}

#[inline(always)]
fn unit_snapshot<S: Simd>(
    simd: S,
    n: usize,
    z: &[f32],
    slopes: &[f32],
    moments: Moments,
    counts: SlopeCounts,
) -> UnitSnapshot {
    let (zero, one) = (f32x8::splat(simd, 0.0), f32x8::splat(simd, 1.0));
    let n_negative = sum_of_samples(simd, n, |v| load(simd, z, v).simd_le(0.0).select(one, zero));
    let sum_of_slopes = sum_of_samples(simd, n, |v| load(simd, slopes, v).abs());
    let smallest = |a: f32, &b: &f32| if b < a { b } else { a };
    let largest = |a: f32, &b: &f32| if b > a { b } else { a };
    UnitSnapshot {
        health: counts.health(),
        z_mean: moments.mean,
        z_std: moments.variance.sqrt(),
        z_min: z[..n].iter().fold(f32::INFINITY, smallest),
        z_max: z[..n].iter().fold(f32::NEG_INFINITY, largest),
        negative_fraction: n_negative / n as f32,
        mean_abs_slope: sum_of_slopes / n as f32,
    }
}

/// How many of the first `n` slopes are 0, and how many smaller than `small` in magnitude.
#[inline(always)]
fn count_slopes<S: Simd>(simd: S, n: usize, slopes: &[f32], small: f32) -> SlopeCounts {
    // Counts of f32 are exact up to 2^24.
    let (zero, one) = (f32x8::splat(simd, 0.0), f32x8::splat(simd, 1.0));
    let n_zero = sum_of_samples(simd, n, |v| {
        load(simd, slopes, v).simd_eq(0.0).select(one, zero)
    });
    let n_small = sum_of_samples(simd, n, |v| {
        let is_small = load(simd, slopes, v).abs().simd_lt(small);
        is_small.select(one, zero)
    });
    SlopeCounts {
        n_samples: n as u32,
        n_zero: n_zero as u32,
        n_small: n_small as u32,
    }
}

/// The smallest f32 that is not below `x`: an f32 is below the one if and only if it is below the
/// other.
pub fn smallest_f32_from(x: f64) -> f32 {
    let nearest = x as f32;
    match f64::from(nearest) < x {
        true => nearest.next_up(),
        false => nearest,
    }
}

/// Equal bins around 0. The range doubles until three standard deviations around the mean lie within,
/// so that it stays as it is while values drift. What lies beyond goes to the outer bins; NaN nowhere.
fn histogram<'a>(values: impl Iterator<Item = &'a f32>, mean: f32, std: f32) -> Histogram {
    let reach = mean.abs() + 3.0 * std;
    let mut half = HALF_RANGE;
    while half < reach && half < 1e9 {
        half *= 2.0;
    }
    let mut counts = vec![0; N_BINS];
    let bins_per_z = N_BINS as f32 / (2.0 * half);
    for &z in values.filter(|z| !z.is_nan()) {
        // `as` saturates: below the range is bin 0.
        let bin = ((z + half) * bins_per_z) as usize;
        counts[bin.min(N_BINS - 1)] += 1;
    }
    Histogram {
        low: -half,
        high: half,
        counts,
    }
}

/// Root mean square.
fn rms(values: &[f32]) -> f32 {
    (values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32).sqrt()
}
