//! What is measured of a network at a step, the verdicts on its units among it. [`health`](crate::health) reads
//! it, and [`protocol`](crate::protocol) carries it: it knows neither.

use serde::{Deserialize, Serialize};

use crate::nn::layout::ParamLayout;
use crate::nn::param::{ParamAt, UnitParam};

/// Judged on the slope over the probe set, so it holds for every function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Health {
    #[default]
    Alive = 0,
    /// Not dead, and |f'(z)| < 5 % of max |f'| on at least 95 % of the probe samples.
    Saturated = 1,
    /// f'(z) is exactly 0 on every probe sample: no gradient reaches it.
    Dead = 2,
}

/// What is told about one step of a run. Immutable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub run: u32,
    pub step: u64,
    pub epoch: f64,
    pub is_training: bool,
    pub has_diverged: bool,
    /// Loss over the probe set (at most 512 training samples).
    pub loss: f32,
    /// Share of probe samples classified rightly; `None` for regression.
    pub accuracy: Option<f32>,
    pub test_loss: Option<f32>,
    pub test_accuracy: Option<f32>,
    /// Hidden layers, then the output layer (which has no units' health).
    pub layers: Vec<LayerSnapshot>,
    /// Of the unit that was asked for.
    pub unit_weights: Option<UnitWeights>,
    /// What was recorded since the last snapshot (all of it at the start and after going back).
    pub history: Vec<HistoryPoint>,
    /// The history above replaces what the page has.
    pub history_is_whole: bool,
    /// `[cells, cells]` outputs (top row first: x2 = +extent), squashed as the loss squashes them:
    /// probability of class 1, argmax class, or the number itself. `cells` is `field_cells` or, for a
    /// large network, less. Over the plane of the view's axes; with one input rows are equal.
    pub field: Vec<f32>,
    /// What it says of samples; `None` unless looked at, and where there are no classes.
    pub answers: Option<Answers>,
    /// Measured, while training.
    pub steps_per_second: f32,
    /// Steps that one can go to: 0..=this.
    pub last_step: u64,
}

impl Snapshot {
    /// A parameter, where the snapshot holds it.
    pub fn param(&self, at: ParamAt) -> Option<f32> {
        match at.part {
            UnitParam::Weight(input) => self.weights_of(at.layer, at.unit)?.get(input).copied(),
            UnitParam::Bias => self.layers.get(at.layer)?.biases.get(at.unit).copied(),
        }
    }

    /// Incoming weights of a unit, `[n_in]`: from all weights of the layer, or from those of this unit alone. `None` where
    /// nobody looks at them.
    pub fn weights_of(&self, layer: usize, unit: usize) -> Option<&[f32]> {
        if let Some(own) = &self.unit_weights
            && (own.layer, own.unit) == (layer, unit)
        {
            return Some(&own.weights);
        }
        let layer = self.layers.get(layer)?;
        let n_in = layer.weights.len().checked_div(layer.biases.len())?;
        let row = layer.weights.get(unit * n_in..(unit + 1) * n_in)?;
        (!row.is_empty()).then_some(row)
    }
}

impl Snapshot {
    /// All parameters in the order of a layout, as f64: exactly those of the step. `None` where the snapshot does not hold them
    /// all, or is of another network.
    pub fn params(&self, layout: &ParamLayout) -> Option<Vec<f64>> {
        if self.layers.len() != layout.layers.len() {
            return None;
        }
        let mut params = Vec::with_capacity(layout.n_params);
        for (told, of) in self.layers.iter().zip(&layout.layers) {
            for (values, range) in [
                (&told.weights, &of.weights),
                (&told.biases, &of.biases),
                (&told.gammas, &of.gamma),
                (&told.betas, &of.beta),
                (&told.alphas, &of.alpha),
            ] {
                if values.len() != range.len() {
                    return None;
                }
                params.extend(values.iter().map(|&value| f64::from(value)));
            }
        }
        Some(params)
    }
}

/// The outputs for samples, one row a sample, before anything is squashed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// `[n, n_outputs]`: of the samples that judge the network, see [`Judges`](crate::protocol::Judges).
    pub judged: Vec<f32>,
    /// `[n_validation, n_outputs]`.
    pub validation: Vec<f32>,
    /// `[n_outputs]`: of the sample that is asked about, if there is one.
    pub asked: Vec<f32>,
}

/// Incoming weights of one hidden unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitWeights {
    pub layer: usize,
    pub unit: usize,
    /// `[n_in]`.
    pub weights: Vec<f32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerSnapshot {
    /// Empty for the output layer.
    pub units: Vec<UnitSnapshot>,
    /// Pre-activations of all units over the probe set.
    pub z: Histogram,
    /// Of the selected unit, where the view names one of this layer.
    pub z_of_unit: Option<Histogram>,
    pub z_mean: f32,
    pub z_std: f32,
    /// Share of (unit, sample) pairs with f'(z) exactly 0.
    pub zero_slope_share: f32,
    /// RMS, over probe samples and units, of dL/dz, L the mean loss over the probe set.
    pub z_gradient_rms: f32,
    /// RMS, over the layer's weights, of dL/dW of the same loss.
    pub weight_gradient_rms: f32,
    /// RMS of the last update of the weights over RMS of the weights; 0 before the first.
    pub update_ratio: f32,
    /// `[n_out, n_in]`, row-major; empty unless looked at.
    pub weights: Vec<f32>,
    pub biases: Vec<f32>,
    /// Scale and shift of batch normalisation; empty without it.
    pub gammas: Vec<f32>,
    pub betas: Vec<f32>,
    /// PReLU's learned alphas.
    pub alphas: Vec<f32>,
    /// `[n_units, cells, cells]`, as the field: activations, -127..127 for -max..max of the layer;
    /// empty unless looked at.
    pub unit_maps: Vec<i8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitSnapshot {
    pub health: Health,
    pub z_mean: f32,
    pub z_std: f32,
    pub z_min: f32,
    pub z_max: f32,
    /// Share of probe samples with z <= 0.
    pub negative_fraction: f32,
    /// Mean |f'(z)|.
    pub mean_abs_slope: f32,
}

/// Equal bins over [low, high]; the first and last also hold what lies beyond.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    pub low: f32,
    pub high: f32,
    pub counts: Vec<u32>,
}

/// One point of the curves over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    pub step: u64,
    /// Of the batch before this step's update (NaN at a point without an update).
    pub batch_loss: f32,
    /// Over the probe set.
    pub loss: f32,
    pub dead: u16,
    pub saturated: u16,
}

/// RMS of dL/dz in the first hidden layer over that in the last, of the RMS in each hidden layer: 1 where the
/// gradient keeps its size on its way back, less where it vanishes, more where it explodes. `None` with fewer than two
/// layers, and where there is no gradient, or none that is finite.
pub fn gradient_ratio(z_gradient_rms: &[f32]) -> Option<f32> {
    let (first, last) = (z_gradient_rms.first()?, z_gradient_rms.last()?);
    let ratio = first / last;
    (z_gradient_rms.len() > 1 && ratio.is_finite()).then_some(ratio)
}
