//! Health of units and layers: alive, saturated, dead; what happened to them, when and why.
//!
//! | module | holds |
//! |---|---|
//! | this one | the words: [`Health`], [`HealthEvent`] and its [`Cause`], which an [`Update`] gives |
//! | [`judge`] | from slopes to a verdict |
//! | [`stats`] | what is measured of a unit and a layer over the probe set |
//! | [`tracker`] | from verdict after verdict to events |
//! | [`story`] | what happened to one unit at one step |
//! | [`recovery`] | how far it is from coming back, and what could move it |
//! | [`diagnosis`] | from all of it to findings with their evidence and remedies |
//! | [`words`] | sentences on what happened |
//! | [`mean_field`] | how signals travel through a wide random network, from theory |
//!
//! None of it cares who computed the slopes: the f64 oracle and the f32 engine use the same rules.

use serde::{Deserialize, Serialize};

use crate::nn::layout::{LayerLayout, ParamLayout};

pub mod diagnosis;
pub mod judge;
pub mod mean_field;
pub mod recovery;
pub mod stats;
pub mod story;
pub mod tracker;
pub mod words;

pub use crate::observe::Health;
pub use judge::SlopeCounts;
pub use stats::{LayerStats, UnitStats};
pub use tracker::HealthTracker;

/// Something that happened to a unit, a layer or the run, at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthEvent {
    /// The state after this many updates.
    pub step: u64,
    pub what: What,
    /// The update that did it; none at step 0, after an edit, or where there was none.
    pub cause: Option<Cause>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// Layer and unit count from 0.
    Unit {
        layer: usize,
        unit: usize,
        from: Health,
        to: Health,
    },
    /// A whole hidden layer was dead at step 0: the output is a constant.
    BornDead { layer: usize },
    /// Loss or a parameter is not finite, or loss is over 1e6 times its first value. `layer` is the
    /// first with a parameter that is not finite (the output layer counts as `hidden.len()`).
    Diverged { layer: Option<usize> },
    /// A live edit, in words: "learning rate 0.03".
    Edited { text: String },
}

/// The last update before an event, as it was for one unit (or, of a divergence, for the whole network).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    pub learning_rate: f64,
    /// Norm of the gradient of the unit's weights and bias in the update's batch, after clipping.
    pub gradient_norm: f64,
    /// Change of the unit's bias.
    pub bias_change: f64,
    /// Norm of the change of the unit's weights.
    pub weight_change_norm: f64,
    /// Norm of the change of its scale and shift in batch normalization.
    pub norm_change: f64,
    /// How far the update moved a unit below it: RMS over the units of a layer of the norm of the change of
    /// all that is a unit's own, in the layer where it is largest. 0 in the first layer.
    pub below_change: f64,
}

/// What an update moved of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moved {
    /// Nothing that is its own: what feeds it moved, if anything did.
    Nothing,
    /// So little that what feeds it, which moved far more, did it.
    NextToNothing,
    /// Its bias above all, by so much.
    Bias(f64),
    /// Its weights above all, by this norm.
    Weights(f64),
    /// Its scale and shift above all, by this norm.
    Norm(f64),
}

/// Of what moved below a unit; what is less than that of its own is next to nothing.
const NEXT_TO_NOTHING: f64 = 0.1;

impl Cause {
    /// What the update moved of the unit.
    pub fn moved(&self) -> Moved {
        let (bias, weights) = (self.bias_change.abs(), self.weight_change_norm);
        let own = norm([bias, weights, self.norm_change]);
        if own == 0.0 {
            Moved::Nothing
        } else if own < NEXT_TO_NOTHING * self.below_change {
            Moved::NextToNothing
        } else if self.norm_change > norm([bias, weights]) {
            Moved::Norm(self.norm_change)
        } else if bias >= 0.25 * weights {
            Moved::Bias(self.bias_change)
        } else {
            Moved::Weights(weights)
        }
    }
}

/// One update of a network. `before`, `after` (parameters) and `gradient` (of the update's batch, after
/// clipping) are flat arrays in the order of the network's layout.
#[derive(Clone, Debug)]
pub struct Update<'a, T> {
    layers: &'a [LayerLayout],
    learning_rate: f64,
    before: &'a [T],
    after: &'a [T],
    gradient: &'a [T],
    /// Of each layer, RMS over its units of the norm of the change of all that is a unit's own.
    unit_changes: Vec<f64>,
}

impl<'a, T: Copy + Into<f64>> Update<'a, T> {
    pub fn new(
        layout: &'a ParamLayout,
        learning_rate: f64,
        before: &'a [T],
        after: &'a [T],
        gradient: &'a [T],
    ) -> Self {
        let mut update = Self {
            layers: &layout.layers,
            learning_rate,
            before,
            after,
            gradient,
            unit_changes: Vec::new(),
        };
        update.unit_changes = update
            .layers
            .iter()
            .map(|layer| {
                let of_norm = layer.gamma.clone().chain(layer.beta.clone());
                let all = layer.weights.clone().chain(layer.biases.clone());
                let total = norm(all.chain(of_norm).map(|i| update.change(i)));
                total / libm::sqrt(layer.n_out as f64)
            })
            .collect();
        update
    }

    /// What it was for a unit.
    pub fn cause(&self, layer: usize, unit: usize) -> Cause {
        let at = &self.layers[layer];
        let first = at.weights.start + unit * at.n_in;
        let weights = first..first + at.n_in;
        let bias = at.biases.start + unit;
        let of_norm = [&at.gamma, &at.beta].map(|range| range.clone().nth(unit));
        let below = self.unit_changes[..layer].iter();
        Cause {
            learning_rate: self.learning_rate,
            gradient_norm: norm(
                weights
                    .clone()
                    .chain([bias])
                    .map(|i| self.gradient[i].into()),
            ),
            bias_change: self.change(bias),
            weight_change_norm: norm(weights.map(|i| self.change(i))),
            norm_change: norm(of_norm.into_iter().flatten().map(|i| self.change(i))),
            below_change: below.copied().fold(0.0, f64::max),
        }
    }

    fn change(&self, i: usize) -> f64 {
        self.after[i].into() - self.before[i].into()
    }
}

fn norm(values: impl IntoIterator<Item = f64>) -> f64 {
    libm::sqrt(values.into_iter().map(|v| v * v).sum())
}
