//! Health of units and layers: alive, saturated, dead; what happened to them, when and why.
//!
//! | module | holds |
//! |---|---|
//! | this one | the words: [`Health`], [`HealthEvent`] and its [`Cause`] |
//! | [`judge`] | from slopes to a verdict |
//! | [`stats`] | what is measured of a unit and a layer over the probe set |
//! | [`tracker`] | from verdict after verdict to events |
//! | [`story`] | what happened to one unit at one step |
//! | [`recovery`] | how far it is from coming back, and what could move it |
//! | [`diagnosis`] | from all of it to findings with their evidence and remedies |
//! | [`mean_field`] | how signals travel through a wide random network, from theory |
//!
//! None of it cares who computed the slopes: the f64 oracle and the f32 engine use the same rules.

use serde::{Deserialize, Serialize};

use crate::nn::layout::LayerLayout;

pub mod diagnosis;
pub mod judge;
pub mod mean_field;
pub mod recovery;
pub mod stats;
pub mod story;
pub mod tracker;

pub use judge::SlopeCounts;
pub use stats::{LayerStats, UnitStats};
pub use tracker::HealthTracker;

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

/// The last update before an event.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    pub learning_rate: f64,
    /// Norm of the gradient of the unit's weights and bias in the update's batch, after clipping.
    pub gradient_norm: f64,
    /// Change of the unit's bias.
    pub bias_change: f64,
    /// Norm of the change of the unit's weights.
    pub weight_change_norm: f64,
}

impl Cause {
    /// What one update did to unit `unit` of a layer. `before`, `after` (parameters) and `gradient` (of
    /// the update's batch, after clipping) are flat arrays in the order of the network's layout.
    pub fn of_unit<T: Copy + Into<f64>>(
        layer: &LayerLayout,
        unit: usize,
        learning_rate: f64,
        before: &[T],
        after: &[T],
        gradient: &[T],
    ) -> Self {
        let first = layer.weights.start + unit * layer.n_in;
        let weights = first..first + layer.n_in;
        let bias = layer.biases.start + unit;
        let change = |i: usize| after[i].into() - before[i].into();
        let gradient = |i: usize| gradient[i].into();
        Self {
            learning_rate,
            gradient_norm: norm(weights.clone().chain([bias]).map(gradient)),
            bias_change: change(bias),
            weight_change_norm: norm(weights.map(change)),
        }
    }
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    libm::sqrt(values.map(|v| v * v).sum())
}
